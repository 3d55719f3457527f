"""`.ci/landing`, with stand-ins for the programs that it runs: what they are asked, and where the token goes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.landing.conftest import OUTPUTS
from tests.workflows.files import LANDING

pytestmark = pytest.mark.skipif(shutil.which("jq") is None, reason="the script needs jq")

RECORD = 'echo "$(basename "$0") $*" >> "$RECORDED"\n'
PROGRAMS = {
    "pulumi": 'cat "$OUTPUTS"',
    "kubectl": 'case "$*" in *secret*) printf the-secret;; *) exec sleep 60;; esac',
    "floe-cube": """case "$1" in
token) echo "secret=$CUBEJS_API_SECRET" >> "$RECORDED"; echo the-token;;
landing) echo "token=$FLOE_CUBE_TOKEN secret=${CUBEJS_API_SECRET:-}" >> "$RECORDED"; exit "${CODE:-0}";;
esac""",
}


def landing(folder: Path, outputs: dict[str, Any], **variables: str) -> tuple[int, list[str]]:
    """The script's exit code, and what was run."""
    (folder / "outputs.json").write_text(json.dumps({**OUTPUTS, "apiSecretName": "cube-api", **outputs}))
    for name, script in PROGRAMS.items():
        (folder / name).write_text(f"#!/bin/sh\n{RECORD}{script}\n")
        (folder / name).chmod(0o755)
    recorded = folder / "recorded"
    environment = {
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "RECORDED": str(recorded),
        "OUTPUTS": str(folder / "outputs.json"),
        "LANDING_CLAIM": "organization_id=1",
        "TMPDIR": str(folder),
        **variables,
    }
    done = subprocess.run([LANDING, "prod"], env=environment, capture_output=True, text=True, timeout=30, check=False)
    file = next((word for line in recorded.read_text().splitlines() for word in line.split() if "/tmp." in word), "?")
    assert not Path(file).exists(), "what it wrote is gone"
    return done.returncode, sorted(recorded.read_text().replace(file, "FILE").splitlines())


def test_a_token_is_made_for_the_check_and_a_pod_is_asked_through_a_tunnel(tmp_path: Path) -> None:
    code, recorded = landing(tmp_path, {"sqlPort": 15432, "sqlTls": True})
    assert (code, recorded) == (
        0,
        sorted(
            [
                "pulumi stack output --json --stack prod",
                "kubectl --namespace floe-cube get secret cube-api --output "
                "go-template={{.data.secret | base64decode}}",
                "floe-cube token --stack-file stacks/Pulumi.prod.yaml --user floe-landing --claim organization_id=1 "
                "--ttl 10m --yes",
                "secret=the-secret",
                "kubectl --namespace floe-cube port-forward deployment/cube-api 4000:4000 4010 15432:15432",
                "floe-cube landing --outputs FILE --url http://127.0.0.1:4000 --ready-url http://127.0.0.1:4010/ready "
                "--sql-url postgresql://127.0.0.1:15432/cube?sslmode=require --format markdown",
                "token=the-token secret=",
            ]
        ),
    )


def test_a_given_token_is_taken_and_the_address_from_outside_is_asked_as_well(tmp_path: Path) -> None:
    public = {"publicRestEndpoint": "https://cube.example.com/cubejs-api/v1"}
    code, recorded = landing(tmp_path, public, FLOE_CUBE_TOKEN="given", LANDING_MEMBER="orders.count")
    assert code == 0
    assert not [line for line in recorded if "secret cube-api" in line or line.startswith("floe-cube token")]
    assert recorded.count("token=given secret=") == 2
    assert "floe-cube landing --outputs FILE --ask orders.count --format markdown" in recorded
    assert sum("--ask orders.count" in line for line in recorded) == 2


def test_what_has_not_landed_fails_the_job(tmp_path: Path) -> None:
    assert landing(tmp_path, {}, CODE="1")[0] == 1
