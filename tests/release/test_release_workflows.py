"""The workflows of a release; no forge runs them here, so that only their form and their commands are looked at."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner

from tools.words import main

CLONE = Path(__file__).resolve().parents[2]
NAMES = ("release", "supply-chain")


def workflow(name: str) -> Any:
    return yaml.safe_load((CLONE / ".github" / "workflows" / f"{name}.yml").read_text())


def test_github_takes_them() -> None:
    files = [str(CLONE / ".github" / "workflows" / f"{name}.yml") for name in NAMES]
    done = CliRunner().invoke(check_jsonschema, ["--builtin-schema", "vendor.github-workflows", *files])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("name", NAMES)
def test_they_call_words_that_there_are(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["help"])
    words = set(re.findall(r"^  ([a-z-]+) ", capsys.readouterr().out, re.MULTILINE))
    targets = set(re.findall(r"^([a-z-]+):", (CLONE / "Makefile").read_text(), re.MULTILINE))
    runs = "\n".join(step.get("run", "") for job in workflow(name)["jobs"].values() for step in job["steps"])
    used = set(re.findall(r"python3 -m tools ([a-z-]+)", runs))
    made = set(re.findall(r"make ([a-z-]+)", runs))
    assert used | made
    assert used <= words
    assert made <= targets


def test_what_publishes_may_do_nothing_else_and_has_no_stored_token() -> None:
    release = workflow("release")
    jobs = release["jobs"]

    assert release["permissions"] == {}
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert not [step for step in jobs["publish"]["steps"] if "run" in step or "checkout" in step["uses"]]
    assert [name for name, job in jobs.items() if "id-token" in job["permissions"]] == ["publish", "github"]
    text = (CLONE / ".github" / "workflows" / "release.yml").read_text()
    assert "secrets." not in text
