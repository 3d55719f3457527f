"""Schedules as Cube really runs them: a refresh key's `every` and `timezone`.

Cube 1.7 checks a cron expression with cron-parser when it loads the model, but later works out one fixed interval
from it, and refuses *queries* whose rollup has any expression but `S M H * * D` with a number or `*` in each place
("we support only equal time intervals", BaseQuery.calcIntervalForCronString): `*/30 * * * *` is among them. With
`*` before a number (`* 5 * * *`) it takes the wrong interval silently. So expressions are given to it as intervals
(`30 minute`) where those say the same, and refused here, with the reason, where Cube can't build by them.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Final

from floe_cube_infra.translate.pre_aggregations.cron_expressions import Cron, CronError, read_cron

# CubeValidator: everyInterval. No month, quarter or year, whose lengths differ.
_INTERVAL: Final = re.compile(r"([0-9]{1,9}) (second|minute|hour|day|week)s?")
_LOOKS_LIKE_INTERVAL: Final = re.compile(r"-?[0-9.]+\s*[A-Za-z]+")
_EVERY: Final = "`30 minute`, `6 hour`, `0 5 * * *` (daily) or `0 5 * * 1` (weekly)"


class ScheduleError(ValueError):
    """A schedule that Cube can't build by, with the reason and what it can."""


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """When Cube builds.

    Attributes:
        every: An interval, or a cron expression of those that Cube takes.
        is_cron: Whether it is the latter, for which alone Cube heeds a time zone.
        note: How it differs from what was asked for, if it does.
    """

    every: str
    is_cron: bool
    note: str | None = None


def check_schedule(expression: str) -> str | None:
    """What is wrong with a schedule, an interval or a cron expression; None if Cube can build by it."""
    try:
        read_schedule(expression)
    except ScheduleError as error:
        return str(error)
    return None


def check_interval(text: str) -> str | None:
    """What is wrong with an interval such as `7 day`; None if nothing is."""
    match = _INTERVAL.fullmatch(" ".join(text.split()))
    if match is None:
        return f"`{text[:80]}` is no interval; allowed are a whole number and second, minute, hour, day or week"
    if int(match[1]) == 0:
        return f"`{text[:80]}` is an interval of no length; it must be 1 {match[2]} at least"
    return None


@functools.lru_cache(maxsize=1024)  # thousands of rollups share the default schedule
def read_schedule(expression: str) -> Schedule:
    """Reads an interval (`30 minute`) or a cron expression.

    Raises:
        ScheduleError: It is neither, or one that Cube can't build by.
    """
    text = " ".join(expression.split())
    if _LOOKS_LIKE_INTERVAL.fullmatch(text):
        problem = check_interval(text)
        if problem:
            raise ScheduleError(problem)
        return Schedule(every=text, is_cron=False)
    try:
        cron = read_cron(text)
    except CronError as error:
        raise ScheduleError(str(error)) from None
    return _of_cron(cron)


def _of_cron(cron: Cron) -> Schedule:
    second, minute, hour = cron.second, cron.minute, cron.hour
    all_days = cron.day_of_week is not None and len(cron.day_of_week) == 7
    one_day = cron.day_of_week is not None and len(cron.day_of_week) == 1
    if cron.day_of_month is None or len(cron.day_of_month) < 31:
        raise _unequal(cron, 3)
    if len(cron.month) < 12:
        raise _unequal(cron, 4)
    if not (all_days or one_day):
        raise _unequal(cron, 5)
    if len(second) == len(minute) == len(hour) == 1:
        day = "*" if all_days else str(min(cron.day_of_week or ()))
        return _cron_schedule(second, f"{min(minute)} {min(hour)} * * {day}")
    if one_day:
        raise _unequal(cron, 5)
    if len(second) == len(minute) == 1 and len(hour) == 24:
        return _cron_schedule(second, f"{min(minute)} * * * *")
    return _interval(cron)


def _cron_schedule(second: frozenset[int], rest: str) -> Schedule:
    seconds = "" if second == {0} else f"{min(second)} "
    return Schedule(every=f"{seconds}{rest}", is_cron=True)


def _interval(cron: Cron) -> Schedule:
    """The interval that an expression such as `*/30 * * * *` stands for."""
    units = (("second", cron.second, 60), ("minute", cron.minute, 60), ("hour", cron.hour, 24))
    finest = next(index for index, (_, values, _) in enumerate(units) if len(values) > 1)
    unit, values, size = units[finest]
    # What is coarser must be free: `*/10 5 * * *` leaves out most hours.
    for index, (_, coarser, whole) in enumerate(units[finest + 1 :], finest + 1):
        if len(coarser) < whole:
            raise _unequal(cron, index)
    step = size // len(values)
    if sorted(values) != list(range(min(values), size, step)) or size % len(values):
        raise _unequal(cron, finest)
    starts = min(values) or any(min(finer) for _, finer, _ in units[:finest])
    every = f"{step} {unit}"
    note = None
    if starts:
        note = (
            f"Cube builds by `{cron.text}` every {every}, counted from the start of the day: an interval has no offset"
        )
    return Schedule(every=every, is_cron=False, note=note)


def _unequal(cron: Cron, field: int) -> ScheduleError:
    names = ("second", "minute", "hour", "day-of-month", "month", "day-of-week")
    return ScheduleError(
        f"`{cron.text}` is a cron expression, but Cube builds at equal intervals only, which the {names[field]} "
        f"field `{cron.fields[field]}` isn't; use for example {_EVERY}"
    )
