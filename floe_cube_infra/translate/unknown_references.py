"""References to what isn't there, of which a single one makes Cube refuse the whole model, or every query on a cube."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from floe_cube_infra.model.cubes import CubeSchema, RoleCube
from floe_cube_infra.model.names import KEYWORDS, RESERVED
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.references import CONTEXT
from floe_cube_infra.translate.sources import SourceModel
from floe_cube_infra.translate.view_members import member_names

# Only this is a reference to Cube; other braces are written as braces.
_REFERENCE = re.compile(r"(?<!\\)\{ *([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*) *\}", re.ASCII)


def report_unknown_references(
    cubes: Mapping[str, CubeSchema], roles: Iterable[RoleCube], sources: Mapping[str, SourceModel], issues: IssueLog
) -> None:
    """Makes an error of each reference in measures, segments and joins that names no cube or member.

    Args:
        cubes: By the `unique_id` of their nodes.
        roles: Cubes in further roles.
        sources: The nodes.
        issues: Takes the errors.
    """
    by_name = {cube.name: cube for cube in cubes.values()}
    by_name |= {role.name: by_name[role.extends] for role in roles}
    members = _Members(by_name)
    for unique_id, cube in cubes.items():
        for place, sql in _texts(cube):
            for reference in _REFERENCE.findall(sql):
                problem = _problem(reference, cube, members)
                if problem:
                    issues.error(sources[unique_id].node, f"{place} refers to {{{reference}}}, but {problem}")


def _texts(cube: CubeSchema) -> Iterator[tuple[str, str]]:
    for measure in cube.measures:
        for sql in (measure.sql or "", *(condition.sql for condition in measure.filters)):
            if "{" in sql:
                yield f"the measure {measure.name}", sql
    yield from ((f"the segment {segment.name}", segment.sql) for segment in cube.segments)
    yield from ((f"the join to {join.name}", join.sql) for join in cube.joins)


class _Members:
    """The names of each cube's members, gathered when they are first asked for: most joins refer to none."""

    def __init__(self, cubes: Mapping[str, CubeSchema]) -> None:
        self._cubes = cubes
        self._names: dict[str, frozenset[str]] = {}

    def __contains__(self, cube: str) -> bool:
        return cube in self._cubes

    def __getitem__(self, cube: str) -> Collection[str]:
        if cube not in self._names:
            self._names[cube] = frozenset(member_names(self._cubes[cube]))
        return self._names[cube]


def _problem(reference: str, cube: CubeSchema, members: _Members) -> str | None:
    if reference == "CUBE" or reference in members:
        return None  # nearly all: the cube itself, or another one
    steps = reference.split(".")
    if steps[0] in RESERVED or not KEYWORDS.isdisjoint(steps):
        return None  # no reference to Cube either
    if steps[0] in CONTEXT:
        if steps[0] != "CUBE" or len(steps) == 1:
            return None
        steps = steps[1:]
    if steps[0] in members[cube.name]:
        return None
    if steps[0] not in members:
        return f"{cube.name} has no such member, and there is no such cube"
    owner = steps[0]
    for step in steps[1:]:
        if step in members[owner]:
            return None
        if step not in members:
            return f"{owner} has no member {step}"
        owner = step
    return None
