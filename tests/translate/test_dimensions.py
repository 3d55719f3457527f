"""Columns become dimensions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.translate.dbt_projects import Document, Translated, column, model, translated


def dimension(described: Document, **options: Any) -> Any:
    return translated(model("orders", described), **options).cubes["orders"].dimensions[0]


def test_a_column_becomes_a_dimension_with_its_type_and_description() -> None:
    found = dimension(column("total", "numeric(12,2)", description="What it costs."))
    assert (found.name, found.sql, found.type, found.description) == (
        "total",
        "{CUBE}.total",
        "number",
        "What it costs.",
    )


def test_a_column_without_a_known_type_is_a_string_without_a_warning() -> None:
    result = translated(model("orders", "a"))
    assert result.dimensions("orders")["a"].type == "string"
    assert result.warnings == []


def test_a_type_that_nobody_knows_is_a_string_with_a_warning_that_says_what_to_set() -> None:
    result = translated(model("orders", column("a", "hyperloglog")))
    assert result.dimensions("orders")["a"].type == "string"
    (warning,) = result.warnings
    assert "model.shop.orders.a" in warning
    assert "'hyperloglog'" in warning
    assert "meta.cube.type" in warning


def test_meta_says_the_type_before_all() -> None:
    assert dimension(column("a", "integer", meta={"cube": {"type": "boolean"}})).type == "boolean"


def test_a_type_in_meta_that_cube_does_not_know_is_an_error_that_lists_the_known_ones() -> None:
    (error,) = translated(model("orders", column("a", meta={"cube": {"type": "int"}}))).errors
    assert "'int'" in error
    assert "string, number, time, boolean, geo" in error


def test_types_are_read_as_the_manifests_adapter_spells_them() -> None:
    # Trino over tables that dbt makes in Snowflake.
    found = dimension(column("a", "TIMESTAMP_NTZ(9)"), adapter="snowflake", database_type="trino")
    assert found.type == "time"


def test_everything_in_a_columns_meta_arrives() -> None:
    cube = {
        "title": "Total",
        "description": "For people.",
        "format": "currency",
        "public": False,
        "meta": {"unit": "EUR"},
    }
    found = dimension(column("a", "numeric", description="For engineers.", meta={"cube": cube}))
    assert {key: getattr(found, key) for key in cube} == cube


def test_an_empty_title_is_none() -> None:
    assert dimension(column("a", meta={"cube": {"title": ""}})).title is None


def test_the_columns_order_is_kept() -> None:
    assert list(translated(model("orders", "z", "a", "m")).dimensions("orders")) == ["z", "a", "m"]


def test_a_keys_columns_are_marked() -> None:
    result = translated(model("orders", "b", "a", "c", cube={"primary_key": ["a", "b"]}))
    assert {name: d.primary_key for name, d in result.dimensions("orders").items()} == {
        "b": True,
        "a": True,
        "c": False,
    }


def test_a_brace_in_a_columns_name_is_an_error_that_says_what_to_do() -> None:
    (error,) = translated(model("orders", "a{b}")).errors
    assert "brace" in error
    assert "rename" in error


def nested(*columns: Document) -> Translated:
    return translated(model("orders", *columns), database_type="bigquery")


def test_a_field_of_a_structure_is_a_dimension_in_bigquery() -> None:
    result = nested(column("address", "STRUCT<city STRING>"), column("address.city", "STRING"))
    assert result.dimensions("orders")["address_city"].sql == "{CUBE}.address.city"


@pytest.mark.parametrize("data_type", ["ARRAY<STRUCT<sku STRING>>", "array<struct<sku string>>", "REPEATED"])
def test_a_field_of_an_array_is_no_dimension_in_bigquery_since_one_row_has_many(data_type: str) -> None:
    result = nested(column("lines", data_type), column("lines.sku", "STRING"))
    assert list(result.dimensions("orders")) == ["lines"]
    assert any("lines.sku" in warning and "unnest" in warning for warning in result.warnings)


@pytest.mark.parametrize("word", ["from", "class", "extends", "sql", "constructor"])
def test_a_column_may_be_called_by_any_word(word: str) -> None:
    result = translated(model("orders", word))
    assert result.errors == []
    assert [d.sql for d in result.cubes["orders"].dimensions] == [f"{{CUBE}}.{word}"]
