"""Stacks as earlier versions left them, with the settings that they had then, run forward to this one.

The real engine plans on the recorded state; offline providers stand in for the official plugins, and know the same
properties that can't change in place. CONTRIBUTING.md says how a release's state is recorded.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pytest

from floe_cube_infra.pull_request.data_at_risk import data_at_risk
from floe_cube_infra.pull_request.preview import Resource, read_preview
from tests.program.engine import Project
from tests.upgrades.states import FOLDER, load, new_project

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("upgrades")]

VERSIONS: Final[Mapping[str, str]] = {
    "04bba7e": "the first whole stack",
    "24c7890": "with a bucket and generated keys",
    "ee6f00a": "with Marquez and its database",
    "28fd87e": "the last whose ConfigMaps replaced one another",
    "0eefce7": "the last before releases",
}
"""What each folder of states was recorded for."""

RECORDED = sorted((file.parent.name, file.name.partition(".")[0]) for file in FOLDER.glob("*/*.json.xz"))

HOLDS_DATA: Final = {
    "kubernetes:core/v1:Namespace",
    "kubernetes:core/v1:Secret",
    "kubernetes:core/v1:PersistentVolumeClaim",
    "random:index/randomPassword:RandomPassword",
    "aws:s3/bucket:Bucket",
}
GUARDS_A_BUCKET: Final = "aws:s3/bucket"

# What has been asked of production since: a choice that a version knew nothing of can't be in its settings.
SINCE: Final[Mapping[tuple[str, str], Mapping[str, Any]]] = {
    ("04bba7e", "prod"): {"images": {"unpinned": "allowed"}},
}


@dataclass(frozen=True, kw_only=True)
class Forward:
    """What an upgrade would do.

    Attributes:
        holders: The type of each resource of the old state that holds data or guards it, by URN.
        operations: What the engine would do to each resource, by URN.
        at_risk: What the project's own look at previews finds.
    """

    holders: Mapping[str, str]
    operations: Mapping[str, set[str]]
    at_risk: list[tuple[Resource, str]]

    @property
    def lost(self) -> Mapping[str, set[str]]:
        """Those that would be replaced or deleted. What stays the same has no operation."""
        told = {urn: self.operations.get(urn, set()) for urn in self.holders}
        return {urn: operations for urn, operations in told.items() if not operations <= {"same", "update"}}


NewStack = Callable[[str, str], tuple[Project, Mapping[str, str]]]


@pytest.fixture(scope="module")
def new_stack(tmp_path_factory: pytest.TempPathFactory) -> NewStack:
    """Makes a project with a stack as a version left it, and tells what holds data in it."""
    home = tmp_path_factory.mktemp("pulumi-home")
    # Nobody answers there: a preview asks nothing of AWS.
    nowhere = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}

    def make(version: str, kind: str) -> tuple[Project, Mapping[str, str]]:
        project = new_project(tmp_path_factory.mktemp(f"{version}-{kind}") / "stack", home, kind, **nowhere)
        resources = load(project, version, kind)
        project.edit_settings(lambda settings: settings.update(SINCE.get((version, kind), {})))
        return project, {each["urn"]: each["type"] for each in resources if holds_data(each)}

    return make


def holds_data(resource: Mapping[str, Any]) -> bool:
    kind = resource["type"]
    if kind == "kubernetes:apps/v1:StatefulSet":
        return bool(resource["inputs"]["spec"].get("volumeClaimTemplates"))
    return kind in HOLDS_DATA or kind.startswith(GUARDS_A_BUCKET)


def forward(project: Project, holders: Mapping[str, str]) -> Forward:
    document = project.preview()
    operations: dict[str, set[str]] = {}
    for step in document["steps"]:
        operations.setdefault(step["urn"], set()).add(step["op"])
    preview = read_preview(json.dumps(document), "the preview")
    assert preview.errors == 0
    risks = [(each, risk) for each in preview.changes if (risk := data_at_risk(each))]
    return Forward(holders=holders, operations=operations, at_risk=risks)


def test_every_recorded_version_says_what_it_is_there_for() -> None:
    assert {version for version, _ in RECORDED} == set(VERSIONS)


@pytest.mark.parametrize(("version", "kind"), RECORDED)
def test_an_upgrade_neither_replaces_nor_deletes_what_holds_data(new_stack: NewStack, version: str, kind: str) -> None:
    found = forward(*new_stack(version, kind))

    kinds = Counter(found.holders.values())
    assert kinds["kubernetes:core/v1:Namespace"] == 1
    assert kinds["kubernetes:apps/v1:StatefulSet"] >= 1
    if kind == "bucket":
        assert kinds["aws:s3/bucket:Bucket"] == 1
        assert kinds["random:index/randomPassword:RandomPassword"] >= 1
    assert found.lost == {}
    assert found.at_risk == []


def test_a_change_that_would_lose_data_is_seen_by_the_same_look(new_stack: NewStack) -> None:
    project, holders = new_stack("0eefce7", "prod")
    project.edit_settings(lambda settings: settings.update(namespace="elsewhere"))

    found = forward(project, holders)

    assert {holders[urn].rpartition(":")[2] for urn in found.lost} == {"Namespace", "StatefulSet"}
    assert [each.kind for each, _ in found.at_risk] == ["StatefulSet"], "production's Namespace is retained"


def test_the_oldest_stack_is_run_forward_and_then_is_as_it_should_be(new_stack: NewStack) -> None:
    project, holders = new_stack("04bba7e", "prod")
    project.up()

    assert project.up().changes == {}
    assert {each["urn"] for each in project.resources()} >= set(holders)
