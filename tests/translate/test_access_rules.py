"""What the security layer is told of each cube and view."""

from __future__ import annotations

from floe_cube_infra.model.access import AccessRule, Filtered, Refused, RowFilter, Unfiltered
from floe_cube_infra.model.cubes import CubeSchema, RoleCube, SemanticModel
from floe_cube_infra.model.members import CubeDimension, CubeMeasure
from floe_cube_infra.translate.access_rules import access_rules
from tests.translate.dbt_projects import FILTERED, Document, keyed, related, translated


def rules(**cubes: Document) -> dict[str, AccessRule]:
    orders = keyed("orders", "customer_id", "billing_id", "shipping_id", "organization_id", cube=cubes.get("orders"))
    customers = keyed("customers", "name", "organization_id", cube=cubes.get("customers"))
    addresses = keyed("addresses", "city")
    edges = [
        related(orders, "customer_id", customers),
        related(orders, "billing_id", addresses),
        related(orders, "shipping_id", addresses),
    ]
    result = translated(orders, customers, addresses, *edges, security=FILTERED)
    assert result.errors == []
    return {rule.name: rule for rule in result.model.access_rules}


def test_every_cube_role_and_view_has_a_rule() -> None:
    view = {"name": "sales", "cubes": [{"join_path": "orders", "includes": ["count"]}]}
    found = rules(orders={"views": [view]})
    assert {name: rule.kind for name, rule in found.items()} == {
        "addresses": "cube",
        "customers": "cube",
        "orders": "cube",
        "billing": "cube",
        "shipping": "cube",
        "sales": "view",
    }


def test_a_rule_tells_the_filter_and_the_joins() -> None:
    found = rules()["orders"]
    assert found.access == Filtered(filters=(RowFilter(member="organization_id", claim="org"),))
    assert found.joins == ("billing", "customers", "shipping")


def test_a_role_is_guarded_like_its_cube() -> None:
    found = rules()
    assert found["billing"].access == found["addresses"].access == Refused()


def test_members_tell_which_cubes_they_reach() -> None:
    measure = {"name": "buyers", "type": "count_distinct", "sql": "{customers.name}"}
    assert rules(orders={"measures": [measure]})["orders"].members == {"buyers": ("customers.name",)}


def test_a_view_tells_of_every_member_which_cubes_it_reads() -> None:
    view = {
        "name": "sales",
        "cubes": [
            {"join_path": "orders", "includes": [{"name": "count", "alias": "n"}, "id"], "excludes": ["id"]},
            {"join_path": "orders.customers", "includes": "*", "excludes": ["count"], "prefix": True},
            {"join_path": "orders.billing", "includes": ["city"], "prefix": True, "alias": "bill"},
            {"join_path": "orders.shipping", "includes": ["city"], "alias": "unused"},
        ],
    }
    found = rules(orders={"views": [view]})["sales"]
    assert found.access == Unfiltered()
    assert found.members == {
        "n": ("orders.count",),
        "customers_id": ("orders", "customers.id"),
        "customers_name": ("orders", "customers.name"),
        "customers_organization_id": ("orders", "customers.organization_id"),
        "bill_city": ("orders", "billing.city"),
        "city": ("orders", "shipping.city"),
    }


def test_what_a_role_reaches_by_the_name_of_its_cube_is_that_cube() -> None:
    cube = CubeSchema(
        name="addresses",
        sql_table="addresses",
        measures=(CubeMeasure(name="m", type="number", sql="{addresses.city}"),),
        dimensions=(CubeDimension(name="city", sql="{CUBE}.city", type="string"),),
        dbt_node="model.shop.addresses",
    )
    role = RoleCube(name="billing", extends="addresses", dbt_node="model.shop.addresses")
    found = {rule.name: rule.members for rule in access_rules(SemanticModel(cubes=(cube,), roles=(role,)))}
    assert found == {"addresses": {}, "billing": {"m": ("addresses.city",)}}


def test_each_of_thousands_of_roles_has_a_rule() -> None:
    numbers = range(4000)
    cubes = tuple(CubeSchema(name=f"c{n}", sql_table="t", dbt_node="model.shop.c") for n in numbers)
    roles = tuple(RoleCube(name=f"r{n}", extends=f"c{n}", dbt_node="model.shop.c") for n in numbers)
    assert len(list(access_rules(SemanticModel(cubes=cubes, roles=roles)))) == 2 * len(numbers)


def test_hidden_members_are_named_but_for_the_row_filter() -> None:
    cube = CubeSchema(
        name="customers",
        sql_table="customers",
        dimensions=(
            CubeDimension(name="email", sql="{CUBE}.email", type="string", public=False),
            CubeDimension(name="org", sql="{CUBE}.org", type="string", public=False),
            CubeDimension(name="city", sql="{CUBE}.city", type="string"),
        ),
        filter_column="org",
        access=Filtered(filters=(RowFilter(member="org", claim="organization_id"),)),
        dbt_node="model.shop.customers",
    )
    (rule,) = access_rules(SemanticModel(cubes=(cube,)))
    assert rule.hidden == ("email",)
