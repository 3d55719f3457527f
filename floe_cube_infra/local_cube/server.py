"""Cube's real server as a child process, on loopback only."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess  # nosec B404
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Final

from floe_cube_infra.errors import LocalCubeError
from floe_cube_infra.local_cube.node import Node
from floe_cube_infra.local_cube.ports import LOOPBACK

START_SECONDS: Final = 120
_STOP_SECONDS: Final = 5
_PAUSE_SECONDS: Final = 0.02
_LISTENING: Final = "is listening on"
_LAST_LINES: Final = 30
_SERVER: Final = Path("@cubejs-backend") / "server" / "bin" / "server"


@dataclass(frozen=True, kw_only=True)
class CubeProcess:
    """How Cube is run.

    Attributes:
        folder: The working directory, with cube.js and what it requires.
        model: The folder of the model.
        variables: Cube's environment, PORT in it.
        packages: Folders `node_modules`, that with Cube's server first.
        node: What runs it.
        preloads: JavaScript that is loaded first (`node --require`).
        log: Where everything goes that Cube writes.
    """

    folder: Path
    model: Path
    variables: Mapping[str, str] = field(repr=False)
    packages: Sequence[Path]
    node: Node
    preloads: Sequence[Path] = ()
    log: Path

    @contextmanager
    def running(self, ended: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Runs it while the block runs; it listens when the block starts, and is gone afterwards.

        Args:
            ended: Called from another thread when it ends, whoever ended it.

        Raises:
            LocalCubeError: It doesn't start.
        """
        process = subprocess.Popen(  # nosec B603
            [self.node.program, *self._required(), self.packages[0] / _SERVER],
            cwd=self.folder,
            env=self._environment(),
            # It ends when this pipe does; see loopback.js.
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # A group of its own: Ctrl-C ends it by way of us, in order, and its children end with it.
            start_new_session=True,
        )
        listens = threading.Event()
        reader = threading.Thread(target=self._read, args=(process, listens, ended), daemon=True)
        reader.start()
        try:
            if not listens.wait(START_SECONDS) or not self._accepts(process):
                _end(process)
                reader.join()
                raise LocalCubeError(f"Cube did not start:\n{self.last_lines()}")
            yield
        finally:
            _end(process)
            reader.join()
            if process.stdin:
                with contextlib.suppress(OSError):
                    process.stdin.close()

    def last_lines(self) -> str:
        """The end of its log."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.is_file() else []
        return "\n".join(lines[-_LAST_LINES:])

    def _accepts(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether it takes connections; Cube says that it listens a moment before."""
        until = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < until:
            try:
                socket.create_connection((LOOPBACK, int(self.variables["PORT"])), timeout=1).close()
            except OSError:
                time.sleep(_PAUSE_SECONDS)
            else:
                return True
        return False

    def _required(self) -> list[str | Path]:
        loopback = Path(str(resources.files("floe_cube_infra.local_cube"))) / "javascript" / "loopback.js"
        return [part for preload in (loopback, *self.preloads) for part in ("--require", preload)]

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.defpath,
            **self.variables,
            "NODE_PATH": os.pathsep.join(map(str, self.packages)),
            "FLOE_MODEL_PATH": str(self.model),
        }

    def _read(self, process: subprocess.Popen[bytes], listens: threading.Event, ended: Callable[[], None]) -> None:
        """Keeps the pipe empty; sets the event when Cube listens, or has ended."""
        with process.stdout or contextlib.nullcontext() as output, self.log.open("wb") as log:
            for line in output or ():
                log.write(line)
                log.flush()
                if _LISTENING.encode() in line:
                    listens.set()
        listens.set()
        process.wait()
        ended()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_SECONDS)
    # Whatever it started and left behind is in its group.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
