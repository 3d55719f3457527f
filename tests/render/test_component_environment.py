from __future__ import annotations

from floe_cube_infra.render.component_environment import (
    StoreAddress,
    api_environment,
    heap_mib,
    refresh_worker_environment,
)
from floe_cube_infra.render.environment import EnvironmentVariables, SecretKeyRef

COMMON: EnvironmentVariables = {
    "CUBEJS_API_SECRET": SecretKeyRef(secret="cube-api", key="secret"),
    "CUBEJS_PG_SQL_PORT": "15432",
    "NODE_OPTIONS": "--max-old-space-size=2304",
}
STORE = StoreAddress(host="cube-store-router")


def test_the_api_shares_cache_and_queue_through_cube_store() -> None:
    variables = api_environment(COMMON, STORE, shutdown_seconds=30, refreshes=False)
    assert variables["CUBEJS_CUBESTORE_HOST"] == "cube-store-router"
    assert variables["CUBEJS_CUBESTORE_PORT"] == "3030"
    assert "CUBEJS_CACHE_AND_QUEUE_DRIVER" not in variables
    assert "CUBEJS_REFRESH_WORKER" not in variables
    assert list(variables) == sorted(variables)


def test_without_cube_store_everything_stays_in_memory_and_warehouse() -> None:
    variables = api_environment(COMMON, None, shutdown_seconds=30, refreshes=True)
    assert variables["CUBEJS_CACHE_AND_QUEUE_DRIVER"] == "memory"
    assert variables["CUBEJS_EXTERNAL_DEFAULT"] == "false"
    assert variables["CUBEJS_REFRESH_WORKER"] == "true"
    assert not [name for name in variables if name.startswith("CUBEJS_CUBESTORE_")]


def test_the_refresh_worker_has_the_apis_variables_but_for_sql_and_its_own_heap() -> None:
    worker = refresh_worker_environment(COMMON, STORE, memory_mib=6144, shutdown_seconds=30, concurrency=None)
    api = api_environment(COMMON, STORE, shutdown_seconds=30, refreshes=False)
    assert {name for name in worker if worker[name] != api.get(name)} == {"CUBEJS_REFRESH_WORKER", "NODE_OPTIONS"}
    assert api.keys() - worker.keys() == {"CUBEJS_PG_SQL_PORT"}
    assert worker["NODE_OPTIONS"] == f"--max-old-space-size={heap_mib(6144)}" == "--max-old-space-size=4608"


def test_concurrency_is_cubes_choice_unless_it_is_given() -> None:
    given = refresh_worker_environment(COMMON, STORE, memory_mib=6144, shutdown_seconds=30, concurrency=8)
    assert given["CUBEJS_REFRESH_WORKER_CONCURRENCY"] == "8"


def test_only_the_api_is_held_to_rollups() -> None:
    held = api_environment(COMMON, STORE, shutdown_seconds=30, refreshes=False, rollup_only=True)
    free = api_environment(COMMON, STORE, shutdown_seconds=30, refreshes=False)
    assert held == {**free, "CUBEJS_ROLLUP_ONLY": "true"}
