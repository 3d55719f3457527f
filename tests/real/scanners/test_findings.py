"""Scanners over every environment's manifests: each finding is explained in explained.toml, or is a failure.

kube-score stands beside checkov where kube-linter would: that one's Go module can't be had everywhere.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from floe_cube_infra.inputs.settings import from_stack_file
from floe_cube_infra.offline.kubernetes.rendering import file_of, to_yaml
from tests.components.conftest import EVERYTHING, LINEAGE
from tests.components.recording import CLONE, Objects, layer_of, shop
from tests.real.scanners.findings import Finding, checkov, explanations, kube_score

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("scanners")]

ENVIRONMENTS = ("dev", "staging", "prod")
BAD = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "bad", "namespace": "bad"},
    "spec": {
        "selector": {"matchLabels": {"app": "bad"}},
        "template": {
            "metadata": {"labels": {"app": "bad"}},
            "spec": {"containers": [{"name": "c", "image": "c:latest", "securityContext": {"privileged": True}}]},
        },
    },
}


def write(objects: Objects, folder: Path) -> None:
    for thing in objects.values():
        file = folder / file_of(thing)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(to_yaml(thing))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> set[Finding]:
    """What the scanners find in the environments, in stacks with all that can be had, and in a bad one."""
    folder, inputs = tmp_path_factory.mktemp("manifests"), tmp_path_factory.mktemp("inputs")
    for environment in ENVIRONMENTS:
        write(layer_of(from_stack_file(CLONE / "stacks" / f"Pulumi.{environment}.yaml")).objects, folder / environment)
    bucket = {"enabled": True, "s3_bucket": "tables", "s3_region": "eu-central-1"}
    write(layer_of(shop(EVERYTHING, inputs, cube_store=bucket)).objects, folder / "everything")
    write(layer_of(shop(LINEAGE, inputs)).objects, folder / "lineage")
    (folder / "bad" / "1-manifest").mkdir(parents=True)
    (folder / "bad" / "1-manifest" / "bad.yaml").write_text(yaml.safe_dump(BAD))
    return checkov(folder) | kube_score(folder)


def test_every_finding_is_explained(found: set[Finding]) -> None:
    known = explanations()
    unexplained = [
        finding
        for finding in sorted(found)
        if finding.environment != "bad" and not any(explanation.covers(finding) for explanation in known)
    ]
    assert unexplained == []


def test_every_explanation_is_needed_and_says_why(found: set[Finding]) -> None:
    ours = {finding for finding in found if finding.environment != "bad"}
    needless = [
        f"{explanation.scanner}: {explanation.rule} on {pattern}"
        for explanation in explanations()
        for pattern in explanation.on
        if not any(explanation.covers_by(pattern, finding) for finding in ours)
    ]
    assert needless == []
    assert all(explanation.why.strip() for explanation in explanations())


def test_a_bad_deployment_is_found_by_both(found: set[Finding]) -> None:
    bad = {(finding.scanner, finding.rule) for finding in found if finding.environment == "bad"}
    assert ("checkov", "CKV_K8S_16") in bad, "privileged"
    assert ("kube-score", "container-security-context-privileged: The container is privileged") in bad
    assert not {("checkov", "CKV_K8S_16")} & {
        (finding.scanner, finding.rule) for finding in found if finding.environment != "bad"
    }
