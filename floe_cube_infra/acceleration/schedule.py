"""When a rollup is built next.

Cube counts intervals from 1970 on (BaseQuery.everyRefreshKeySql of @cubejs-backend/schema-compiler), and reads cron
expressions in their time zone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from cronsim import CronSim

from floe_cube_infra.model.pre_aggregations import RefreshKey
from floe_cube_infra.translate.pre_aggregations import read_schedule

_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)


def next_run(key: RefreshKey | None, at: datetime) -> datetime | None:
    """The first moment after `at` at which the rollup is built, in the key's time zone.

    Args:
        key: When the rollup is built.
        at: A moment with a time zone.

    Returns:
        None where nothing but the result of a query says when, or where it is never built by itself.
    """
    if key is None or key.sql is not None or key.every is None:
        return None
    zone = ZoneInfo(key.timezone or "UTC")
    schedule = read_schedule(key.every)
    if schedule.is_cron:
        return next(CronSim(schedule.every, at.astimezone(zone)))
    number, unit = schedule.every.split()
    step = timedelta(seconds=int(number) * _SECONDS[unit.removesuffix("s")])
    return (_START + ((at - _START) // step + 1) * step).astimezone(zone)
