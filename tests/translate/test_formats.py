"""Formats and rolling windows that Cube takes; held against its own validator when this was written."""

from __future__ import annotations

from typing import Any

import pytest

from floe_cube_infra.model.members import RollingWindow
from floe_cube_infra.translate.formats import problem_with_format
from floe_cube_infra.translate.measure_windows import problem_with_window
from tests.translate.dbt_projects import column, model, translated

GOOD: dict[Any, list[str]] = {
    "measure": [
        "currency",
        "percent",
        "number",
        "id",
        "percent_1",
        "abbr",
        "decimal_2",
        ",.2f",
        "$,.2f",
        "*<10",
        "%",
        "0",
    ],
    "number": ["imageUrl", "link", "currency", "accounting_2", ".0%", "(.2f", "d", "~", ","],
    "time": ["link", "%Y", "%Y-%m-%d", "a%Yb", "%%%Y", "at %H:%M"],
    "other": ["imageUrl", "link", "currency", "percent", "number", "id"],
}
BAD: dict[Any, list[str]] = {
    "measure": ["imageUrl", "link", "nonsense", "percent_7", "id_1", "x>", "<<", ".", "", "%Y", "a"],
    "number": ["nonsense", "1^", "(<", "%Y", "Z"],
    "time": ["%", "%%", "%Y%", "%k", ",.2f", "nonsense"],
    "other": [",.2f", "%Y", "percent_1", "nonsense"],
}


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in GOOD.items() for value in values])
def test_formats_of_cube_are_taken(kind: Any, value: str) -> None:
    assert problem_with_format(value, kind) is None


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in BAD.items() for value in values])
def test_other_formats_are_refused_with_those_that_are_allowed(kind: Any, value: str) -> None:
    problem = problem_with_format(value, kind)
    assert problem is not None
    assert repr(value) in problem
    assert "allowed are:" in problem
    assert "percent" in problem


def test_a_format_that_cube_does_not_take_is_an_error_that_names_the_member() -> None:
    node = model(
        "orders",
        column("a", "date", meta={"cube": {"format": ",.2f"}}),
        cube={"measures": [{"name": "m", "type": "count", "format": "nonsense"}]},
    )
    of_dimension, of_measure = sorted(translated(node).errors, reverse=True)
    assert "'m' has the format 'nonsense'" in of_dimension + of_measure
    assert "model.shop.orders.a" in of_dimension + of_measure


def test_a_masked_column_has_no_format_since_it_is_text_then() -> None:
    meta = {"cube": {"format": ",.2f", "visibility": "mask"}}
    assert translated(model("orders", column("a", "int", meta=meta))).dimensions("orders")["a"].format is None


@pytest.mark.parametrize(
    "window",
    [
        {"trailing": "7 day"},
        {"trailing": "unbounded", "leading": "2 weeks", "offset": "start"},
        {"type": "fixed", "trailing": "-1 month"},
        {"type": "to_date", "granularity": "year"},
    ],
)
def test_windows_of_cube_are_taken(window: dict[str, Any]) -> None:
    assert problem_with_window(RollingWindow(**window)) is None


@pytest.mark.parametrize(
    ("window", "told"),
    [
        ({"trailing": "7"}, "trailing '7'"),
        ({"leading": "1 second"}, "leading '1 second'"),
        ({"trailing": "1 Day"}, "7 day"),
        ({"type": "to_date"}, "without a granularity"),
        ({"type": "to_date", "granularity": "day", "trailing": "1 day"}, "with trailing"),
        ({"granularity": "day"}, "with a granularity"),
    ],
)
def test_other_windows_are_refused_with_what_is_wrong(window: dict[str, Any], told: str) -> None:
    assert told in str(problem_with_window(RollingWindow(**window)))
    measure = {"name": "m", "type": "sum", "sql": "x", "rolling_window": window}
    assert told in translated(model("orders", "id", cube={"measures": [measure]})).errors[0]
