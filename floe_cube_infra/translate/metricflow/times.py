"""Functions of time, as each warehouse spells them.

The same as MetricFlow renders (metricflow/sql/render), so that Cube's numbers are MetricFlow's.
"""

from __future__ import annotations

from typing import Final

from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.translate.metricflow.unsupported import CannotSay

_TRUNCATED: Final = frozenset(["second", "minute", "hour", "day", "week", "month", "quarter", "year"])
_EXTRACTED: Final = frozenset(["year", "quarter", "month", "day"])


def truncated(sql: str, grain: str, database_type: DatabaseType) -> str:
    """The start of the period that a time lies in; weeks start on Monday.

    Raises:
        CannotSay: The grain is a project's own, or finer than a second.
    """
    if grain not in _TRUNCATED:
        raise CannotSay(f"the grain {grain!r} is none of {', '.join(sorted(_TRUNCATED))}")
    if database_type == "bigquery":
        return f"TIMESTAMP_TRUNC({sql}, {'isoweek' if grain == 'week' else grain})"
    return f"DATE_TRUNC('{grain}', {sql})"


def extracted(sql: str, date_part: str) -> str:
    """A part of a time, as a number.

    Raises:
        CannotSay: Warehouses count this part differently.
    """
    if date_part not in _EXTRACTED:
        raise CannotSay(f"the date part {date_part!r} is none of {', '.join(sorted(_EXTRACTED))}")
    return f"EXTRACT({date_part} FROM {sql})"
