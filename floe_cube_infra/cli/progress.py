"""That something is going on, on a terminal, where it takes longer than a second."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.live import Live

DELAY_S = 1.0


@contextmanager
def progress(what: str) -> Iterator[None]:
    """Shows a line on standard error while the block runs, and takes it away at its end; logs and pipes get nothing.

    Nothing may be printed in the block: what is written goes where it goes, beside the line.

    Args:
        what: What is going on: `reading the dbt project`.
    """
    if not sys.stderr.isatty():
        yield
        return
    shown = _Line(what)
    timer = threading.Timer(DELAY_S, shown.appear)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        shown.disappear()


class _Line:
    def __init__(self, what: str) -> None:
        self._what = what
        self._lock = threading.Lock()
        self._live: Live | None = None
        self._is_over = False

    def appear(self) -> None:
        from rich.console import Console  # noqa: PLC0415 - quick commands start sooner without
        from rich.live import Live  # noqa: PLC0415
        from rich.spinner import Spinner  # noqa: PLC0415

        with self._lock:
            if self._is_over:
                return
            # Standard output is left alone: it may be a pipe.
            self._live = Live(
                Spinner("dots", text=self._what),
                console=Console(stderr=True),
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start()

    def disappear(self) -> None:
        with self._lock:
            self._is_over = True
            if self._live is not None:
                self._live.stop()
