"""A pod says ready when its model is compiled and warm, one model for all organizations; and what if it can't be."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from floe_cube_infra.generation import Generated
from floe_cube_infra.local_cube.node import find_node
from floe_cube_infra.local_cube.server import START_SECONDS
from floe_cube_infra.render.files import CubeFiles
from tests.real.cube.clients import USER, Answer, Cube, Serve, token
from tests.real.cube.mounts import mount_cube
from tests.real.cube.server import HERE, node_packages
from tests.real.cube.variants import without_rollups

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("real cube")]

EVERYTHING = {"CUBEJS_LOG_LEVEL": "trace"}
COMPILING = {"Compiling schema", "Recompiling schema"}
QUERY = {"measures": ["orders.count"], "dimensions": ["orders.status"]}


def wait_until(cube: Cube, reason: str | None) -> Answer:
    """The first answer that is ready, or that tells this reason; the last one when it takes too long."""
    end = time.monotonic() + START_SECONDS
    while True:
        answer = _readiness(cube)
        is_told = answer.status == 200 if reason is None else reason in answer.body.get("reason", "")
        if is_told or time.monotonic() > end:
            return answer
        time.sleep(0.1)


def _readiness(cube: Cube) -> Answer:
    try:
        return cube.readiness()
    except ConnectionError:
        return Answer(503, {"reason": "nothing listens yet"})


def events(cube: Cube) -> list[str]:
    """The names of what Cube has logged."""
    decoded = (_decoded(line) for line in cube.server.log.read_text().splitlines())
    return [str(event["message"]) for event in decoded if "message" in event]


def _decoded(line: str) -> dict[str, Any]:
    try:
        event = json.loads(line)
    except json.JSONDecodeError:
        return {}
    return event if isinstance(event, dict) else {}


def compilations(cube: Cube) -> int:
    return sum(event in COMPILING for event in events(cube))


@pytest.fixture(scope="module")
def started(serve: Serve, generated: Generated) -> Iterator[Cube]:
    with serve(without_rollups(generated.files), EVERYTHING) as cube:
        assert wait_until(cube, None) == Answer(200, {"ready": True})
        yield cube


def with_text(files: CubeFiles, path: str, old: str, new: str) -> CubeFiles:
    assert old in files.model[path]
    return files.model_copy(update={"model": files.model | {path: files.model[path].replace(old, new, 1)}})


def test_a_ready_pod_has_compiled_and_compiles_for_no_user_again(started: Cube) -> None:
    assert compilations(started) == 1
    assert started.meta(token(1)).status == 200
    assert started.graphql("{ cube { orders { count } } }", token(1)).body["data"]["cube"]
    assert started.load(QUERY, token(1)).status == 200
    assert started.sql_callback(token(1), load=QUERY).status == 200
    assert compilations(started) == 1


def test_many_organizations_share_one_compiled_model(started: Cube) -> None:
    plans = {started.sql(QUERY, token(organization)).status for organization in range(1, 301)}
    metas = {json.dumps(started.meta(token(organization)).body) for organization in range(1, 31)}
    assert (plans, len(metas)) == ({200}, 1)
    assert compilations(started) == 1


def test_the_warm_up_leaves_nothing_that_opens_a_door(started: Cube) -> None:
    log = started.server.log.read_text()
    assert "floe-warm-up" in log
    assert "Bearer" not in log
    for bearer in ("floe-warm-up", "null", "undefined", "0" * 43):
        assert started.meta(bearer).status == 401
        assert started.sql_callback(bearer, load=QUERY).status == 400
    assert USER != "floe-warm-up"


def test_a_model_that_does_not_compile_keeps_the_pod_unready_and_is_told_once(
    serve: Serve, generated: Generated
) -> None:
    files = with_text(without_rollups(generated.files), "model/cubes/orders.yml", "{CUBE}.status", "{nowhere}.status")
    with serve(files) as cube:
        assert "does not compile" in wait_until(cube, "does not compile").body["reason"]
        for _ in range(3):
            assert cube.readiness().status == 503
        log = cube.server.log.read_text()
        assert log.count("This pod stays unready. The model doesn't compile:") == 1
        assert log.splitlines().count("orders.yml: nowhere is not defined") == 1
        assert cube.meta(token(1)).status >= 500


def test_without_its_database_a_warm_pod_is_not_ready(serve: Serve, generated: Generated) -> None:
    with serve(without_rollups(generated.files), {"CUBEJS_DB_PORT": "1"}) as cube:
        assert "database" in wait_until(cube, "database").body["reason"]


def compile_model(folder: Path, model: Path) -> subprocess.CompletedProcess[str]:
    """What the pod's init container runs."""
    environment = {
        "PATH": os.defpath,
        "NODE_ENV": "production",
        "NODE_PATH": str(node_packages()),
        "FLOE_MODEL_PATH": str(model),
    }
    preload = HERE / "native_stand_in" / "preload.js"
    command = [find_node().program, "--require", preload, folder / "compile_model.js"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_model_can_be_compiled_before_it_is_served(generated: Generated, tmp_path: Path) -> None:
    done = compile_model(*mount_cube(tmp_path, generated.files))
    model = generated.model
    count = len(model.cubes) + len(model.roles) + len(model.views)
    assert (done.returncode, done.stdout) == (0, f"The model compiles: {count} cubes and views.\n")
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{CUBE}.status", "{nowhere}.status", "orders.yml: nowhere is not defined"),
        ("cubes:\n", "cubes: [\n", "orders.yml: "),
    ],
)
def test_a_model_that_does_not_compile_is_told_before_it_is_served(
    generated: Generated, tmp_path: Path, old: str, new: str, told: str
) -> None:
    files = with_text(generated.files, "model/cubes/orders.yml", old, new)
    done = compile_model(*mount_cube(tmp_path, files))
    assert done.returncode == 1
    assert "The model doesn't compile:" in done.stderr
    assert told in done.stderr
