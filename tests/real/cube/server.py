"""Cube's real server as a process."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from floe_cube_infra.local_cube.addon import has_addon
from floe_cube_infra.local_cube.node import find_node
from floe_cube_infra.local_cube.packages import own_lock, provide_packages
from floe_cube_infra.local_cube.ports import free_port
from floe_cube_infra.local_cube.server import CubeProcess

HERE: Final = Path(__file__).parent
_LONGEST_WAIT: Final = 20.0


@dataclass(frozen=True, kw_only=True)
class CubeServer:
    """A running server.

    Attributes:
        port: REST and GraphQL, on 127.0.0.1.
        sql_port: The SQL API; the stand-in answers its callbacks there, the real addon the Postgres wire protocol.
        readiness_port: What Kubernetes asks.
        log: What it has written so far.
    """

    port: int
    sql_port: int
    readiness_port: int
    log: Path

    def logged(self, *texts: str) -> str:
        """The log up to a line that has all of the texts; it may arrive after the answer that it is about."""
        until = time.monotonic() + _LONGEST_WAIT
        while True:
            log = self.log.read_text()
            if any(all(text in line for text in texts) for line in log.splitlines()):
                return log
            assert time.monotonic() < until, log[-2000:]
            time.sleep(0.05)


def node_packages() -> Path:
    """The folder `node_modules` with Cube's server."""
    return provide_packages(own_lock("cube"), find_node())


def has_real_addon() -> bool:
    """Whether Cube's own Rust addon is installed, which speaks the Postgres wire protocol."""
    return has_addon(node_packages())


@contextmanager
def run_cube(configuration: Path, model: Path, variables: Mapping[str, str]) -> Iterator[CubeServer]:
    """Runs Cube while the block runs; it listens when the block starts.

    Args:
        configuration: The working directory, with cube.js.
        model: The folder of the model.
        variables: Cube's environment; its ports are replaced by free ones.
    """
    port, sql_port, readiness_port = free_port(), free_port(), free_port()
    packages = node_packages()
    environment = {
        **variables,
        "PORT": str(port),
        "FLOE_READINESS_PORT": str(readiness_port),
        "CUBEJS_PG_SQL_PORT": str(sql_port),
        "STAND_IN_SQL_PORT": str(sql_port),
        # There is no Cube Store here, and without the addon no planner in Rust.
        "CUBEJS_CACHE_AND_QUEUE_DRIVER": "memory",
        **({} if has_real_addon() else {"CUBEJS_TESSERACT_SQL_PLANNER": "false"}),
    }
    log = configuration.with_name(f"{configuration.name}.log")
    process = CubeProcess(
        folder=configuration,
        model=model,
        variables=environment,
        packages=[packages],
        node=find_node(),
        preloads=[HERE / "native_stand_in" / "preload.js"],
        log=log,
    )
    with process.running():
        yield CubeServer(port=port, sql_port=sql_port, readiness_port=readiness_port, log=log)
