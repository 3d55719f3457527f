"""Each environment's objects, as files to review: what a change of ours does to a stack is a diff of them.

RENEW_SNAPSHOTS=1 writes them anew. What was generated for Cube is left out, and so are the hashes of it in names.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from floe_cube_infra.inputs.settings import from_stack_file
from floe_cube_infra.offline.kubernetes.rendering import file_of, to_yaml
from tests.components.recording import CLONE, Objects, layer_of

ENVIRONMENTS = ["local", "dev", "staging", "prod"]
SNAPSHOTS = CLONE / "tests" / "snapshots"
_HASH = re.compile(r"\b(cube-(?:config|model-\d+|sql-proxy))-[0-9a-f]{10}\b")


@pytest.fixture(scope="module", params=ENVIRONMENTS)
def environment(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def objects(environment: str) -> Objects:
    return layer_of(from_stack_file(CLONE / "stacks" / f"Pulumi.{environment}.yaml")).objects


def without_generated(manifest: dict[str, Any]) -> dict[str, Any]:
    return {**manifest, "data": "(generated)"} if manifest["kind"] == "ConfigMap" else manifest


def tree(objects: Objects) -> dict[str, str]:
    files = {str(file_of(thing)): to_yaml(without_generated(thing)) for thing in objects.values()}
    return {_HASH.sub(r"\1-HASH", path): _HASH.sub(r"\1-HASH", text) for path, text in sorted(files.items())}


def read(folder: Path) -> dict[str, str]:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_text() for file in files}


def test_an_environments_objects_are_those_that_were_reviewed(environment: str, objects: Objects) -> None:
    folder, now = SNAPSHOTS / environment, tree(objects)
    if os.environ.get("RENEW_SNAPSHOTS"):
        shutil.rmtree(folder, ignore_errors=True)
        for path, text in now.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
    assert read(folder) == now, "look at the difference, and write it anew with RENEW_SNAPSHOTS=1"


def test_the_same_settings_ask_for_the_same_objects(environment: str, objects: Objects) -> None:
    assert layer_of(from_stack_file(CLONE / "stacks" / f"Pulumi.{environment}.yaml")).objects == objects
