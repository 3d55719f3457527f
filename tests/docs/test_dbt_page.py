"""The tables of docs/from-dbt.md say what the translation does."""

from __future__ import annotations

import re
from typing import Final, cast

import pytest
from pydantic import BaseModel

from floe_cube_infra.inputs.cube_meta import (
    ColumnMeta,
    HierarchyMeta,
    JoinMeta,
    MeasureMeta,
    ModelMeta,
    SegmentMeta,
    ViewMeta,
)
from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.translate.data_types import dimension_type
from floe_cube_infra.translate.metricflow.aggregations import _TYPES
from tests.docs.pages import DOCS

PAGE: Final = (DOCS / "from-dbt.md").read_text()


def table(first_heading: str, page: str = PAGE) -> list[list[str]]:
    """The rows below the line of headings that begins so, as cells."""
    start = page.index(f"\n| {first_heading} |") + 1
    lines = page[start:].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def codes(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


@pytest.mark.parametrize("row", table("in Cube"), ids=lambda row: row[0])
def test_types_are_what_the_page_says(row: list[str]) -> None:
    kind, *warehouses = row
    for database, cell in zip(("postgres", "snowflake", "bigquery", "databricks", "trino"), warehouses, strict=True):
        for spelling in codes(cell):
            assert [dimension_type(spelling, cast(DatabaseType, database))] == codes(kind), spelling


def test_aggregations_are_what_the_page_says() -> None:
    *plain, percentiles = table("`agg`")
    assert {codes(agg)[0]: codes(kind)[0] for agg, kind in plain} == _TYPES
    assert codes(percentiles[0]) == ["median", "percentile"]


def test_the_keys_of_meta_cube_are_all_on_the_page_and_no_others() -> None:
    of_a_model, of_a_column = (PAGE[PAGE.index(f"Of a {what}:") :] for what in ("model", "column"))
    measure = PAGE[PAGE.index("Of a measure:") :].partition("\n\n")[0]
    assert keys(table("key", of_a_model)) == set(ModelMeta.model_fields)
    assert keys(table("key", of_a_column)) == set(ColumnMeta.model_fields)
    assert set(codes(measure)) == set(MeasureMeta.model_fields)


@pytest.mark.parametrize(
    ("key", "kind"),
    [("joins", JoinMeta), ("segments", SegmentMeta), ("hierarchies", HierarchyMeta), ("views", ViewMeta)],
)
def test_the_keys_of_what_a_model_declares_are_on_the_page(key: str, kind: type[BaseModel]) -> None:
    (row,) = [row for row in table("key") if row[0] == f"`{key}`"]
    assert set(codes(row[1])) == set(kind.model_fields)


def keys(rows: list[list[str]]) -> set[str]:
    return {key for row in rows for key in codes(row[0])}
