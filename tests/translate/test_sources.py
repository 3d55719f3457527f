"""Nodes with their columns, types and names brought together."""

from __future__ import annotations

from typing import Any

import pytest

from floe_cube_infra.translate.selection import Selection
from tests.translate.dbt_projects import FILTERED, catalog_of, column, keyed, model, translated


def test_the_same_name_in_two_packages_gives_two_cubes_that_name_their_packages() -> None:
    result = translated(model("orders", "id"), model("orders", "id", package="web", access="public"))
    assert {cube.name: cube.dbt_node for cube in result.model.cubes} == {
        "shop_orders": "model.shop.orders",
        "web_orders": "model.web.orders",
    }


def test_versions_of_a_model_are_cubes_of_their_own() -> None:
    versions = [model("orders", "id", version=version, latest_version=2) for version in (1, 2)]
    assert list(translated(*versions).cubes) == ["orders_v1", "orders_v2"]


def test_a_version_may_be_any_text() -> None:
    assert list(translated(model("orders", "id", version="2024-beta")).cubes) == ["orders_v2024_beta"]


def test_meta_names_the_cube() -> None:
    assert list(translated(model("fct_orders", "id", cube={"name": "orders"})).cubes) == ["orders"]


def test_a_name_that_cube_does_not_take_is_an_error_that_says_which_it_does() -> None:
    result = translated(model("orders", "id", cube={"name": "my orders"}))
    assert "'my orders' is no name that Cube takes: letters, digits and underscores" in result.errors[0]


def test_a_collision_is_an_error_that_names_both_nodes() -> None:
    result = translated(model("orders", "id"), model("fct_orders", "id", cube={"name": "orders"}))
    (error,) = result.errors
    assert "model.shop.orders" in error
    assert "model.shop.fct_orders" in error
    assert "set meta.cube.name" in error


def test_a_collision_of_a_package_and_a_name_is_seen_as_well() -> None:
    nodes = [
        model("orders", "id"),
        model("orders", "id", package="web", access="public"),
        model("web_orders", "id"),
    ]
    assert len(translated(*nodes).errors) == 1


def test_names_become_what_cube_takes() -> None:
    assert list(translated(model("2024 orders", "id")).cubes) == ["_2024_orders"]


def test_two_columns_that_would_be_one_dimension_are_an_error_that_says_what_to_do() -> None:
    (error,) = translated(model("orders", "a b", "a-b")).errors
    assert "a b" in error
    assert "a-b" in error
    assert "rename" in error


def test_columns_that_differ_only_in_case_are_pointed_out() -> None:
    result = translated(model("orders", "ID", "id"))
    assert "described twice" in result.warnings[0]
    assert len(result.dimensions("orders")) == 1


def test_a_model_without_columns_is_left_out_with_a_warning_that_says_what_to_do() -> None:
    result = translated(model("orders"), model("customers", "id"))
    assert list(result.cubes) == ["customers"]
    assert "no columns" in result.warnings[0]
    assert "catalog.json" in result.warnings[0]


def test_a_model_without_columns_can_be_kept_to_count_its_rows() -> None:
    result = translated(model("orders"), keep_without_columns=True)
    assert result.cubes["orders"].dimensions == ()
    assert list(result.measures("orders")) == ["count"]


def test_columns_come_from_the_catalog_where_the_manifest_has_none() -> None:
    catalog = catalog_of({"model.shop.orders": {"id": "integer", "ordered_at": "timestamp"}})
    dimensions = translated(model("orders"), catalog=catalog).dimensions("orders")
    assert {name: dimension.type for name, dimension in dimensions.items()} == {"id": "number", "ordered_at": "time"}


def test_columns_of_the_manifest_come_first_and_in_its_order() -> None:
    catalog = catalog_of({"model.shop.orders": {"a": "text", "b": "text", "c": "text"}})
    dimensions = translated(model("orders", "c", "b"), catalog=catalog).dimensions("orders")
    assert list(dimensions) == ["c", "b", "a"]


def test_the_type_in_the_manifest_goes_before_the_catalogs() -> None:
    catalog = catalog_of({"model.shop.orders": {"a": "text", "b": "integer"}})
    dimensions = translated(model("orders", column("a", "integer"), "b"), catalog=catalog).dimensions("orders")
    assert {name: dimension.type for name, dimension in dimensions.items()} == {"a": "number", "b": "number"}


@pytest.mark.parametrize(
    ("adapter", "stored", "sql"),
    [
        ("postgres", "order_id", "{CUBE}.order_id"),
        ("postgres", "orderId", '{CUBE}."orderId"'),
        ("postgres", "ORDER_ID", '{CUBE}."ORDER_ID"'),
        ("snowflake", "ORDER_ID", "{CUBE}.order_id"),
        ("snowflake", "orderId", '{CUBE}."orderId"'),
        ("snowflake", "order_id", '{CUBE}."order_id"'),
        ("bigquery", "orderId", "{CUBE}.orderId"),
        ("databricks", "orderId", "{CUBE}.orderId"),
        ("trino", "orderid", "{CUBE}.orderid"),
    ],
)
def test_the_catalog_tells_how_a_name_is_stored_and_so_whether_it_needs_quotes(
    adapter: str, stored: str, sql: str
) -> None:
    catalog = catalog_of({"model.shop.orders": {stored: "text"}})
    from_catalog = translated(model("orders"), catalog=catalog, database_type=adapter)
    assert [dimension.sql for dimension in from_catalog.cubes["orders"].dimensions] == [sql]
    # Documented without `quote: true`, as most people do.
    both = translated(model("orders", stored), catalog=catalog, database_type=adapter)
    assert [d.sql.lower() for d in both.cubes["orders"].dimensions] == [sql.lower()]


def test_columns_are_found_in_any_case_and_with_quotes() -> None:
    result = translated(keyed("orders", "Organization_ID"), security=FILTERED)
    assert result.cubes["orders"].filter_column == "Organization_ID"


def test_descriptions_come_from_the_catalogs_comments_where_dbt_has_none() -> None:
    catalog = catalog_of({"model.shop.orders": {"a": "text"}})
    catalog.nodes["model.shop.orders"].columns["a"] = type(catalog.nodes["model.shop.orders"].columns["a"])(
        name="a", type="text", comment="Told by the warehouse."
    )
    described = translated(model("orders"), catalog=catalog).dimensions("orders")["a"].description
    assert described == "Told by the warehouse."


def test_a_wrong_meta_of_a_column_is_an_error_that_names_the_column_and_the_key() -> None:
    (error,) = translated(model("orders", column("a", meta={"cube": {"tpye": "number"}}))).errors
    assert "model.shop.orders.a" in error
    assert "meta.cube.tpye" in error


def test_meta_may_stand_in_the_configuration_as_newer_dbt_writes_it() -> None:
    in_config: dict[str, Any] = {"config": {"meta": {"cube": {"title": "A!"}}}}
    result = translated(model("orders", column("a", **in_config), config={"meta": {"cube": {"title": "Orders!"}}}))
    assert result.cubes["orders"].title == "Orders!"
    assert result.dimensions("orders")["a"].title == "A!"


@pytest.mark.parametrize("kind", ["seed", "snapshot"])
def test_seeds_and_snapshots_become_cubes_like_models(kind: str) -> None:
    node = {**keyed("countries", "name"), "resource_type": kind}
    result = translated(node, selection=Selection(resource_types=[kind]))
    assert result.cubes["countries"].primary_key == ("id",)
