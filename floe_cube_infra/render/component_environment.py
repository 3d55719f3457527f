"""What the API's and the refresh worker's variables add to those of every Cube container.

Names: https://cube.dev/docs/product/configuration/reference/environment-variables
"""

from __future__ import annotations

from typing import Final

from floe_cube_infra.model.frozen import Frozen
from floe_cube_infra.render.environment import EnvironmentVariables

HEAP_SHARE: Final = 0.75
"""What of a container's memory Node's heap gets; the rest is for everything else in the process."""

SQL_PORT_VARIABLE: Final = "CUBEJS_PG_SQL_PORT"


class StoreAddress(Frozen):
    """Where Cube Store speaks HTTP."""

    host: str
    port: int = 3030


def heap_mib(memory_mib: int) -> int:
    """The size of Node's heap in a container of this memory."""
    return int(memory_mib * HEAP_SHARE)


def heap_option(memory_mib: int) -> str:
    """Node's option for it."""
    return f"--max-old-space-size={heap_mib(memory_mib)}"


def api_environment(
    common: EnvironmentVariables,
    store: StoreAddress | None,
    *,
    shutdown_seconds: int,
    refreshes: bool,
    rollup_only: bool = False,
) -> EnvironmentVariables:
    """The API's variables, sorted by name.

    Args:
        common: The variables of every Cube container.
        store: Cube Store; without one, cache and queue are in the pod's memory and nothing is shared.
        shutdown_seconds: How long queries have once the pod is to end.
        refreshes: Whether it also does the refresh worker's work.
        rollup_only: Whether nothing but rollups answers.
    """
    own: EnvironmentVariables = {"CUBEJS_GRACEFUL_SHUTDOWN": str(shutdown_seconds)}
    if refreshes:
        own["CUBEJS_REFRESH_WORKER"] = "true"
    if rollup_only:
        own["CUBEJS_ROLLUP_ONLY"] = "true"
    return dict(sorted({**common, **_shared_state(store), **own}.items()))


def refresh_worker_environment(
    common: EnvironmentVariables,
    store: StoreAddress | None,
    *,
    memory_mib: int,
    shutdown_seconds: int,
    concurrency: int | None,
) -> EnvironmentVariables:
    """The refresh worker's variables, sorted by name: as the API's, without the SQL port.

    Args:
        common: The variables of every Cube container.
        store: Cube Store, if there is one.
        memory_mib: The container's memory.
        shutdown_seconds: How long builds have once the pod is to end.
        concurrency: How many builds run at once; None leaves it to Cube.
    """
    own: EnvironmentVariables = {
        "CUBEJS_GRACEFUL_SHUTDOWN": str(shutdown_seconds),
        "CUBEJS_REFRESH_WORKER": "true",
        "NODE_OPTIONS": heap_option(memory_mib),
    }
    if concurrency is not None:
        own["CUBEJS_REFRESH_WORKER_CONCURRENCY"] = str(concurrency)
    everything = {**common, **_shared_state(store), **own}
    return {name: everything[name] for name in sorted(everything) if name != SQL_PORT_VARIABLE}


def _shared_state(store: StoreAddress | None) -> EnvironmentVariables:
    if store is None:
        return {"CUBEJS_CACHE_AND_QUEUE_DRIVER": "memory", "CUBEJS_EXTERNAL_DEFAULT": "false"}
    return {"CUBEJS_CUBESTORE_HOST": store.host, "CUBEJS_CUBESTORE_PORT": str(store.port)}
