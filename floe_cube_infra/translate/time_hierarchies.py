"""Hierarchies of time: for each time dimension its year, quarter, month and day, from coarse to fine.

Cube knows granularities without this; it is for tools that drill down along hierarchies only.
Source: https://cube.dev/docs/product/data-modeling/reference/dimensions (proxy dimensions with a granularity).
"""

from __future__ import annotations

from typing import Final

from floe_cube_infra.model.cubes import CubeSchema
from floe_cube_infra.model.members import CubeDimension, CubeHierarchy

GRANULARITIES: Final = ("year", "quarter", "month", "day")


def with_time_hierarchies(cube: CubeSchema) -> CubeSchema:
    """The cube with dimensions for the periods of each of its time dimensions, and their hierarchy.

    Left out are hidden ones, and those where one of the names is taken.
    """
    parts = (cube.dimensions, cube.measures, cube.segments, cube.hierarchies, cube.pre_aggregations)
    taken = {member.name for part in parts for member in part}
    levels: list[CubeDimension] = []
    hierarchies: list[CubeHierarchy] = []
    for dimension in cube.dimensions:
        names = {granularity: f"{dimension.name}_{granularity}" for granularity in GRANULARITIES}
        hierarchy = f"{dimension.name}_periods"
        if dimension.type != "time" or dimension.public is False or taken & {hierarchy, *names.values()}:
            continue
        levels.extend(_level(dimension, granularity, name) for granularity, name in names.items())
        hierarchies.append(CubeHierarchy(name=hierarchy, levels=tuple(names.values()), title=dimension.title))
    return cube.model_copy(
        update={"dimensions": (*cube.dimensions, *levels), "hierarchies": (*cube.hierarchies, *hierarchies)}
    )


def _level(dimension: CubeDimension, granularity: str, name: str) -> CubeDimension:
    title = f"{dimension.title} ({granularity})" if dimension.title else None
    return CubeDimension(name=name, sql=f"{{CUBE.{dimension.name}.{granularity}}}", type="time", title=title)
