"""Row-level security: which column filters a cube's rows."""

from __future__ import annotations

from typing import Any

import pytest

from floe_cube_infra.model.access import Refused, RowFilter, Unfiltered
from floe_cube_infra.translate.row_access import RowSecurity
from tests.translate.dbt_projects import FILTERED, OPEN, column, model, translated


def test_rows_are_filtered_by_the_stacks_column_and_the_claim() -> None:
    cube = translated(model("orders", "organization_id"), security=FILTERED).cubes["orders"]
    assert cube.access == RowFilter(member="organization_id", claim="org")
    assert cube.filter_column == "organization_id"


def test_a_cube_may_have_a_column_of_its_own() -> None:
    node = model("orders", "organization_id", "org", cube={"filter_column": "ORG"})
    assert translated(node, security=FILTERED).cubes["orders"].access == RowFilter(member="org", claim="org")


def test_a_cube_without_the_column_is_refused_and_the_warning_says_what_can_be_done() -> None:
    result = translated(model("orders", "id"), security=FILTERED)
    assert result.cubes["orders"].access == Refused()
    assert result.cubes["orders"].filter_column is None
    (warning,) = result.warnings
    assert "has no column organization_id, so the cube orders refuses every query" in warning
    assert "meta.cube.filter_column" in warning
    assert "security.unfilteredCubes" in warning


def test_a_cube_without_the_column_can_be_listed_as_unfiltered() -> None:
    security = RowSecurity(enabled=True, filter_column="org", filter_claim="org", unfiltered_cubes=["orders"])
    result = translated(model("orders", "id"), security=security)
    assert result.cubes["orders"].access == Unfiltered()
    assert result.warnings == []


def test_a_listed_cube_that_has_the_column_is_filtered_all_the_same() -> None:
    security = RowSecurity(enabled=True, filter_column="org", filter_claim="org", unfiltered_cubes=["orders"])
    assert translated(model("orders", "org"), security=security).cubes["orders"].access.kind == "filter"


def test_a_column_that_is_not_there_is_an_error_that_lists_those_that_are() -> None:
    node = model("orders", "id", "organization_id", cube={"filter_column": "org"})
    result = translated(node, security=FILTERED)
    (error,) = result.errors
    assert "meta.cube.filter_column 'org' is no column of it; allowed are: id, organization_id" in error
    assert result.cubes["orders"].access == Refused()


def test_rows_are_not_filtered_where_that_is_switched_off() -> None:
    result = translated(model("orders", "id", cube={"filter_column": "nope"}), security=OPEN)
    assert result.cubes["orders"].access == Unfiltered()
    assert result.issues == []


def test_a_cube_without_columns_that_would_refuse_everything_is_left_out() -> None:
    result = translated(model("orders"), security=FILTERED, keep_without_columns=True)
    assert result.cubes == {}
    assert "organization_id" in result.warnings[0]


@pytest.mark.parametrize("meta", [{"cube": {"visibility": "mask"}}, {"cube": {"visibility": "hide"}}])
def test_a_column_that_filters_is_hidden_where_it_would_be_masked(meta: dict[str, Any]) -> None:
    # A constant would filter nothing out, or everything.
    result = translated(model("orders", column("organization_id", meta=meta)), security=FILTERED)
    found = result.dimensions("orders")["organization_id"]
    assert (found.sql, found.public) == ("{CUBE}.organization_id", False)
