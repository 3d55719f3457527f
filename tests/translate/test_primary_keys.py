"""The primary key: where it comes from, and which source goes before which."""

from __future__ import annotations

from typing import Any

import pytest

from tests.translate.dbt_projects import Document, checked, column, model, translated


def key_of(node: Document, *tests: Document) -> tuple[str, ...]:
    return translated(node, *tests).cubes["orders"].primary_key


def guarded(node: Document, name: str, **config: Any) -> list[Document]:
    return [checked(kind, node, name, **config) for kind in ("unique", "not_null")]


CONSTRAINT = {"type": "primary_key"}


def test_each_source_goes_before_the_ones_after_it() -> None:
    columns: list[str | Document] = [
        "tested",
        "inferred",
        column("column_constrained", constraints=[CONSTRAINT]),
        "constrained",
    ]
    columns += [column("column_declared", meta={"cube": {"primary_key": True}}), "declared"]
    keys: dict[str, Any] = {
        "cube": {"primary_key": "declared"},
        "constraints": [{**CONSTRAINT, "columns": ["constrained"]}],
        "primary_key": ["inferred"],
    }

    def node() -> Document:
        return model("orders", *columns, **keys)

    tests = [*guarded(node(), "tested"), *guarded(node(), "inferred")]
    assert key_of(node(), *tests) == ("declared",)
    del keys["cube"]
    assert key_of(node(), *tests) == ("column_declared",)
    columns[4] = "column_declared"
    assert key_of(node(), *tests) == ("constrained",)
    del keys["constraints"]
    assert key_of(node(), *tests) == ("column_constrained",)
    columns[2] = "column_constrained"
    assert key_of(node(), *tests) == ("inferred",)
    del keys["primary_key"]
    assert key_of(node(), *tests[:2]) == ("tested",)
    assert key_of(node()) == ()


@pytest.mark.parametrize(
    "keys",
    [
        {"cube": {"primary_key": ["order_id", "line"]}},
        {"constraints": [{**CONSTRAINT, "columns": ["order_id", "line"]}]},
        {"primary_key": ["order_id", "line"]},
    ],
)
def test_keys_of_several_columns_come_from_every_source(keys: dict[str, Any]) -> None:
    assert key_of(model("orders", "order_id", "line", "amount", **keys)) == ("order_id", "line")


def test_columns_that_say_so_together_are_one_key() -> None:
    parts = [column(name, meta={"cube": {"primary_key": True}}) for name in ("order_id", "line")]
    assert key_of(model("orders", *parts)) == ("order_id", "line")


def test_columns_that_are_unique_together_are_a_key_if_none_is_null() -> None:
    node = model("orders", "order_id", "line")
    combination = {"combination_of_columns": ["line", "order_id"]}
    unique = checked("unique_combination_of_columns", node, arguments=combination)
    not_null = [checked("not_null", node, name) for name in ("order_id", "line")]
    assert key_of(node, unique, *not_null) == ("order_id", "line")
    assert key_of(node, unique, not_null[0]) == ()


def test_a_not_null_constraint_is_as_good_as_a_test() -> None:
    node = model("orders", column("id", constraints=[{"type": "not_null"}]))
    assert key_of(node, checked("unique", node, "id")) == ("id",)


@pytest.mark.parametrize(
    "config", [{"severity": "warn"}, {"where": "id > 0"}, {"limit": 5}, {"error_if": "> 10"}, {"enabled": False}]
)
def test_tests_that_let_rows_through_make_no_key(config: dict[str, Any]) -> None:
    node = model("orders", "id")
    assert key_of(node, *guarded(node, "id", **config)) == ()
    # Nor does dbt's own key, which it infers from just these tests.
    assert key_of({**node, "primary_key": ["id"]}, *guarded(node, "id", **config)) == ()


def test_dbts_own_key_is_taken_where_nothing_speaks_against_it() -> None:
    assert key_of(model("orders", "id", primary_key=["id"])) == ("id",)


def test_dbts_own_key_needs_no_test_against_null() -> None:
    node = model("orders", "id", primary_key=["id"])
    assert key_of(node, checked("unique", node, "id")) == ("id",)


def test_of_the_unique_columns_that_dbt_throws_together_the_first_is_the_key() -> None:
    node = model("orders", "id", "number", primary_key=["number", "id"])
    assert key_of(node, *guarded(node, "id"), *guarded(node, "number")) == ("id",)
    assert key_of(node, checked("unique", node, "id"), *guarded(node, "number")) == ("number",)
    assert key_of(node, checked("unique", node, "id"), checked("unique", node, "number")) == ("id",)


def test_part_of_a_unique_combination_is_no_key_though_dbt_says_so() -> None:
    # dbt asks of each column on its own whether it has both tests, and a combination counts for each of its columns.
    node = model("orders", "order_id", "line", primary_key=["order_id"])
    combination = {"combination_of_columns": ["order_id", "line"]}
    unique = checked("unique_combination_of_columns", node, arguments=combination)
    assert key_of(node, unique, checked("not_null", node, "order_id")) == ()
    both = [checked("not_null", node, name) for name in ("order_id", "line")]
    assert key_of(node, unique, *both) == ("order_id", "line")


def test_the_shortest_of_several_keys_is_taken_and_of_these_the_first_column() -> None:
    node = model("orders", "a", "b", "c", "d")
    pair = checked("unique_combination_of_columns", node, arguments={"combination_of_columns": ["a", "b"]})
    tests = [pair, checked("not_null", node, "a"), checked("not_null", node, "b")]
    assert key_of(node, *tests) == ("a", "b")
    assert key_of(node, *tests, *guarded(node, "d"), *guarded(node, "c")) == ("c",)


def test_a_key_that_names_no_column_is_left_out_with_a_warning() -> None:
    result = translated(model("orders", "id", cube={"primary_key": ["id", "nope"]}))
    assert result.cubes["orders"].primary_key == ()
    assert "names nope, which is no column" in result.warnings[0]


def test_tests_on_one_version_say_nothing_about_another() -> None:
    first, second = (model("orders", "id", version=version, latest_version=2) for version in (1, 2))
    result = translated(first, second, *guarded(second, "id"))
    assert {name: cube.primary_key for name, cube in result.cubes.items()} == {"orders_v1": (), "orders_v2": ("id",)}


def test_tests_in_one_package_say_nothing_about_the_same_name_in_another() -> None:
    ours, theirs = model("orders", "id"), model("orders", "id", package="web", access="public")
    result = translated(ours, theirs, *guarded(theirs, "id"))
    assert result.cubes["shop_orders"].primary_key == ()
    assert result.cubes["web_orders"].primary_key == ("id",)


def test_a_unique_test_on_an_expression_is_no_key() -> None:
    node = model("orders", "id")
    assert key_of(node, *guarded(node, "id || '-' || id")) == ()
