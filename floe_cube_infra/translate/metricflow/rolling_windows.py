"""Windows of cumulative metrics, in Cube's words."""

from __future__ import annotations

from typing import Final, Literal, cast, get_args

from floe_cube_infra.inputs.dbt_semantics import Metric, TimeWindow
from floe_cube_infra.model.members import RollingWindow
from floe_cube_infra.translate.metricflow.unsupported import CannotSay

_Granularity = Literal["day", "week", "month", "quarter", "year"]
_TO_DATE: Final = get_args(_Granularity)
_TRAILING: Final = ("minute", "hour", *_TO_DATE)
_DIFFERENT_AGGREGATES: Final = frozenset(["first", "average"])


def rolling_window(metric: Metric) -> RollingWindow:
    """The window: a span, the time since a period's start, or all time.

    Raises:
        CannotSay: The span's granularity is the project's own, or too fine.
    """
    params = metric.type_params
    cumulative = params.cumulative_type_params
    window = (cumulative and cumulative.window) or params.window
    grain = (cumulative and cumulative.grain_to_date) or params.grain_to_date
    if window is not None:
        return RollingWindow(trailing=_interval(window))
    if grain is None:
        return RollingWindow(trailing="unbounded")
    granularity = grain.lower()
    if granularity not in _TO_DATE:
        raise CannotSay(f"grain_to_date {grain!r} is none of {', '.join(_TO_DATE)}")
    return RollingWindow(type="to_date", granularity=cast(_Granularity, granularity))


def difference(metric: Metric) -> str | None:
    """What Cube computes otherwise than MetricFlow, if anything."""
    cumulative = metric.type_params.cumulative_type_params
    period_agg = ((cumulative and cumulative.period_agg) or "first").lower()
    if period_agg not in _DIFFERENT_AGGREGATES:
        return None
    return (
        "for periods longer than the time dimension's own, Cube gives the value at the period's end, and MetricFlow "
        f"the {period_agg} value in it (period_agg); set period_agg: last if the end is meant"
    )


def _interval(window: TimeWindow | str) -> str:
    count, _, granularity = window.partition(" ") if isinstance(window, str) else (window.count, "", window.granularity)
    unit = granularity.strip().lower().removesuffix("s")
    if unit not in _TRAILING or not str(count).isdigit():
        raise CannotSay(f"the window {f'{count} {granularity}'!r} counts none of {', '.join(_TRAILING)}")
    return f"{count} {unit}"
