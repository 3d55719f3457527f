"""Time dimensions become hierarchies of their periods."""

from __future__ import annotations

from floe_cube_infra.model.cubes import CubeSchema
from floe_cube_infra.model.members import CubeDimension
from floe_cube_infra.translate.time_hierarchies import with_time_hierarchies


def cube(*dimensions: CubeDimension) -> CubeSchema:
    return CubeSchema(name="orders", sql_table="orders", dimensions=dimensions, dbt_node="model.shop.orders")


def time(name: str, public: bool | None = None) -> CubeDimension:
    return CubeDimension(name=name, sql=f"{{CUBE}}.{name}", type="time", public=public, title="Ordered")


def test_each_period_is_a_dimension_and_they_go_from_coarse_to_fine() -> None:
    result = with_time_hierarchies(cube(time("ordered_at")))
    (hierarchy,) = result.hierarchies
    assert hierarchy.levels == ("ordered_at_year", "ordered_at_quarter", "ordered_at_month", "ordered_at_day")
    added = {dimension.name: dimension for dimension in result.dimensions[1:]}
    assert tuple(added) == hierarchy.levels
    assert added["ordered_at_month"].sql == "{CUBE.ordered_at.month}"
    assert added["ordered_at_month"].title == "Ordered (month)"


def test_hidden_time_dimensions_and_other_types_get_none() -> None:
    text = CubeDimension(name="status", sql="{CUBE}.status", type="string")
    before = cube(time("born_at", public=False), text)
    assert with_time_hierarchies(before) == before


def test_a_name_that_is_taken_keeps_the_hierarchy_away() -> None:
    month = CubeDimension(name="ordered_at_month", sql="{CUBE}.month", type="number")
    before = cube(time("ordered_at"), month)
    assert with_time_hierarchies(before) == before
