"""Values of a token as people may see them: short, printable, and without the stack's secrets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

_LONGEST: Final = 100
_MOST: Final = 20
_UNITS: Final = (("days", 2 * 86400, 86400), ("hours", 2 * 3600, 3600), ("minutes", 120, 60), ("seconds", 0, 1))


class Shown:
    """Shows values.

    Args:
        secrets: What must never be shown, whatever holds it.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = secrets

    def value(self, value: object) -> str:
        """A value as JSON, cut where it is long; lists one level deep."""
        if isinstance(value, list):
            return f"[{self.several(value, ', ')}]"
        return self._one(value)

    def several(self, values: Sequence[object], between: str) -> str:
        """Some values, and how many more there are."""
        shown = [self._one(value) for value in values[:_MOST]]
        more = len(values) - _MOST
        return between.join([*shown, *([f"{more} more"] if more > 0 else [])])

    def names(self, names: Iterable[str]) -> str:
        """Names in their order, parted by commas."""
        return self.several(sorted(names), ", ")

    def moment(self, value: object, now: float) -> str:
        """A time in seconds since 1970 as a date, and how far from `now` it is."""
        if not isinstance(value, float):
            return f"{self.value(value)}, which is no time"
        try:
            date = datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        except (OverflowError, ValueError, OSError):
            return f"{value!r} seconds since 1970, which no calendar has"
        seconds = abs(value - now)
        unit, size = next((unit, size) for unit, least, size in _UNITS if seconds >= least)
        distance = f"{seconds / size:.0f} {unit}"
        return f"{date} ({f'in {distance}' if value > now else f'{distance} ago'})"

    def _one(self, value: object) -> str:
        if isinstance(value, (list, dict)):
            return "a list" if isinstance(value, list) else "an object"
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
            value = int(value)
        if isinstance(value, str):
            # Before it is cut or quoted, either of which would hide a part of a secret from being found.
            for secret in self._secrets:
                value = value.replace(secret, "(a secret of the stack)")
            value = f"{value[:_LONGEST]}…" if len(value) > _LONGEST else value
        return printable(json.dumps(value, ensure_ascii=False))


def printable(text: str) -> str:
    """The text with control characters and the like spelt out: tokens are foreign, and terminals obey escape codes."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )
