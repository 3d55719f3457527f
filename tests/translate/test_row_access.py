"""Row-level security: which column filters a cube's rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from floe_cube_infra.model.access import Filtered, Refused, RowFilter, Unfiltered
from floe_cube_infra.translate.row_access import ColumnFilter, RowSecurity
from tests.translate.dbt_projects import FILTERED, OPEN, column, keyed, model, translated

REGION = ColumnFilter(column="region", claim="area", setting="security.furtherFilters[0]")
ORGANIZATION = ColumnFilter(column="organization_id", claim="org")


def stack(*filters: ColumnFilter) -> RowSecurity:
    return RowSecurity(enabled=True, filters=filters)


def test_rows_are_filtered_by_the_stacks_column_and_the_claim() -> None:
    cube = translated(model("orders", "organization_id"), security=FILTERED).cubes["orders"]
    assert cube.access == Filtered(filters=(RowFilter(member="organization_id", claim="org"),))
    assert cube.filter_column == "organization_id"


def test_a_cube_may_have_a_column_of_its_own() -> None:
    node = model("orders", "organization_id", "org", cube={"filter_column": "ORG"})
    access = translated(node, security=FILTERED).cubes["orders"].access
    assert access == Filtered(filters=(RowFilter(member="org", claim="org"),))


def test_a_cube_without_the_column_is_refused_and_the_error_names_it_and_says_what_can_be_done() -> None:
    result = translated(model("orders", "id"), security=FILTERED)
    assert result.cubes["orders"].access == Refused()
    assert result.cubes["orders"].filter_column is None
    assert result.errors == []  # nothing that keeps the other cubes from being generated
    (error,) = result.refusals
    assert "has no column organization_id, so the cube orders refuses every query" in error
    assert "meta.cube.filter_column" in error
    assert "security.unfilteredCubes" in error


def test_a_cube_without_the_column_can_be_listed_as_unfiltered() -> None:
    security = stack(ColumnFilter(column="org", claim="org", unfiltered_cubes=["orders"]))
    result = translated(model("orders", "id"), security=security)
    assert result.cubes["orders"].access == Unfiltered()
    assert result.issues == []


def test_a_listed_cube_that_has_the_column_is_filtered_all_the_same() -> None:
    security = stack(ColumnFilter(column="org", claim="org", unfiltered_cubes=["orders"]))
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
    assert "organization_id" in result.refusals[0]


@pytest.mark.parametrize("meta", [{"cube": {"visibility": "mask"}}, {"cube": {"visibility": "hide"}}])
def test_a_column_that_filters_is_hidden_where_it_would_be_masked(meta: dict[str, Any]) -> None:
    # A constant would filter nothing out, or everything.
    result = translated(model("orders", column("organization_id", meta=meta)), security=FILTERED)
    found = result.dimensions("orders")["organization_id"]
    assert (found.sql, found.public) == ("{CUBE}.organization_id", False)


def test_every_filter_of_the_stack_holds_for_a_cube_with_its_own_name_for_the_column() -> None:
    further = replace(REGION, columns={"orders": "sales_region"}, exempt_roles=["traveller"])
    node = model("orders", "organization_id", "sales_region", "region")
    assert translated(node, security=stack(ORGANIZATION, further)).cubes["orders"].access == Filtered(
        filters=(
            RowFilter(member="organization_id", claim="org"),
            RowFilter(member="sales_region", claim="area", exempts=True),
        )
    )


def test_a_models_own_filter_column_is_that_of_the_first_filter_only() -> None:
    node = model("orders", "org", "region", cube={"filter_column": "org"})
    found = translated(node, security=stack(ORGANIZATION, REGION)).cubes["orders"]
    assert found.filter_columns == ("org", "region")


def test_a_cube_that_lacks_one_of_the_columns_is_refused_unless_that_filter_lists_it() -> None:
    node = model("orders", "organization_id")
    result = translated(node, security=stack(ORGANIZATION, REGION))
    assert result.cubes["orders"].access == Refused()
    (error,) = result.refusals
    assert "has no column region" in error
    assert "security.furtherFilters[0].unfilteredCubes" in error
    listed = translated(node, security=stack(ORGANIZATION, replace(REGION, unfiltered_cubes=["orders"])))
    assert listed.cubes["orders"].filter_columns == ("organization_id",)
    assert listed.issues == []


def test_a_column_of_the_settings_that_is_not_there_is_an_error() -> None:
    result = translated(model("orders", "id"), security=stack(replace(ORGANIZATION, columns={"orders": "org"})))
    (error,) = result.errors
    assert "security.columns 'org' is no column of it; allowed are: id" in error


def test_names_that_fit_no_cube_and_no_join_are_told() -> None:
    security = RowSecurity(
        enabled=True,
        filters=(replace(ORGANIZATION, columns={"nobody": "a"}, unfiltered_cubes=["nothing"]),),
        unequated_joins=["orders.nowhere"],
    )
    found = "\n".join(translated(model("orders", "organization_id"), security=security).warnings)
    assert "security.columns: names 'nobody'" in found
    assert "security.unfilteredCubes: names 'nothing'" in found
    assert "security.unequatedJoins: names 'orders.nowhere'" in found


def test_a_claim_is_of_the_type_of_most_of_its_columns_and_other_cubes_are_refused() -> None:
    result = translated(
        model("orders", column("organization_id", "bigint")),
        model("customers", column("organization_id", "integer")),
        model("legacy", column("organization_id", "text")),
        security=FILTERED,
    )
    types = {name: cube.access.filters[0].type for name, cube in result.cubes.items() if cube.access.kind == "filter"}
    assert types == {"orders": "number", "customers": "number"}
    assert result.cubes["legacy"].access == Refused()
    (error,) = result.refusals
    assert "its organization_id, a string, but has a number in most cubes, so the cube legacy refuses" in error
    assert error.endswith("cast the column in the model, or set its meta.cube.type")


def test_a_column_of_another_type_because_nobody_says_its_type_needs_the_catalog() -> None:
    result = translated(
        model("orders", column("organization_id", "bigint")), model("customers", "organization_id"), security=FILTERED
    )
    assert {name: cube.access.kind for name, cube in result.cubes.items()} == {
        "orders": "filter",
        "customers": "refused",
    }
    assert result.refusals[0].endswith("give dbt's catalog.json, which knows its type, or set its meta.cube.type")


def test_a_time_is_nothing_to_filter_by() -> None:
    result = translated(model("orders", column("organization_id", "timestamp")), security=FILTERED)
    assert result.cubes["orders"].access == Refused()
    assert "a number, text or boolean" in result.refusals[0]


@pytest.mark.parametrize("named", ["orders.customers", "customers.orders"])
def test_a_join_that_is_named_does_not_equate_the_owners_and_all_others_do(named: str) -> None:
    join = {"name": "customers", "sql": "{CUBE}.customer_id = {customers}.id", "relationship": "many_to_one"}
    nodes = (
        keyed("orders", "organization_id", "customer_id", cube={"joins": [join]}),
        keyed("customers", "organization_id"),
    )
    equated = translated(*nodes, security=FILTERED).joins("orders")["customers"].sql
    assert equated.endswith("AND {CUBE}.organization_id = {customers}.organization_id")
    security = replace(FILTERED, unequated_joins=[named])
    assert translated(*nodes, security=security).joins("orders")["customers"].sql == join["sql"]
