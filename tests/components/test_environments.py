"""Each environment's objects, as files to review: what a change of ours does to a stack is a diff of them.

RENEW_SNAPSHOTS=1 writes them anew.
"""

from __future__ import annotations

import os
import re

import pytest

from floe_cube_infra.inputs.settings import Settings, from_stack_file
from floe_cube_infra.project_inputs import read_artifacts
from floe_cube_infra.running_images import running_images
from tests.components.recording import CLONE, layer_of
from tests.components.reviewed import renew, reviewed, tree


@pytest.fixture(scope="module", params=["local", "dev", "staging", "prod"])
def environment(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def settings(environment: str) -> Settings:
    return from_stack_file(CLONE / "stacks" / f"Pulumi.{environment}.yaml")


def test_an_environments_objects_are_those_that_were_reviewed(environment: str, settings: Settings) -> None:
    now = tree(layer_of(settings).objects)
    if os.environ.get("RENEW_SNAPSHOTS"):
        renew(environment, now)
    assert reviewed(environment) == now, "look at the difference, and write it anew with RENEW_SNAPSHOTS=1"


def test_the_images_that_are_to_be_pinned_are_those_that_run(environment: str, settings: Settings) -> None:
    run = set(re.findall(r"^ +-? ?image: (\S+)$", "".join(reviewed(environment).values()), re.MULTILINE))
    _, artifacts = read_artifacts(settings, CLONE)
    assert run == {str(image) for image in running_images(artifacts, settings).values()}


def test_the_same_settings_ask_for_the_same_objects(settings: Settings) -> None:
    assert layer_of(settings).objects == layer_of(settings).objects
