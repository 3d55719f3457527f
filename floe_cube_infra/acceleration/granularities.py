"""How fine a rollup must be for a query's time dimensions.

Source: BaseTimeDimension.rollupGranularity and BaseQuery.minGranularity of @cubejs-backend/schema-compiler.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from floe_cube_infra.acceleration.query import TimeDimensionQuery

MADE_OF: Final = {
    "year": ("year", "quarter", "month", "day", "hour", "minute", "second"),
    "quarter": ("quarter", "month", "day", "hour", "minute", "second"),
    "month": ("month", "day", "hour", "minute", "second"),
    "week": ("week", "day", "hour", "minute", "second"),
    "day": ("day", "hour", "minute", "second"),
    "hour": ("hour", "minute", "second"),
    "minute": ("minute", "second"),
    "second": ("second",),
}
"""The granularities that each can be summed up from, itself first."""

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_UNIT: Final = re.compile(r"\b(second|minute|hour|week|month|quarter|year)s?\b")


def coarsest(time: TimeDimensionQuery) -> str | None:
    """The coarsest granularity that answers: None where any does, since nothing is asked of the time."""
    found = time.granularity
    for each in time.ranges:
        found = _common(found, _of_range(each))
    return found


def fits(needed: str | None, offered: str) -> bool:
    """Whether what is kept at one granularity answers what another one needs."""
    return needed is None or offered in MADE_OF.get(needed, (needed,))


def _common(one: str | None, other: str | None) -> str | None:
    """The coarsest granularity that both are made of."""
    if one is None or other is None:
        return one or other
    theirs = MADE_OF.get(other, (other,))
    return next((each for each in MADE_OF.get(one, (one,)) if each in theirs), None)


def _of_range(given: str | list[str]) -> str | None:
    """The coarsest granularity whose borders a range keeps to; dates and words stand for whole days and longer."""
    if isinstance(given, list):
        return _of_borders(given[0], given[-1]) if given else None
    if _DATE.match(given):
        return _of_borders(given, given)
    unit = _UNIT.search(given.lower())
    # No range of Cube's begins at a quarter as such: it is at a month.
    return "day" if unit is None else {"quarter": "month"}.get(unit[1], unit[1])


def _of_borders(first: str, last: str) -> str | None:
    begin, end = _moment(first), _moment(last)
    if begin is None or end is None:
        return "second"
    end += timedelta(days=1) if _DATE.fullmatch(last.strip()) else timedelta(milliseconds=1)
    return _common(_border(begin), _border(end))


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        return None


def _border(moment: datetime) -> str:
    """BaseQuery.granularityFor."""
    if moment.second or moment.microsecond:
        return "second"
    if moment.hour or moment.minute:
        return "minute" if moment.minute else "hour"
    if moment.day == 1:
        return "year" if moment.month == 1 else "month"
    return "week" if moment.weekday() == 0 else "day"
