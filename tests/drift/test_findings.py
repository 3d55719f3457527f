"""Drift, from what `pulumi refresh --preview-only --json` really wrote (cut: fewer steps, states without values)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from floe_cube_infra.drift.findings import Finding, findings
from floe_cube_infra.drift.report import document, markdown, text_lines
from floe_cube_infra.errors import DriftError
from tests.pull_request.previews import deployment, preview, step

REFRESHES = Path(__file__).parent / "refreshes"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"


def of(name: str) -> tuple[Finding, ...]:
    return findings((REFRESHES / f"{name}.json").read_text(), name)


def many(count: int) -> tuple[Finding, ...]:
    return tuple(
        Finding(state="differs", kind="Deployment", name=f"ns/d{number}", paths=tuple(f"spec.p{i}" for i in range(20)))
        for number in range(count)
    )


def test_a_cluster_at_rest_has_none() -> None:
    assert of("at-rest") == ()
    assert list(text_lines((), "dev")) == ["What is there is what the stack dev has made."]
    assert markdown((), "dev") == "What is there is what the stack dev has made.\n"


def test_a_changed_deployment_and_a_deleted_config_map_are_found_and_named() -> None:
    found = of("changed-by-hand")
    assert list(text_lines(found, "dev")) == [
        "Of what the stack dev has made, 1 differ and 1 are gone.",
        "gone     ConfigMap floe-cube-dev/cube-config-ecba6cf8d1",
        "differs  Deployment floe-cube-dev/cube-api",
        "         spec.replicas",
        "         spec.template.spec.containers[0].image",
        "PULUMI_K8S_ENABLE_PATCH_FORCE=true pulumi up --refresh makes it again what the program says, and takes fields "
        "back from whoever set them; pulumi refresh takes over what is there, and the program has to follow.",
    ]
    assert "| gone | ConfigMap floe-cube-dev/cube-config-ecba6cf8d1 |  |" in markdown(found, "dev").splitlines()
    assert document(found, "dev")["findings"] == [
        {"state": "gone", "kind": "ConfigMap", "name": "floe-cube-dev/cube-config-ecba6cf8d1", "paths": []},
        {
            "state": "differs",
            "kind": "Deployment",
            "name": "floe-cube-dev/cube-api",
            "paths": ["spec.replicas", "spec.template.spec.containers[0].image"],
        },
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no-cluster", r"tells of \d+ errors, so that nobody knows what differs"),
        ("preview-with-refresh", "tells of 2 errors"),
    ],
)
def test_what_pulumi_couldnt_look_at_is_never_told_as_no_drift(name: str, said: str) -> None:
    with pytest.raises(DriftError, match=said):
        of(name)


@pytest.mark.parametrize(
    "text",
    [
        preview(step("same", DEPLOYMENT, "api", old={}, new={})),
        preview(step("refresh", DEPLOYMENT, "api", old={}), step("update", DEPLOYMENT, "api", old={}, new={})),
        preview(step("refresh", DEPLOYMENT, "api", old={}), step("create", DEPLOYMENT, "web", new={})),
        preview(),
        "no JSON",
        json.dumps({"steps": 1}),
    ],
)
def test_a_preview_and_what_is_none_are_refused(text: str) -> None:
    with pytest.raises(DriftError, match="pulumi refresh --preview-only --json"):
        findings(text, "drift.json")


def test_a_difference_that_nobody_explains_is_told_all_the_same() -> None:
    steps = [step("refresh", DEPLOYMENT, "web", old={}), step("update", DEPLOYMENT, "api", old=deployment(), new={})]
    assert findings(preview(*steps), "drift.json") == (
        Finding(state="differs", kind="Deployment", name="cube/cube-api", paths=()),
    )


def test_values_are_never_told() -> None:
    old = {"metadata": {"name": "keys"}, "stringData": {"password": "hunter2"}}
    changed = step(
        "update", "kubernetes:core/v1:Secret", "keys", old=old, new=old, detailedDiff={"stringData.password": {}}
    )
    found = findings(preview(step("refresh", DEPLOYMENT, "web", old={}), changed), "drift.json")
    told = "\n".join([*text_lines(found, "dev"), markdown(found, "dev"), json.dumps(document(found, "dev"))])
    assert "stringData.password" in told
    assert "hunter2" not in told


def test_the_body_of_an_issue_stays_short_enough() -> None:
    text = markdown(many(1000), "dev")
    assert len(text) < 65_000
    assert "| | and 900 more | |" in text
    assert "spec.p7, and 12 more" in text
