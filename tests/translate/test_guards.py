"""What dbt's tests really guarantee."""

from __future__ import annotations

from typing import Any

import pytest

from floe_cube_infra.translate.guards import Guards, read_guards
from tests.translate.dbt_projects import Document, checked, manifest_of, model, related

ORDERS = model("orders", "id", "customer_id")
CUSTOMERS = model("customers", "id")


def guards_of(*nodes: Document) -> Guards:
    return read_guards(manifest_of(ORDERS, CUSTOMERS, *nodes))


def test_unique_and_not_null_are_known_by_the_nodes_id() -> None:
    guards = guards_of(checked("unique", ORDERS, "ID"), checked("not_null", ORDERS, '"id"'))
    assert guards.unique == {"model.shop.orders": {("id",)}}
    assert guards.not_null == {"model.shop.orders": {"id"}}


@pytest.mark.parametrize(
    "config",
    [
        {"where": "id > 0"},
        {"limit": 10},
        {"severity": "warn"},
        {"severity": "WARN"},
        {"error_if": "> 10"},
        {"enabled": False},
    ],
)
@pytest.mark.parametrize("kind", ["unique", "not_null"])
def test_a_test_that_lets_rows_through_guarantees_nothing(kind: str, config: dict[str, Any]) -> None:
    guards = guards_of(checked(kind, ORDERS, "id", **config))
    assert not guards.unique
    assert not guards.not_null
    assert dict(guards.doubtful) == ({"model.shop.orders": {("id",)}} if kind == "unique" else {})


@pytest.mark.parametrize(
    "config", [{"severity": "ERROR"}, {"error_if": "!=0"}, {"error_if": ">0"}, {"error_if": ">= 1"}, {"warn_if": "> 5"}]
)
def test_a_test_that_stops_at_the_first_row_guards(config: dict[str, Any]) -> None:
    assert guards_of(checked("unique", ORDERS, "id", **config)).unique == {"model.shop.orders": {("id",)}}


def test_several_columns_can_be_unique_together() -> None:
    combination = {"combination_of_columns": ["Line", "order_id"]}
    guards = guards_of(checked("unique_combination_of_columns", ORDERS, arguments=combination))
    assert guards.unique == {"model.shop.orders": {("line", "order_id")}}


def test_a_combination_that_lets_rows_through_is_doubtful() -> None:
    combination = {"combination_of_columns": ["a", "b"]}
    guards = guards_of(checked("unique_combination_of_columns", ORDERS, arguments=combination, severity="warn"))
    assert not guards.unique
    assert guards.doubtful == {"model.shop.orders": {("a", "b")}}


def test_a_combination_that_is_no_list_of_columns_says_nothing() -> None:
    combination = {"combination_of_columns": ["a", 1]}
    assert not guards_of(checked("unique_combination_of_columns", ORDERS, arguments=combination)).unique


def test_a_relationships_test_refers_to_a_node_by_its_id() -> None:
    (reference,) = guards_of(related(ORDERS, "customer_id", CUSTOMERS)).references
    assert (reference.node, reference.column) == ("model.shop.orders", "customer_id")
    assert (reference.to, reference.to_column) == ("model.shop.customers", "id")


def test_a_relationships_test_that_only_warns_still_says_how_tables_belong_together() -> None:
    assert guards_of(related(ORDERS, "customer_id", CUSTOMERS, severity="warn", where="x")).references


def test_a_disabled_relationships_test_says_nothing() -> None:
    assert not guards_of(related(ORDERS, "customer_id", CUSTOMERS, enabled=False)).references


def test_older_manifests_say_only_by_an_argument_which_node_is_tested() -> None:
    test = related(ORDERS, "customer_id", CUSTOMERS)
    test["attached_node"] = None
    test["test_metadata"]["kwargs"]["model"] = "{{ get_where_subquery(ref('orders')) }}"
    (reference,) = guards_of(test).references
    assert (reference.node, reference.to) == ("model.shop.orders", "model.shop.customers")


def test_older_manifests_with_one_node_need_no_argument() -> None:
    test = {**checked("unique", ORDERS, "id"), "attached_node": None}
    assert guards_of(test).unique == {"model.shop.orders": {("id",)}}


def test_tests_of_sources_say_nothing_about_models() -> None:
    test = {
        **checked("unique", ORDERS, "id"),
        "attached_node": None,
        "depends_on": {"nodes": ["source.shop.raw.orders"]},
    }
    assert "model.shop.orders" not in guards_of(test).unique


@pytest.mark.parametrize(
    ("to", "meant"),
    [
        ("ref('web', 'users')", "model.web.users"),
        ('ref("shop", "users")', "model.shop.users"),
        ("{{ ref('web', 'users') }}", "model.web.users"),
    ],
)
def test_of_two_packages_the_one_in_the_ref_is_meant(to: str, meant: str) -> None:
    users = [model("users", "id"), model("users", "id", package="web")]
    test = checked("relationships", ORDERS, "customer_id", arguments={"to": to, "field": "id"})
    test["depends_on"] = {"nodes": [*(node["unique_id"] for node in users), ORDERS["unique_id"]]}
    (reference,) = guards_of(*users, test).references
    assert reference.to == meant


@pytest.mark.parametrize("to", ["ref('users', v=1)", "ref('users', version='1')", "ref('shop', 'users', v=1)"])
def test_of_two_versions_the_one_in_the_ref_is_meant(to: str) -> None:
    users = [model("users", "id", version=version, latest_version=2) for version in (2, 1)]
    test = checked("relationships", ORDERS, "customer_id", arguments={"to": to, "field": "id"})
    test["depends_on"] = {"nodes": [*(node["unique_id"] for node in users), ORDERS["unique_id"]]}
    (reference,) = guards_of(*users, test).references
    assert reference.to == "model.shop.users.v1"


@pytest.mark.parametrize("to", ["source('raw', 'users')", "ref()", "users"])
def test_what_refers_to_no_node_is_no_reference(to: str) -> None:
    test = checked("relationships", ORDERS, "customer_id", arguments={"to": to, "field": "id"})
    assert not guards_of(test).references


def test_each_version_has_its_own_tests() -> None:
    first, second = (model("orders", "id", version=version) for version in (1, 2))
    assert guards_of(first, second, checked("unique", second, "id")).unique == {"model.shop.orders.v2": {("id",)}}


def test_accepted_values_tell_how_many_there_are() -> None:
    test = checked("accepted_values", ORDERS, "Status", arguments={"values": ["new", "paid"]})
    assert guards_of(test).accepted_values == {"model.shop.orders": {"status": 2}}
