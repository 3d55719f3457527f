"""Views: what `meta.cube.views` says, and one for each exposure."""

from __future__ import annotations

from typing import Any

import pytest

from tests.translate.dbt_projects import Document, Translated, column, keyed, model, related, translated


def shop(*views: Document, **sections: Any) -> Translated:
    """Items belong to orders, these to customers with hidden columns, and twice to addresses."""
    items = keyed("items", "order_id", "amount")
    orders = keyed("orders", "customer_id", "billing_id", "shipping_id", cube={"views": list(views)})
    customers = keyed(
        "customers",
        "name",
        column("email", meta={"classification": "pii"}),
        column("phone", meta={"classification": "pii", "cube": {"visibility": "expose", "public": False}}),
    )
    addresses = keyed("addresses", "city")
    edges = [
        related(items, "order_id", orders),
        related(orders, "customer_id", customers),
        related(orders, "billing_id", addresses),
        related(orders, "shipping_id", addresses),
    ]
    return translated(items, orders, customers, addresses, model("alone", "id"), *edges, sections=sections)


def view(*cubes: Document, **keys: Any) -> Document:
    return {"name": "sales", "cubes": list(cubes), **keys}


def part(join_path: str, includes: Any = ("id",), **keys: Any) -> Document:
    return {"join_path": join_path, "includes": list(includes) if includes != "*" else "*", **keys}


def test_a_view_arrives_with_every_key() -> None:
    declared = view(
        part("orders", ["id", {"name": "count", "alias": "orders", "title": "Orders"}]),
        part("orders.customers", ["name"], prefix=True, alias="buyer"),
        part("orders.billing", ["city"], prefix=True),
        title="Sales",
        description="What was sold.",
        public=True,
        meta={"team": "sales"},
        folders=[{"name": "Who", "includes": ["buyer_name", "billing_city"]}],
    )
    result = shop(declared)
    assert result.errors == []
    (found,) = result.model.views
    assert found.model_dump(mode="json", exclude_unset=True, exclude={"dbt_node", "dbt_file"}) == declared
    assert (found.dbt_node, found.dbt_file) == ("model.shop.orders", "models/orders.sql")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (view(part("nowhere")), "has the join_path 'nowhere', which names nowhere, which is no cube here"),
        (view(part("orders.clients")), "has the join_path 'orders.clients', which names clients"),
        (view(part("orders.alone")), "leads from orders to alone, which are not joined"),
        (view(part("customers.orders")), "leads from customers to orders, which are not joined"),
        (view(part("orders", ["nope"])), "names the member nope, which orders does not have"),
        (view(part("orders", "*", excludes=["nope"])), "names the member nope, which orders does not have"),
        (view(part("orders.customers", [{"name": "nope"}])), "names the member nope, which customers does not have"),
        (view(), "takes nothing of any cube"),
        ({**view(part("orders")), "name": "my view"}, "letters, digits and underscores"),
        (view(part("orders"), part("orders.customers")), "has the member id twice, of orders and customers"),
        (view(part("orders", "*"), part("orders.customers", "*")), "has the member count twice"),
        (view(part("orders"), folders=[{"name": "F", "includes": ["nope"]}]), "has the folder 'F' with nope"),
        (view(part("orders"), folders=[{"name": "F", "includes": ["id"]}] * 2), "has the folder 'F' twice"),
        (view(part("orders.customers", ["email"])), "shows the dimension email, which is hidden in customers"),
        ({"cubes": []}, "meta.cube.views[0].name"),
    ],
)
def test_what_is_wrong_with_a_view_is_an_error_that_names_it(wrong: Document, told: str) -> None:
    errors = shop(wrong).errors
    assert any(told in error for error in errors), errors
    assert all("model.shop.orders" in error for error in errors)


def test_a_prefix_an_alias_or_an_exclusion_makes_names_unique() -> None:
    for other in (
        part("orders.customers", "*", prefix=True),
        part("orders.customers", [{"name": "id", "alias": "customer_id_"}]),
        part("orders.customers", "*", excludes=["id", "count"]),
    ):
        assert shop(view(part("orders", "*"), other)).errors == []


def test_a_view_of_everything_leaves_out_what_its_cube_hides() -> None:
    # A view's members are public in Cube, whatever their cube says.
    (found,) = shop(view(part("orders.customers", "*", excludes=["id"]))).model.views
    assert found.cubes[0].includes == "*"
    assert found.cubes[0].excludes == ("id", "email", "phone")


def test_a_hidden_dimension_can_be_shown_by_a_view_if_its_values_may_be_seen() -> None:
    result = shop(view(part("orders.customers", ["phone"])))
    assert result.errors == []


def test_a_view_may_not_have_the_name_of_a_cube_or_another_view() -> None:
    assert "is taken" in shop({**view(part("orders")), "name": "items"}).errors[0]
    assert "is taken" in shop(view(part("orders")), view(part("orders"))).errors[0]


def exposure(*nodes: str, name: str = "dashboard", **keys: Any) -> dict[str, Document]:
    unique_id = f"exposure.shop.{name}"
    depends = {"nodes": [f"model.shop.{node}" for node in nodes]}
    return {unique_id: {"unique_id": unique_id, "name": name, "type": "dashboard", "depends_on": depends, **keys}}


def test_an_exposure_becomes_a_view_of_the_cubes_it_is_made_of() -> None:
    exposures = exposure("customers", "items", name="Weekly sales", label="Weekly", description="For the board.")
    (found,) = shop(exposures=exposures).model.views
    assert (found.name, found.title, found.description) == ("Weekly_sales", "Weekly", "For the board.")
    assert [(each.join_path, each.prefix) for each in found.cubes] == [
        ("items", None),
        ("items.orders.customers", True),
    ]
    assert found.cubes[0].includes == ("id", "order_id", "amount", "count")
    assert [folder.name for folder in found.folders] == ["items", "customers"]


def test_an_exposure_shows_nothing_hidden() -> None:
    (found,) = shop(exposures=exposure("customers")).model.views
    assert found.cubes[0].includes == ("id", "name", "count")


def test_an_exposure_of_cubes_that_are_not_joined_leaves_some_out_with_a_warning() -> None:
    result = shop(exposures=exposure("alone", "orders", "customers"))
    (found,) = result.model.views
    assert [each.join_path for each in found.cubes] == ["orders", "orders.customers"]
    assert any("leaves out alone; declare the relationship in dbt" in warning for warning in result.warnings)


def test_an_exposure_of_nothing_that_is_a_cube_is_no_view() -> None:
    assert shop(exposures=exposure("nowhere")).model.views == ()


def test_folders_of_cubes_with_one_title_have_names_of_their_own() -> None:
    orders = keyed("orders", "customer_id", cube={"title": "Sales"})
    customers = keyed("customers", cube={"title": "Sales"})
    (found,) = translated(
        orders,
        customers,
        related(orders, "customer_id", customers),
        sections={"exposures": exposure("orders", "customers")},
    ).model.views
    assert [folder.name for folder in found.folders] == ["Sales", "customers"]
