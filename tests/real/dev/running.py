"""A command that runs until it is ended, read line by line."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final

# Far more than it takes; only a test that fails waits so long.
TIMEOUT_S: Final = 280
READY: Final = "Ctrl-C ends."


class Running:
    """The command, while it runs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self.printed: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def until(self, text: str) -> list[str]:
        """The lines from here up to the first that has this text."""
        lines: list[str] = []
        while not lines or text not in lines[-1]:
            try:
                line = self._lines.get(timeout=TIMEOUT_S)
            except Empty:
                line = None
            assert line is not None, "\n".join(self.printed)
            lines.append(line)
        return lines

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ends it; gives its exit code."""
        self._process.send_signal(number)
        code = self._process.wait(timeout=60)
        self._reader.join()
        return code

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as output:
            for line in output:
                self.printed.append(line.rstrip("\n"))
                self._lines.put(self.printed[-1])
        self._lines.put(None)


@contextmanager
def running(command: Sequence[str | Path], folder: Path, variables: Mapping[str, str]) -> Iterator[Running]:
    """Runs a command while the block runs; without any variable of Cube's but these."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CUBEJS_")}
    process = subprocess.Popen(
        [*command],
        cwd=folder,
        env={**inherited, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Running(process)
    finally:
        process.kill()
        process.wait()


def printed_after(lines: Sequence[str], heading: str) -> str:
    """The line below the one that begins so."""
    place = next(place for place, line in enumerate(lines) if line.startswith(heading))
    return lines[place + 1].strip()
