"""Which members a view takes of a cube, and what they are called in it."""

from __future__ import annotations

from collections.abc import Iterator

from floe_cube_infra.model.cubes import CubeSchema
from floe_cube_infra.model.views import ViewCube, ViewMember


def member_names(cube: CubeSchema, *, with_hidden: bool = True) -> Iterator[str]:
    """The names of a cube's dimensions, measures and segments.

    Args:
        cube: The cube.
        with_hidden: Whether those count that are declared hidden.
    """
    for members in (cube.dimensions, cube.measures, cube.segments):
        for member in members:
            if with_hidden or member.public is not False:
                yield member.name


def taken_members(part: ViewCube, cube: CubeSchema) -> Iterator[tuple[str, str]]:
    """The members that a view takes of a cube, by their names there and in the view."""
    prefix = f"{part.alias or part.join_path.rpartition('.')[2]}_" if part.prefix else ""
    if part.includes == "*":
        for name in member_names(cube):
            if name not in part.excludes:
                yield name, prefix + name
        return
    for member in part.includes:
        name, alias = (member.name, member.alias) if isinstance(member, ViewMember) else (member, None)
        if name not in part.excludes:
            yield name, prefix + (alias or name)
