"""What the security layer must know of each cube and view: its filter, its joins, and what its members reach."""

from __future__ import annotations

from collections.abc import Iterator

from floe_cube_infra.model.access import AccessRule, Unfiltered
from floe_cube_infra.model.cubes import CubeSchema, SemanticModel
from floe_cube_infra.model.views import CubeView, ViewCube, ViewMember
from floe_cube_infra.translate.references import reached_cubes


def access_rules(model: SemanticModel) -> Iterator[AccessRule]:
    """One rule for each cube, role cube and view."""
    by_name = {cube.name: cube for cube in model.cubes} | {
        role.name: cube for role in model.roles for cube in model.cubes if cube.name == role.extends
    }
    for cube in model.cubes:
        yield _cube_rule(cube.name, cube, by_name)
    for role in model.roles:
        yield _cube_rule(role.name, by_name[role.extends], by_name)
    for view in model.views:
        yield AccessRule(
            name=view.name,
            kind="view",
            # A view's rows are those of its cubes, which are guarded themselves.
            access=Unfiltered(),
            members=dict(_view_members(view, by_name)),
        )


def _cube_rule(name: str, cube: CubeSchema, by_name: dict[str, CubeSchema]) -> AccessRule:
    return AccessRule(
        name=name,
        kind="cube",
        access=cube.access,
        joins=tuple(join.name for join in cube.joins),
        members=reached_cubes(cube, by_name),
    )


def _view_members(view: CubeView, by_name: dict[str, CubeSchema]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each member's name in the view, with the cubes of its path; the last one with the member it is there."""
    for part in view.cubes:
        path = tuple(part.join_path.split("."))
        cube = by_name[path[-1]]
        for member, name in _taken(part, cube):
            yield name, (*path[:-1], f"{path[-1]}.{member}")


def _taken(part: ViewCube, cube: CubeSchema) -> Iterator[tuple[str, str]]:
    """The members that a view takes of a cube, by their names there and in the view."""
    prefix = f"{part.alias or part.join_path.rpartition('.')[2]}_" if part.prefix else ""
    if part.includes == "*":
        for kind in (cube.dimensions, cube.measures, cube.segments):
            for member in kind:
                if member.name not in part.excludes:
                    yield member.name, prefix + member.name
        return
    for taken in part.includes:
        name = taken.name if isinstance(taken, ViewMember) else taken
        alias = taken.alias if isinstance(taken, ViewMember) and taken.alias else name
        if name not in part.excludes:
            yield name, prefix + alias
