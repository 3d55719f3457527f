"""Role playing: several foreign keys to one dimension."""

from __future__ import annotations

import pytest

from floe_cube_infra.translate.joins.roles import title
from tests.translate.dbt_projects import Document, Translated, foreign_key, keyed, model, related, translated

ADDRESSES = keyed("addresses", "city")


def with_keys(node: Document, *columns: str, to: Document = ADDRESSES, field: str = "id") -> list[Document]:
    return [related(node, name, to, field) for name in columns]


def roles_of(result: Translated) -> dict[str, str]:
    return {role.name: role.extends for role in result.model.roles}


def test_two_keys_to_one_dimension_are_two_cubes_that_extend_it() -> None:
    orders = keyed("orders", "billing_address_id", "shipping_address_id")
    result = translated(orders, ADDRESSES, *with_keys(orders, "billing_address_id", "shipping_address_id"))
    assert roles_of(result) == {"billing_address": "addresses", "shipping_address": "addresses"}
    assert {name: join.sql for name, join in result.joins("orders").items()} == {
        "billing_address": "{CUBE}.billing_address_id = {billing_address}.id",
        "shipping_address": "{CUBE}.shipping_address_id = {shipping_address}.id",
    }


def test_a_key_named_as_the_targets_own_joins_the_cube_itself() -> None:
    users = keyed("users", key="user_id")
    orders = keyed("orders", "user_id", "seller_id")
    result = translated(orders, users, *with_keys(orders, "user_id", "seller_id", to=users, field="user_id"))
    assert list(result.joins("orders")) == ["seller", "users"]


def test_one_key_alone_joins_the_cube_itself_whatever_its_name() -> None:
    orders = keyed("orders", "billing_address_id")
    result = translated(orders, ADDRESSES, *with_keys(orders, "billing_address_id"))
    assert list(result.joins("orders")) == ["addresses"]
    assert result.model.roles == ()


def test_a_role_that_two_facts_share_is_one_cube() -> None:
    columns = ("billing_address_id", "shipping_address_id")
    orders, invoices = keyed("orders", *columns), keyed("invoices", *columns)
    result = translated(orders, invoices, ADDRESSES, *with_keys(orders, *columns), *with_keys(invoices, *columns))
    assert list(roles_of(result)) == ["billing_address", "shipping_address"]
    assert list(result.joins("orders")) == list(result.joins("invoices")) == ["billing_address", "shipping_address"]


def test_a_role_of_another_dimension_with_the_same_name_gets_the_facts_name() -> None:
    columns = ("home_id", "away_id")
    games, trips = keyed("games", *columns), keyed("trips", *columns)
    teams = keyed("teams")
    result = translated(
        games, trips, teams, ADDRESSES, *with_keys(games, *columns, to=teams), *with_keys(trips, *columns)
    )
    assert roles_of(result) == {
        "away": "teams",
        "home": "teams",
        "trips_away": "addresses",
        "trips_home": "addresses",
    }


def test_a_role_never_takes_the_name_of_a_cube() -> None:
    orders = keyed("orders", "a_id", "b_id")
    taken = [model(name, "x") for name in ("a", "orders_a", "orders_a_id")]
    result = translated(orders, ADDRESSES, *taken, *with_keys(orders, "a_id", "b_id"))
    assert roles_of(result) == {"b": "addresses", "orders_a_id_2": "addresses"}
    assert len({*result.cubes, *roles_of(result)}) == len(result.cubes) + 2


@pytest.mark.parametrize(
    ("column", "role"),
    [
        ("billing_address_id", "billing_address"),
        ("seller_key", "seller"),
        ("ordered_date_sk", "ordered_date"),
        ("from_airport_code", "from_airport"),
        ("origin", "origin"),
        ("id_of_parent", "id_of_parent"),
    ],
)
def test_a_role_is_named_after_its_key_without_what_makes_it_a_key(column: str, role: str) -> None:
    orders = keyed("orders", column, "other_id")
    result = translated(orders, ADDRESSES, *with_keys(orders, column, "other_id"))
    assert sorted(roles_of(result)) == sorted([role, "other"])


def test_composite_keys_that_share_the_owner_play_their_roles() -> None:
    constraint = {"type": "primary_key", "columns": ["organization_id", "id"]}
    addresses = model("addresses", "organization_id", "id", constraints=[constraint])
    orders = keyed("orders", "organization_id", "billing_id", "shipping_id")
    for name in ("billing_id", "shipping_id"):
        orders["constraints"].append(foreign_key(addresses, "organization_id", "id", columns=["organization_id", name]))
    result = translated(orders, addresses)
    assert roles_of(result) == {"billing": "addresses", "shipping": "addresses"}
    assert result.joins("orders")["billing"].sql == (
        "{CUBE}.organization_id = {billing}.organization_id AND {CUBE}.billing_id = {billing}.id"
    )


def test_a_role_has_the_access_and_visibility_of_its_cube() -> None:
    addresses = keyed("addresses", cube={"public": False}, description="Where people live.")
    orders = keyed("orders", "a_id", "b_id")
    result = translated(orders, addresses, *with_keys(orders, "a_id", "b_id", to=addresses))
    for role in result.model.roles:
        assert role.public is False
        assert role.access == result.cubes["addresses"].access
        assert role.description == "Where people live."
        assert role.dbt_node == "model.shop.addresses"


def test_titles_are_words() -> None:
    assert title("billing_address") == "Billing address"
    assert title("_x") == "X"
