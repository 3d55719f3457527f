"""`floe-cube watch` as a process of its own, and a copy of the sample shop for it to watch."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any, Self

COMMAND = Path(sys.executable).with_name("floe-cube")
SHOP = Path(__file__).parents[2] / "examples" / "shop"
# Far more than a run takes; only a test that fails waits so long.
TIMEOUT_S = 90


class Shop:
    """The sample shop's artifacts, to be changed as dbt changes them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.target = folder / "target"
        self.manifest = self.target / "manifest.json"
        self.artifacts = folder / "compiled_artifacts.json"

    @classmethod
    def copy_to(cls, folder: Path) -> Shop:
        shop = cls(folder)
        shop.target.mkdir(parents=True)
        for name in ("compiled_artifacts.json", "target/manifest.json", "target/catalog.json"):
            shutil.copy(SHOP / name, folder / name)
        return shop

    def edited(self, description: str) -> str:
        """The manifest with another description of the column orders.status."""
        manifest = json.loads((SHOP / "target" / "manifest.json").read_text())
        manifest["nodes"]["model.shop.orders"]["columns"]["status"]["description"] = description
        return json.dumps(manifest)

    def replace(self, text: str) -> None:
        """Writes the manifest as careful programs do: beside it, and then in its place."""
        new = self.target / "manifest.json.new"
        new.write_text(text)
        new.replace(self.manifest)


class Watching:
    """A running `floe-cube watch`, read line by line."""

    def __init__(self, *arguments: str | Path, cwd: Path, env: dict[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [COMMAND, "watch", *arguments],
            cwd=cwd,
            env={**os.environ, "PYTHONWARNINGS": "error", **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self._errors: list[str] = []
        self._readers = [Thread(target=self._read_lines), Thread(target=self._read_errors)]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        for reader in self._readers:
            reader.join()
        for stream in (self._process.stdout, self._process.stderr):
            assert stream is not None
            stream.close()

    def line(self) -> str:
        """The next line that it prints."""
        try:
            line = self._lines.get(timeout=TIMEOUT_S)
        except Empty:
            raise AssertionError(f"printed nothing for {TIMEOUT_S} s; errors: {self.errors}") from None
        assert line is not None, f"ended with {self._process.wait()}; errors: {self.errors}"
        return line

    def lines_until(self, is_last: Callable[[str], bool]) -> list[str]:
        """The next lines, up to the first that is the last one."""
        lines = [self.line()]
        while not is_last(lines[-1]):
            lines.append(self.line())
        return lines

    def run(self) -> dict[str, Any]:
        """What it says of the next run, with `--format json`."""
        document: dict[str, Any] = json.loads(self.line())
        return document

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ends it; gives its exit code."""
        self._process.send_signal(number)
        return self.end()

    def end(self) -> int:
        """Waits until it ends by itself; gives its exit code."""
        code = self._process.wait(timeout=TIMEOUT_S)
        for reader in self._readers:
            reader.join()
        return code

    @property
    def errors(self) -> str:
        """What it printed to standard error up to now."""
        return "".join(self._errors)

    def left(self) -> list[str]:
        """After the end: the lines that nobody read."""
        lines = []
        while (line := self._lines.get(timeout=TIMEOUT_S)) is not None:
            lines.append(line)
        return lines

    def _read_lines(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def _read_errors(self) -> None:
        assert self._process.stderr is not None
        self._errors.extend(self._process.stderr)
