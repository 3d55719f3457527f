"""Warnings of which each kind is told at most once a minute, with how often it would have been told."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Final

SECONDS_BETWEEN: Final = 60.0


def _to_standard_error(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class RareWarnings:
    """Tells warnings, seldom."""

    def __init__(
        self, tell: Callable[[str], None] = _to_standard_error, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Starts with none told.

        Args:
            tell: What a line is given to.
            clock: Seconds that only grow.
        """
        self._tell = tell
        self._clock = clock
        self._told: dict[str, float] = {}
        self._kept_back: dict[str, int] = {}

    def warn(self, kind: str, text: str) -> None:
        """Tells a warning, unless one of its kind was told within the last minute.

        Args:
            kind: Warnings of one kind are told together.
            text: A sentence without anything sensitive.
        """
        now = self._clock()
        if now - self._told.get(kind, -SECONDS_BETWEEN) < SECONDS_BETWEEN:
            self._kept_back[kind] = self._kept_back.get(kind, 0) + 1
            return
        self._told[kind] = now
        before = self._kept_back.pop(kind, 0)
        self._tell(f"warning: {text}" + (f" (and {before} more since the last warning)" if before else ""))
