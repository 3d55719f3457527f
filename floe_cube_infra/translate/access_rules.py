"""What the security layer must know of each cube and view: its filter, its joins, and what its members reach."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from floe_cube_infra.model.access import AccessRule, Unfiltered
from floe_cube_infra.model.cubes import CubeSchema, SemanticModel
from floe_cube_infra.model.views import CubeView
from floe_cube_infra.translate.references import reached_cubes
from floe_cube_infra.translate.view_members import taken_members


def access_rules(model: SemanticModel, unequated_joins: Collection[str] = ()) -> Iterator[AccessRule]:
    """One rule for each cube, role cube and view.

    Args:
        model: The cubes and views.
        unequated_joins: Joins whose two sides may belong to different owners.
    """
    by_name = {cube.name: cube for cube in model.cubes}
    by_name |= {role.name: by_name[role.extends] for role in model.roles}
    for cube in model.cubes:
        yield _cube_rule(cube.name, cube, by_name, unequated_joins)
    for role in model.roles:
        yield _cube_rule(role.name, by_name[role.extends], by_name, unequated_joins)  # as Cube copies its members
    for view in model.views:
        yield AccessRule(
            name=view.name,
            kind="view",
            # A view's rows are those of its cubes, which are guarded themselves.
            access=Unfiltered(),
            members=dict(_view_members(view, by_name)),
        )


def _cube_rule(
    name: str, cube: CubeSchema, by_name: dict[str, CubeSchema], unequated_joins: Collection[str]
) -> AccessRule:
    # Cube filters nothing inside a sub-query; only joins that equate the owners keep those of others out.
    leaking = [each.name for each in cube.dimensions if each.sub_query] if unequated_joins else []
    return AccessRule(
        name=name,
        kind="cube",
        access=cube.access,
        hidden=tuple(dict.fromkeys([*_hidden(cube), *leaking])),
        clear={each.name: each.clear for each in cube.dimensions if each.clear is not None},
        joins=tuple(join.name for join in cube.joins),
        members=reached_cubes(cube, by_name, role=name),
    )


def _hidden(cube: CubeSchema) -> Iterator[str]:
    """Members declared hidden: Cube keeps them out of answers only, not out of filters, which give values away.

    Not the row filters' own, which Cube names itself in every query.
    """
    for part in (cube.dimensions, cube.measures, cube.segments):
        for member in part:
            if member.public is False and member.name not in cube.filter_columns:
                yield member.name


def _view_members(view: CubeView, by_name: dict[str, CubeSchema]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each member's name in the view, with the cubes of its path; the last one with the member it is there."""
    for part in view.cubes:
        path = tuple(part.join_path.split("."))
        cube = by_name[path[-1]]
        for member, name in taken_members(part, cube):
            yield name, (*path[:-1], f"{path[-1]}.{member}")
