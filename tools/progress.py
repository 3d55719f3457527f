"""One line that tells how long something has been going on and how far it is."""

import sys
import threading
import time
from types import TracebackType
from typing import Self, TextIO

_WORTH_TELLING = 2.0
_EVERY_TERMINAL = 0.5
_EVERY_LOG = 15.0


def say(text: str) -> None:
    """Prints a line about the set-up; to stderr, since `tools env` prints shell code on stdout."""
    print(text, file=sys.stderr, flush=True)


def show_duration(seconds: float) -> str:
    """`0.8s`, `12s` or `3m05s`."""
    if seconds < 10:
        return f"{seconds:.1f}s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m{rest:02d}s" if minutes else f"{rest}s"


class Progress:
    """Shows `what: 1m12s, 812 packages compiled` while the block runs, and how long it took afterwards.

    A terminal gets one line that is rewritten; a log gets a line every quarter of a minute.
    What takes less than two seconds shows nothing.
    """

    def __init__(self, what: str, *, stream: TextIO | None = None, every: float | None = None) -> None:
        self._what = what
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._every = every or (_EVERY_TERMINAL if self._terminal else _EVERY_LOG)
        self._detail = ""
        self._start = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._tell, daemon=True)

    def update(self, detail: str) -> None:
        """What the line says from now on, such as `214 modules downloaded`."""
        self._detail = detail

    def __enter__(self) -> Self:
        self._start = time.monotonic()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        elapsed = time.monotonic() - self._start
        if self._terminal:
            self._stream.write("\r\033[K")
        if kind is None and elapsed >= _WORTH_TELLING:
            self._stream.write(f"{self._what}: done in {show_duration(elapsed)}\n")
        self._stream.flush()

    def _tell(self) -> None:
        while not self._stop.wait(self._every):
            elapsed = time.monotonic() - self._start
            line = f"{self._what}: {show_duration(elapsed)}{', ' if self._detail else ''}{self._detail}"
            if not self._terminal:
                self._stream.write(line + "\n")
            elif elapsed >= _WORTH_TELLING:
                self._stream.write(f"\r\033[K{line}")
            self._stream.flush()
