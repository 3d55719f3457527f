"""A whole cron expression: five fields, or six with the seconds first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cronsim import CronSim, CronSimError

from floe_cube_infra.translate.pre_aggregations.cron_fields import FIELDS, CronFieldError

_SHORTHANDS: Final = {
    "@yearly": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@hourly": "0 * * * *",
}
# Only to ask cronsim whether an expression ever comes true.
_ANY_TIME: Final = datetime(2024, 1, 1, tzinfo=UTC)
_MOST_SHOWN: Final = 80


class CronError(ValueError):
    """A cron expression that isn't one, with the field that is wrong."""


@dataclass(frozen=True, kw_only=True)
class Cron:
    """The values of each field; None where they depend on the month (`L`, `#`).

    Attributes:
        text: As it was given.
        fields: The six fields as they were given, seconds first.
        second: 0 only, where none were given.
        minute: Of the hour.
        hour: Of the day.
        day_of_month: From 1.
        month: From 1.
        day_of_week: Sunday is 0, also where 7 was given.
    """

    text: str
    fields: tuple[str, ...]
    second: frozenset[int]
    minute: frozenset[int]
    hour: frozenset[int]
    day_of_month: frozenset[int] | None
    month: frozenset[int]
    day_of_week: frozenset[int] | None


def read_cron(expression: str) -> Cron:
    """Reads a cron expression.

    Raises:
        CronError: It isn't one; the message says which field is wrong, and what is allowed.
    """
    expression = expression.strip()
    texts = _SHORTHANDS.get(expression, expression).split()
    if len(texts) not in (5, 6):
        raise CronError(
            f"the cron expression `{_shown(expression)}` has {_count(len(texts))}; allowed are 5 (minute, hour, "
            "day of month, month, day of week), or 6 with the second first"
        )
    texts = ["0", *texts] if len(texts) == 5 else texts
    values = []
    for kind, text in zip(FIELDS, texts, strict=True):
        try:
            values.append(kind.values(text))
        except CronFieldError as error:
            raise CronError(f"the {kind.name} field `{_shown(text)}` of `{_shown(expression)}` {error}") from None
    _ask_cronsim(expression, texts)
    second, minute, hour, day_of_month, month, day_of_week = values
    return Cron(
        text=expression,
        fields=tuple(texts),
        second=second or frozenset(),
        minute=minute or frozenset(),
        hour=hour or frozenset(),
        day_of_month=day_of_month,
        month=month or frozenset(),
        day_of_week=None if day_of_week is None else frozenset(day % 7 for day in day_of_week),
    )


def _ask_cronsim(expression: str, texts: list[str]) -> None:
    """A second opinion, and the days that no month has."""
    try:
        CronSim(" ".join(texts).replace("?", "*"), _ANY_TIME)
    except CronSimError as error:
        reason = str(error)
    else:
        return
    if reason == "Bad day-of-month":
        raise CronError(f"the cron expression `{_shown(expression)}` names a day that its months never have")
    raise CronError(f"the cron expression `{_shown(expression)}` is not understood ({reason})")


def _count(fields: int) -> str:
    return "no fields" if fields == 0 else f"{fields} field{'s' if fields > 1 else ''}"


def _shown(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."
