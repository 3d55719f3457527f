from __future__ import annotations

import json
from pathlib import Path

import pytest

from floe_cube_infra.errors import CatalogError
from floe_cube_infra.inputs import dbt_catalog

TARGET = Path(__file__).parents[2] / "examples" / "shop" / "target"
SCHEMA = "https://schemas.getdbt.com/dbt/catalog/v1.json"


def refusal(content: bytes) -> str:
    with pytest.raises(CatalogError) as caught:
        dbt_catalog.load(content, "catalog.json")
    return str(caught.value)


def test_the_samples_catalog_is_read_whole() -> None:
    content = (TARGET / "catalog.json").read_bytes()
    expected = json.loads(content)["nodes"]
    catalog = dbt_catalog.load(content, "catalog.json")

    assert {
        key: {column.name: (column.type, column.index) for column in table.columns.values()}
        for key, table in catalog.nodes.items()
    } == {
        key: {column["name"]: (column["type"], column["index"]) for column in table["columns"].values()}
        for key, table in expected.items()
    }


def test_a_table_without_columns_and_a_column_with_a_name_only_are_read() -> None:
    content = {
        "metadata": {"dbt_schema_version": SCHEMA},
        "nodes": {"model.shop.a": {}, "model.shop.b": {"columns": {"ID": {"name": "ID"}}}},
        "sources": {"ignored": True},
        "errors": None,
    }
    catalog = dbt_catalog.load(json.dumps(content).encode(), "catalog.json")

    assert catalog.nodes["model.shop.a"].columns == {}
    column = catalog.nodes["model.shop.b"].columns["ID"]
    assert (column.type, column.index, column.comment) == ("", 0, None)


def test_what_stands_for_no_catalog_is_empty() -> None:
    assert dbt_catalog.EMPTY.nodes == {}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" ",
        b"[]",
        b"{}",
        b"null",
        b"text",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"nodes": ' * 100_000,
        b'{"metadata": null}',
        b'{"metadata": {"dbt_schema_version": "\xff"}}',
        b'{"metadata": {}, "nodes": {"a": {"columns": []}}}',
        b'{"metadata": {}, "nodes": {"a": {"columns": {"b": {"name": null}}}}}',
    ],
)
def test_what_is_no_catalog_is_refused(content: bytes) -> None:
    assert refusal(content).startswith("The dbt catalog catalog.json can't be read: ")


def test_a_manifest_given_as_a_catalog_is_refused_by_name() -> None:
    assert "/dbt/manifest/" in refusal((TARGET / "manifest.json").read_bytes())


def test_a_catalog_without_its_schema_is_refused() -> None:
    assert "dbt_schema_version is ''. Give target/catalog.json." in refusal(b'{"metadata": {}}')


@pytest.mark.parametrize(
    ("statistics", "rows"),
    [
        ({"row_count": {"value": 1200.0}}, 1200),
        ({"num_rows": {"id": "num_rows", "label": "# Rows", "value": 7, "include": True}}, 7),
        ({"has_stats": {"value": False}}, None),
        ({"rows": {"value": "many"}}, None),
    ],
)
def test_rows_are_known_where_the_adapter_counts_them(statistics: dict[str, object], rows: int | None) -> None:
    document = {
        "metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/catalog/v1.json"},
        "nodes": {"model.shop.orders": {"columns": {}, "stats": statistics}},
    }

    counts = dbt_catalog.load(json.dumps(document).encode(), "catalog.json").row_counts()

    assert counts == ({} if rows is None else {"model.shop.orders": rows})
