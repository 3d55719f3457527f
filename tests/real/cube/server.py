"""Cube's real server as a process."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.clone import Clone
from tools.node_packages import find_node, provide_node_packages

HERE: Final = Path(__file__).parent
START_SECONDS: Final = 60
_ADDON: Final = Path("@cubejs-backend/native/index.node")
_LISTENING: Final = "is listening on"


@dataclass(frozen=True, kw_only=True)
class CubeServer:
    """A running server.

    Attributes:
        port: REST and GraphQL, on 127.0.0.1.
        sql_port: The SQL API; the stand-in answers its callbacks there, the real addon the Postgres wire protocol.
        log: What it has written so far.
    """

    port: int
    sql_port: int
    log: Path


def node_packages() -> Path:
    """The folder `node_modules` with Cube's server."""
    return provide_node_packages(HERE, Clone.here())


def has_real_addon() -> bool:
    """Whether Cube's own Rust addon is installed, which speaks the Postgres wire protocol."""
    return (node_packages() / _ADDON).exists()


@contextmanager
def run_cube(configuration: Path, model: Path, variables: Mapping[str, str]) -> Iterator[CubeServer]:
    """Runs Cube while the block runs; it listens when the block starts.

    Args:
        configuration: The working directory, with cube.js.
        model: The folder of the model.
        variables: Cube's environment; its ports are replaced by free ones.
    """
    port, sql_port = _free_port(), _free_port()
    packages = node_packages()
    environment = {
        "PATH": os.defpath,
        **variables,
        "NODE_PATH": str(packages),
        "FLOE_MODEL_PATH": str(model),
        "PORT": str(port),
        "CUBEJS_PG_SQL_PORT": str(sql_port),
        "STAND_IN_SQL_PORT": str(sql_port),
        # There is no Cube Store here, and without the addon no planner in Rust.
        "CUBEJS_CACHE_AND_QUEUE_DRIVER": "memory",
        **({} if has_real_addon() else {"CUBEJS_TESSERACT_SQL_PLANNER": "false"}),
    }
    server = CubeServer(port=port, sql_port=sql_port, log=configuration.with_name(f"{configuration.name}.log"))
    process = subprocess.Popen(
        [
            find_node(Clone.here()),
            "--require",
            HERE / "native_stand_in" / "preload.js",
            packages / "@cubejs-backend" / "server" / "bin" / "server",
        ],
        cwd=configuration,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    is_ready = threading.Event()
    reader = threading.Thread(target=_read, args=(process, server.log, is_ready), daemon=True)
    reader.start()
    try:
        if not is_ready.wait(START_SECONDS) or process.poll() is not None:
            raise AssertionError(f"Cube doesn't start:\n{server.log.read_text()[-4000:]}")
        yield server
    finally:
        process.kill()
        process.wait()
        reader.join()


def _read(process: subprocess.Popen[bytes], log: Path, is_ready: threading.Event) -> None:
    """Keeps the pipe empty; sets the event when Cube listens, or has ended."""
    assert process.stdout is not None
    with process.stdout as output, log.open("wb") as file:
        for line in output:
            file.write(line)
            file.flush()
            if _LISTENING.encode() in line:
                is_ready.set()
    is_ready.set()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
