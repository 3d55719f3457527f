"""The joins in `meta.cube.joins`."""

from __future__ import annotations

import pytest

from tests.translate.dbt_projects import FILTERED, OPEN, Document, Translated, keyed, related, translated

BY_NAME = {"name": "customers", "sql": "{CUBE}.email = {customers}.email", "relationship": "many_to_one"}


def with_joins(*joins: Document, filtered: bool = False) -> Translated:
    owner = ["organization_id"] if filtered else []
    orders = keyed("orders", "email", "customer_id", *owner, cube={"joins": list(joins)})
    customers = keyed("customers", "email", *owner)
    security = FILTERED if filtered else OPEN
    return translated(orders, customers, related(orders, "customer_id", customers), security=security)


def test_a_declared_join_stands_as_it_is_and_in_place_of_what_dbt_says() -> None:
    (join,) = with_joins(BY_NAME).cubes["orders"].joins
    assert join.model_dump() == BY_NAME


def test_what_is_no_cube_is_not_joined_and_the_warning_says_so() -> None:
    result = with_joins({**BY_NAME, "name": "clients"})
    assert "meta.cube.joins: 'clients' is no cube here" in result.warnings[0]
    assert list(result.joins("orders")) == ["customers"]


def test_an_unknown_relationship_is_an_error_that_lists_the_known_ones() -> None:
    (error,) = with_joins({**BY_NAME, "relationship": "belongsTo"}).errors
    assert "'belongsTo'" in error
    assert "one_to_one, one_to_many, many_to_one" in error


def test_a_cube_without_a_key_is_not_joined_since_cube_would_refuse_the_whole_model() -> None:
    orders = keyed("orders", "email", cube={"joins": [BY_NAME]})
    customers = {**keyed("customers", "email"), "constraints": []}
    result = translated(orders, customers)
    assert result.cubes["orders"].joins == ()
    assert "'customers' is not joined: customers has no primary key" in result.warnings[0]


def test_a_cube_is_not_joined_to_itself() -> None:
    result = with_joins({**BY_NAME, "name": "orders"})
    assert "orders" not in result.joins("orders")
    assert "is the cube itself" in result.warnings[0]


def test_the_same_cube_is_joined_once_and_the_warning_says_which_is_left_out() -> None:
    result = with_joins(BY_NAME, {**BY_NAME, "sql": "{CUBE}.id = {customers}.id"})
    assert result.joins("orders")["customers"].sql == BY_NAME["sql"]
    assert "joined already" in result.warnings[0]


def test_the_other_may_be_named_as_in_dbt() -> None:
    orders = keyed("orders", "email", cube={"joins": [BY_NAME]})
    customers = keyed("customers", "email", cube={"name": "clients"})
    (join,) = translated(orders, customers).cubes["orders"].joins
    assert (join.name, join.sql) == ("clients", "{CUBE}.email = {clients}.email")


def test_a_cubes_name_goes_before_a_models() -> None:
    orders = keyed("orders", "email", cube={"joins": [BY_NAME]})
    nodes = [
        keyed("customers", "email", cube={"name": "clients"}),
        keyed("people", "email", cube={"name": "customers"}),
    ]
    assert list(translated(orders, *nodes).joins("orders")) == ["customers"]


def test_a_name_of_several_models_means_the_own_packages() -> None:
    orders = keyed("orders", "email", cube={"joins": [BY_NAME]})
    others = keyed("customers", "email", package="web", access="public")
    (join,) = translated(orders, keyed("customers", "email"), others).cubes["orders"].joins
    assert (join.name, join.sql) == ("shop_customers", "{CUBE}.email = {shop_customers}.email")


def test_the_cubes_own_name_becomes_the_one_that_holds_in_its_roles_too() -> None:
    result = with_joins({**BY_NAME, "sql": "{orders}.email = {customers}.email AND {orders.id} > 0"})
    assert result.joins("orders")["customers"].sql == "{CUBE}.email = {customers}.email AND {CUBE.id} > 0"


OWNER = "{CUBE}.organization_id = {customers}.organization_id"


@pytest.mark.parametrize(
    "sql",
    [
        "{CUBE}.email = {customers}.email",
        "{CUBE}.email = {customers}.email OR " + OWNER,
        "{CUBE}.email = {customers}.email AND {CUBE}.organization_id_2 = {customers}.organization_id",
        "{CUBE}.organization_id = 'x'",
        "CASE WHEN true AND " + OWNER + " AND true THEN true ELSE true END",
        "NOT (false AND " + OWNER + " AND true)",
        "true -- AND " + OWNER,
        "coalesce({CUBE}.email = {customers}.email AND " + OWNER + " AND null, true)",
    ],
)
def test_filtered_cubes_are_joined_on_their_owners_unless_the_condition_plainly_says_so(sql: str) -> None:
    (join,) = with_joins({**BY_NAME, "sql": sql}, filtered=True).cubes["orders"].joins
    assert join.sql == f"({sql}) AND {OWNER}"


@pytest.mark.parametrize("sql", ["{CUBE}.email = {customers}.email AND " + OWNER, OWNER.replace(" ", "") + " and true"])
def test_a_condition_that_plainly_says_so_stays_as_it_is(sql: str) -> None:
    assert with_joins({**BY_NAME, "sql": sql}, filtered=True).joins("orders")["customers"].sql == sql
