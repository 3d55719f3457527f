"""How fine a rollup must be for a time dimension with a range of dates."""

from __future__ import annotations

import pytest

from floe_cube_infra.acceleration.granularities import coarsest, fits
from floe_cube_infra.acceleration.query import TimeDimensionQuery


@pytest.mark.parametrize(
    ("granularity", "within", "needed"),
    [
        (None, None, None),
        ("month", None, "month"),
        (None, ["2024-01-01", "2024-12-31"], "year"),
        (None, ["2024-11-01", "2024-12-31"], "month"),
        (None, ["2024-11-04", "2024-11-24"], "week"),
        (None, ["2024-11-05", "2024-11-05"], "day"),
        ("month", ["2024-11-04", "2024-11-24"], "day"),
        ("year", ["2024-11-01", "2024-11-30"], "month"),
        (None, "2024-11-15", "day"),
        (None, ["2024-11-15T06:00:00.000", "2024-11-20T17:59:59.999"], "hour"),
        (None, ["2024-11-15T06:30:00.000", "2024-11-20T17:59:59.999"], "minute"),
        ("day", ["2024-11-15T06:00:00", "2024-11-20T18:00:00"], "second"),
        (None, "last 7 days", "day"),
        (None, "this month", "month"),
        (None, "last quarter", "month"),
        (None, "last 6 hours", "hour"),
        (None, ["whenever", "2024-11-15"], "second"),
    ],
)
def test_a_range_must_begin_and_end_where_the_granularity_does(
    granularity: str | None, within: str | list[str] | None, needed: str | None
) -> None:
    asked = TimeDimensionQuery(dimension="orders.ordered_at", granularity=granularity, dateRange=within)

    assert coarsest(asked) == needed


def test_ranges_that_are_compared_all_count() -> None:
    asked = TimeDimensionQuery(dimension="a.b", compareDateRange=["this year", ["2024-11-05", "2024-11-06"]])

    assert coarsest(asked) == "day"


def test_weeks_make_no_months() -> None:
    assert fits("month", "day")
    assert fits("week", "day")
    assert not fits("month", "week")
    assert not fits("day", "week")
    assert fits("fiscal_year", "fiscal_year")
