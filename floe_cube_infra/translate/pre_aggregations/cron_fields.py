"""One field of a cron expression, read strictly, so that an error can say which field is wrong and why.

Taken is what both cron-parser 4.9, which Cube 1.7 uses, and cronsim take: `*`, numbers, names, ranges, lists, steps;
`?`, `L` and `#` where they belong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_ITEM: Final = re.compile(r"(?P<range>\*|\?|[0-9A-Z]+(?:-[0-9A-Z]+)?)(?:/(?P<step>[0-9]+))?")
_LAST_OR_NTH: Final = re.compile(r"(?P<day>[0-9A-Z]+)(?:L|#(?P<nth>[0-9]+))")
_DIGITS: Final = re.compile(r"[0-9]{1,4}")


class CronFieldError(ValueError):
    """What is wrong with a field, as the end of a sentence that begins with the field."""


@dataclass(frozen=True, kw_only=True)
class CronField:
    """A field of a cron expression.

    Attributes:
        name: As messages call it.
        low: The least value.
        high: The greatest value.
        names: Values that have names, in upper case.
        question_mark: Whether `?` may stand for `*`.
        last: Whether `L` alone means the last one.
        last_or_nth: Whether `5L` and `5#2` mean the last and the second such day of the month.
    """

    name: str
    low: int
    high: int
    names: Mapping[str, int] = field(default_factory=dict)
    question_mark: bool = False
    last: bool = False
    last_or_nth: bool = False

    def values(self, text: str) -> frozenset[int] | None:
        """The values that a field's text stands for; None for `L` and `#`, which depend on the month.

        Raises:
            CronFieldError: The text is none of this field's.
        """
        values: set[int] = set()
        for item in text.upper().split(","):
            found = self._item(item)
            if found is None and text.upper() != item:
                raise CronFieldError(f"has `{item}` in a list, where it can't stand")
            if found is None:
                return None
            values |= found
        return frozenset(values)

    @property
    def range(self) -> str:
        """The range as messages show it."""
        return f"{self.low}-{self.high}"

    def _item(self, item: str) -> set[int] | None:
        if not item:
            raise CronFieldError("has an empty item in its list")
        if self.last and item == "L":
            return None
        if self.last_or_nth and (match := _LAST_OR_NTH.fullmatch(item)):
            self._value(match["day"])
            if match["nth"] is not None and match["nth"] not in ("1", "2", "3", "4", "5"):
                raise CronFieldError("asks for a day of the week that is not the first to fifth of the month")
            return None
        match = _ITEM.fullmatch(item)
        if match is None or (match["range"] == "?" and not self.question_mark):
            raise CronFieldError(f"is not understood; allowed are `*`, {self.range}, ranges, lists and steps")
        first, last = self._range(match["range"], stepped=match["step"] is not None)
        step = _number(match["step"]) if match["step"] else 1
        if step < 1:
            raise CronFieldError("has a step of 0; it must be 1 at least")
        return set(range(first, last + 1, step))

    def _range(self, text: str, *, stepped: bool) -> tuple[int, int]:
        if text in ("*", "?"):
            return self.low, self.high
        start, dash, end = text.partition("-")
        first = self._value(start)
        if not dash:
            return first, self.high if stepped else first
        last = self._value(end)
        if last < first:
            raise CronFieldError(f"has the range {start}-{end}, which ends before it begins")
        return first, last

    def _value(self, text: str) -> int:
        if text in self.names:
            return self.names[text]
        if not text.isdigit():
            known = f", or {', '.join(self.names)}" if self.names else ""
            raise CronFieldError(f"has the unknown name {text}; allowed are {self.range}{known}")
        value = _number(text)
        if not self.low <= value <= self.high:
            raise CronFieldError(f"is out of range {self.range}")
        return value


def _number(text: str) -> int:
    """Longer than any value that a field takes is as good as too great."""
    return int(text) if _DIGITS.fullmatch(text) else 10_000


_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")

SECOND: Final = CronField(name="second", low=0, high=59)
MINUTE: Final = CronField(name="minute", low=0, high=59)
HOUR: Final = CronField(name="hour", low=0, high=23)
DAY_OF_MONTH: Final = CronField(name="day-of-month", low=1, high=31, question_mark=True, last=True)
MONTH: Final = CronField(name="month", low=1, high=12, names={name: n for n, name in enumerate(_MONTHS, 1)})
DAY_OF_WEEK: Final = CronField(
    name="day-of-week",
    low=0,
    high=7,
    names={name: n for n, name in enumerate(_DAYS)},
    question_mark=True,
    last_or_nth=True,
)

FIELDS: Final = (SECOND, MINUTE, HOUR, DAY_OF_MONTH, MONTH, DAY_OF_WEEK)
"""In the order of an expression with six fields."""
