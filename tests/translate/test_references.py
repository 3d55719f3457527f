"""References in Cube's SQL, and what members reach through them."""

from __future__ import annotations

import pytest

from floe_cube_infra.model.cubes import CubeSchema
from floe_cube_infra.model.members import CubeDimension, CubeMeasure, CubeSegment, MeasureFilter
from floe_cube_infra.translate.references import reached_cubes, references, renamed

CUBES = {"orders", "customers", "regions"}


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("{CUBE}.amount", [("CUBE",)]),
        ("{amount} / { count }", [("amount",), ("count",)]),
        ("{customers.region}", [("customers", "region")]),
        ("{orders.customers.region}", [("orders", "customers", "region")]),
        ("{orders.created_at.month}", [("orders", "created_at", "month")]),
        ("{FILTER_PARAMS.orders.day.filter('day')}", [("FILTER_PARAMS", "orders", "day", "filter")]),
        (r"\{not.this} but {this}", [("this",)]),
        ("${orders.amount}", [("orders", "amount")]),
        ("'{}' || '{ 1 }'", []),
        ("plain", []),
    ],
)
def test_references_are_found(sql: str, found: list[tuple[str, ...]]) -> None:
    assert list(references(sql)) == found


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("{orders}.amount", "{CUBE}.amount"),
        ("{ orders.amount }", "{ CUBE.amount }"),
        ("{orders_old}.a {my.orders} {customers.orders}", "{orders_old}.a {my.orders} {customers.orders}"),
        (r"\{orders}", r"\{orders}"),
        ("orders.amount", "orders.amount"),
    ],
)
def test_only_the_first_step_of_a_reference_is_renamed(sql: str, expected: str) -> None:
    assert renamed(sql, {"orders": "CUBE"}) == expected


def cube(**members: str) -> CubeSchema:
    return CubeSchema(
        name="orders",
        sql_table="orders",
        dimensions=(CubeDimension(name="id", sql="{CUBE}.id", type="number"),),
        measures=tuple(CubeMeasure(name=name, type="number", sql=sql) for name, sql in members.items()),
        dbt_node="model.shop.orders",
    )


@pytest.mark.parametrize(
    ("sql", "reached"),
    [
        ("{customers.region}", ("customers.region",)),
        ("{customers}", ("customers",)),
        ("{customers}.region", ("customers",)),
        ("{CUBE.customers.region}", ("customers.region",)),
        ("{orders.customers.region}", ("customers.region",)),
        # A path that is spelled out also reads the cubes on the way, whatever the shortest way is.
        ("{customers.regions.name}", ("customers", "regions.name")),
        ("{customers.created_at.month}", ("customers.created_at",)),
        ("{FILTER_PARAMS.customers.day.filter('day')}", ("customers.day",)),
        ("{customers.region} || {regions.name}", ("customers.region", "regions.name")),
    ],
)
def test_a_member_reaches_what_its_sql_refers_to(sql: str, reached: tuple[str, ...]) -> None:
    assert reached_cubes(cube(m=sql), CUBES) == {"m": reached}


@pytest.mark.parametrize("sql", ["{CUBE}.amount", "{id}", "{orders.id}", r"\{customers.region}", "{nowhere.x}", "{m}"])
def test_a_member_of_its_own_cube_reaches_nothing(sql: str) -> None:
    assert reached_cubes(cube(m=sql), CUBES) == {}


def test_a_member_reaches_what_its_own_cubes_members_reach() -> None:
    found = reached_cubes(cube(a="{b} + 1", b="{orders.c} + {CUBE.d}", c="{customers.x}", d="{regions.y}"), CUBES)
    assert found == {
        "a": ("customers.x", "regions.y"),
        "b": ("customers.x", "regions.y"),
        "c": ("customers.x",),
        "d": ("regions.y",),
    }


def test_members_that_refer_to_each_other_end() -> None:
    assert reached_cubes(cube(a="{b}", b="{a} + {customers.x}"), CUBES) == {
        "a": ("customers.x",),
        "b": ("customers.x",),
    }


def test_a_member_with_a_cubes_name_hides_neither() -> None:
    found = reached_cubes(cube(customers="count(*)", m="{customers}", n="{customers.region}"), CUBES)
    assert found == {"n": ("customers.region",)}


def test_filters_segments_and_dimensions_reach_as_well() -> None:
    schema = CubeSchema(
        name="orders",
        sql_table="orders",
        dimensions=(
            CubeDimension(name="region", sql="{customers.region}", type="string"),
            CubeDimension(name="n", sql="{CUBE}.n + {regions.count}", type="number", sub_query=True),
        ),
        measures=(CubeMeasure(name="m", type="count", filters=(MeasureFilter(sql="{customers.is_new}"),)),),
        segments=(CubeSegment(name="s", sql="{regions.is_open}"),),
        dbt_node="model.shop.orders",
    )
    assert reached_cubes(schema, CUBES) == {
        "region": ("customers.region",),
        "n": ("regions.count",),
        "m": ("customers.is_new",),
        "s": ("regions.is_open",),
    }


def test_in_a_role_the_extended_cubes_name_is_another_cube() -> None:
    members = cube(m="{orders.id} + {CUBE.id}")
    assert reached_cubes(members, {*CUBES, "returned_orders"}) == {}
    assert reached_cubes(members, {*CUBES, "returned_orders"}, role="returned_orders") == {"m": ("orders.id",)}
