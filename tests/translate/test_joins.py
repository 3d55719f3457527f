"""Relationships become joins: which, with which cardinality and condition."""

from __future__ import annotations

from typing import Any

import pytest

from tests.translate.dbt_projects import (
    FILTERED,
    Document,
    checked,
    column,
    foreign_key,
    keyed,
    model,
    related,
    translated,
)

CUSTOMERS = keyed("customers", "email")


def orders(*columns: str | Document, **keys: Any) -> Document:
    return keyed("orders", "customer_id", *columns, **keys)


def test_a_relationships_test_becomes_a_join() -> None:
    (join,) = translated(orders(), CUSTOMERS, related(orders(), "customer_id", CUSTOMERS)).cubes["orders"].joins
    assert join.name == "customers"
    assert join.relationship == "many_to_one"
    assert join.sql == "{CUBE}.customer_id = {customers}.id"


def test_a_foreign_key_of_a_column_or_of_the_model_becomes_a_join() -> None:
    of_column = keyed("orders", column("customer_id", constraints=[foreign_key(CUSTOMERS, "id")]))
    of_model = orders()
    of_model["constraints"] = [*of_model["constraints"], foreign_key(CUSTOMERS, "id", columns=["customer_id"])]
    for node in (of_column, of_model):
        joins = translated(node, CUSTOMERS).joins("orders")
        assert [(name, join.sql) for name, join in joins.items()] == [
            ("customers", "{CUBE}.customer_id = {customers}.id")
        ]


@pytest.mark.parametrize(
    "constraint",
    [
        {"to": "ref('customers')", "to_columns": ["id"]},
        {"to": "ref('shop', 'customers')", "to_columns": ["id"]},
        {"to": "dev.public.customers", "to_columns": ["ID"]},
        {"to": "`dev`.`public`.`customers`", "to_columns": ["id"]},
        {"to": "public.customers", "to_columns": ["id"]},
        {"to": "customers", "to_columns": ["id"]},
        {"to": "customers"},
        {"expression": "dev.public.customers (id)"},
        {"expression": 'references "dev"."public"."customers" ("id") on delete cascade'},
        {"expression": "public.customers"},
    ],
)
def test_a_foreign_key_is_understood_in_every_form(constraint: Document) -> None:
    node = keyed("orders", column("customer_id", constraints=[{"type": "foreign_key", **constraint}]))
    assert list(translated(node, CUSTOMERS).joins("orders")) == ["customers"]


@pytest.mark.parametrize("to", ["raw.customers", "prod.public.customers", "ref('web', 'customers')", "nowhere", ""])
def test_a_foreign_key_to_another_table_of_the_same_name_is_no_join(to: str) -> None:
    node = keyed("orders", column("customer_id", constraints=[{"type": "foreign_key", "to": to, "to_columns": ["id"]}]))
    assert translated(node, CUSTOMERS).cubes["orders"].joins == ()


def test_of_two_models_of_one_name_the_foreign_key_means_its_own_packages() -> None:
    others = keyed("customers", package="web", access="public", relation_name='"dev"."web"."customers"')
    constraint = {"type": "foreign_key", "to": "ref('customers')", "to_columns": ["id"]}
    result = translated(keyed("orders", column("customer_id", constraints=[constraint])), CUSTOMERS, others)
    assert list(result.joins("orders")) == ["shop_customers"]


def test_of_versions_the_foreign_key_means_the_latest_unless_it_says() -> None:
    versions = [keyed("customers", version=version, latest_version=2) for version in (1, 2)]
    to = {"type": "foreign_key", "to_columns": ["id"]}
    columns = [
        column("a_id", constraints=[{**to, "to": "ref('customers')"}]),
        column("b_id", constraints=[{**to, "to": "ref('customers', v=1)"}]),
    ]
    joins = translated(keyed("orders", *columns), *versions).joins("orders")
    assert {name: join.sql.split(" ")[0] for name, join in joins.items()} == {
        "customers_v1": "{CUBE}.b_id",
        "customers_v2": "{CUBE}.a_id",
    }


def test_an_edge_that_tests_and_constraints_both_name_is_joined_once() -> None:
    node = keyed("orders", column("customer_id", constraints=[foreign_key(CUSTOMERS, "id")]))
    result = translated(node, CUSTOMERS, related(node, "customer_id", CUSTOMERS))
    assert list(result.joins("orders")) == ["customers"]
    assert result.model.roles == ()
    assert result.warnings == []


def composite(*columns: str | Document) -> Document:
    constraint = {"type": "primary_key", "columns": ["order_id", "line"]}
    return model("order_lines", "order_id", "line", *columns, constraints=[constraint])


def test_a_foreign_key_of_several_columns_joins_on_all_of_them() -> None:
    lines = composite()
    returns = keyed("returns", "order_id", "line")
    returns["constraints"].append(foreign_key(lines, "order_id", "line", columns=["order_id", "line"]))
    join = translated(returns, lines).joins("returns")["order_lines"]
    assert join.relationship == "many_to_one"
    assert join.sql == "{CUBE}.order_id = {order_lines}.order_id AND {CUBE}.line = {order_lines}.line"


def test_part_of_a_composite_key_that_a_test_names_says_nothing_more() -> None:
    lines = composite()
    returns = keyed("returns", "order_id", "line")
    returns["constraints"].append(foreign_key(lines, "order_id", "line", columns=["order_id", "line"]))
    result = translated(returns, lines, related(returns, "order_id", lines, "order_id"))
    assert list(result.joins("returns")) == ["order_lines"]
    assert result.warnings == []


