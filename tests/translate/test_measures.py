"""`meta.cube.measures` become measures."""

from __future__ import annotations

from typing import Any

import pytest

from tests.translate.dbt_projects import Document, Translated, model, translated


def with_measures(*measures: Document, columns: tuple[str, ...] = ("id", "amount")) -> Translated:
    return translated(model("orders", *columns, cube={"measures": list(measures)}))


def test_every_cube_counts_its_rows() -> None:
    (count,) = with_measures().cubes["orders"].measures
    assert (count.name, count.type, count.sql) == ("count", "count", None)


def test_a_count_of_ones_own_stands_where_it_is() -> None:
    result = with_measures({"name": "n", "type": "count"}, {"name": "count", "type": "count", "title": "Orders"})
    assert [(measure.name, measure.title) for measure in result.cubes["orders"].measures] == [
        ("n", None),
        ("count", "Orders"),
    ]


def test_a_column_named_count_leaves_no_room_for_the_measure() -> None:
    assert with_measures(columns=("count",)).cubes["orders"].measures == ()


def test_every_key_that_cube_validates_arrives() -> None:
    measure: dict[str, Any] = {
        "name": "revenue",
        "type": "sum",
        "sql": "{CUBE}.amount",
        "title": "Revenue",
        "description": "Of paid orders.",
        "format": "currency",
        "public": False,
        "filters": [{"sql": "{CUBE}.paid"}],
        "rolling_window": {"trailing": "7 day", "offset": "end"},
        "drill_members": ["id", "customers.name"],
        "meta": {"unit": "EUR"},
    }
    found = with_measures(measure).measures("orders")["revenue"].model_dump(mode="json", exclude_none=True)
    assert {key: found[key] for key in measure} == measure


def test_filters_may_be_plain_text() -> None:
    measure = {"name": "revenue", "type": "sum", "sql": "amount", "filters": ["{CUBE}.paid"]}
    assert [each.sql for each in with_measures(measure).measures("orders")["revenue"].filters] == ["{CUBE}.paid"]


@pytest.mark.parametrize(
    ("spelling", "type_"),
    [("countDistinct", "count_distinct"), ("countDistinctApprox", "count_distinct_approx"), ("avg", "avg")],
)
def test_older_spellings_of_types_are_understood(spelling: str, type_: str) -> None:
    measure = {"name": "m", "type": spelling, "sql": "amount"}
    assert with_measures(measure).measures("orders")["m"].type == type_


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        ({"name": "my measure", "type": "count"}, "letters, digits and underscores"),
        ({"name": "id", "type": "count"}, "has the name of another member"),
        ({"name": "m", "type": "total", "sql": "x"}, "unknown type 'total'; allowed are: count, number"),
        ({"name": "m", "type": "sum"}, "has no sql, which the type sum needs"),
        ({"name": "m", "type": "count", "drill_members": ["nope"]}, "drill_members nope"),
        ({"name": "m", "type": "count", "sqll": "x"}, "meta.cube.measures[0].sqll"),
        ({"type": "count"}, "meta.cube.measures[0].name"),
    ],
)
def test_what_is_wrong_with_a_measure_is_an_error_that_names_it(measure: Document, told: str) -> None:
    (error,) = with_measures(measure).errors
    assert "model.shop.orders" in error
    assert told in error


def test_a_name_given_twice_is_an_error() -> None:
    assert "another member" in with_measures({"name": "m", "type": "count"}, {"name": "m", "type": "count"}).errors[0]


def test_the_cubes_own_name_becomes_the_one_that_holds_in_its_roles_too() -> None:
    measure = {
        "name": "m",
        "type": "sum",
        "sql": "{orders}.amount + {orders.id} + {customers.x} + \\{orders}",
        "filters": ["{ orders }.paid"],
    }
    found = with_measures(measure).measures("orders")["m"]
    assert found.sql == "{CUBE}.amount + {CUBE.id} + {customers.x} + \\{orders}"
    assert found.filters[0].sql == "{ CUBE }.paid"