def test_the_cardinality_comes_from_keys_and_unique_tests() -> None:
    def cardinality(source: Document, target: Document, *tests: Document) -> str:
        tests = (*tests, related(source, "customer_id", target, "customer_id"))
        return translated(source, target, *tests).joins("orders")["customers"].relationship

    by_key = keyed("customers", key="customer_id")
    by_number = keyed("customers", "customer_id")
    once = keyed("orders", key="customer_id")
    assert cardinality(orders(), by_key) == "many_to_one"
    assert cardinality(once, by_key) == "one_to_one"
    assert cardinality(once, by_number) == "one_to_many"
    assert cardinality(orders(), by_number, checked("unique", by_number, "customer_id")) == "many_to_one"
    unique = column("customer_id", constraints=[{"type": "unique"}])
    assert cardinality(orders(), keyed("customers", unique)) == "many_to_one"
    by_number["constraints"].append({"type": "unique", "columns": ["customer_id"]})
    assert cardinality(orders(), by_number) == "many_to_one"


def test_many_to_many_is_not_joined_and_the_warning_says_how_to_mend_it() -> None:
    target = keyed("customers", "customer_id")
    result = translated(orders(), target, related(orders(), "customer_id", target, "customer_id"))
    assert result.cubes["orders"].joins == ()
    (warning,) = result.warnings
    assert "model.shop.orders.customer_id" in warning
    assert "customer_id is unique in customers; add a unique test, or a primary key" in warning


@pytest.mark.parametrize("keyless", ["orders", "customers"])
def test_a_cube_without_a_key_is_not_joined_and_the_warning_says_how_to_mend_it(keyless: str) -> None:
    nodes = {"orders": orders(), "customers": CUSTOMERS}
    nodes[keyless] = {**nodes[keyless], "constraints": []}
    result = translated(*nodes.values(), related(nodes["orders"], "customer_id", nodes["customers"]))
    assert result.cubes["orders"].joins == ()
    assert (
        f"{keyless} has no primary key, which Cube needs to join; add unique and not_null tests" in result.warnings[0]
    )


@pytest.mark.parametrize("config", [{"enabled": False}, {"materialized": "ephemeral"}])
def test_a_model_that_is_no_cube_is_not_joined_and_the_warning_names_it(config: dict[str, Any]) -> None:
    hidden = {**CUSTOMERS, "config": config}
    result = translated(orders(), hidden, related(orders(), "customer_id", hidden))
    assert result.cubes["orders"].joins == ()
    assert "is not joined to model.shop.customers by the relationships test: that is no cube here" in result.warnings[0]


def test_a_column_that_nobody_knows_is_not_joined_by() -> None:
    result = translated(orders(), CUSTOMERS, related(orders(), "client_id", CUSTOMERS))
    assert result.cubes["orders"].joins == ()
    assert "client_id is no known column of model.shop.orders" in result.warnings[0]


def test_a_reference_to_oneself_is_no_join() -> None:
    employees = keyed("employees", "manager_id")
    result = translated(employees, related(employees, "manager_id", employees))
    assert result.cubes["employees"].joins == ()
    assert result.warnings == []


def test_joins_to_several_cubes_are_sorted() -> None:
    shops = keyed("a_shops")
    node = orders("shop_id")
    result = translated(
        node, shops, CUSTOMERS, related(node, "customer_id", CUSTOMERS), related(node, "shop_id", shops)
    )
    assert [join.name for join in result.cubes["orders"].joins] == ["a_shops", "customers"]


def test_filtered_cubes_are_joined_on_their_owners_too() -> None:
    node, target = orders("organization_id"), keyed("customers", "organization_id")
    join = translated(node, target, related(node, "customer_id", target), security=FILTERED).joins("orders")[
        "customers"
    ]
    assert join.sql == ("{CUBE}.customer_id = {customers}.id AND {CUBE}.organization_id = {customers}.organization_id")


def test_the_owners_may_be_called_differently() -> None:
    node, target = orders("organization_id"), keyed("customers", "org_id", cube={"filter_column": "org_id"})
    join = translated(node, target, related(node, "customer_id", target), security=FILTERED).joins("orders")[
        "customers"
    ]
    assert join.sql.endswith(" AND {CUBE}.organization_id = {customers}.org_id")


def test_a_reference_to_the_owner_itself_is_not_said_twice() -> None:
    node, target = orders("organization_id"), keyed("organizations", key="organization_id")
    result = translated(node, target, related(node, "organization_id", target, "organization_id"), security=FILTERED)
    assert result.joins("orders")["organizations"].sql == ("{CUBE}.organization_id = {organizations}.organization_id")


def test_cubes_are_not_joined_on_an_owner_that_only_one_of_them_has() -> None:
    node = orders("organization_id")
    join = translated(node, CUSTOMERS, related(node, "customer_id", CUSTOMERS), security=FILTERED).joins("orders")
    assert join["customers"].sql == "{CUBE}.customer_id = {customers}.id"


def test_a_key_within_the_owner_is_unique_only_where_both_have_the_owner() -> None:
    constraint = {"type": "primary_key", "columns": ["organization_id", "id"]}
    target = model("customers", "organization_id", "id", constraints=[constraint])

    def joins(node: Document) -> list[str]:
        result = translated(node, target, related(node, "customer_id", target), security=FILTERED)
        return [join.relationship for join in result.cubes["orders"].joins]

    assert joins(orders("organization_id")) == ["many_to_one"]
    assert joins(orders()) == []


def test_a_column_with_a_brace_is_an_error_and_no_crash() -> None:
    node = orders("a{b}")
    errors = translated(node, CUSTOMERS, related(node, "a{b}", CUSTOMERS)).errors
    assert any("brace" in error for error in errors)
