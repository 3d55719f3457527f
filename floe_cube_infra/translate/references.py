"""References in Cube's SQL: `{member}`, `{cube.member}`, `{CUBE}.column`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from floe_cube_infra.model.cubes import CubeSchema

_REFERENCE = re.compile(r"(?<!\\)\{\s*([A-Za-z_][\w.]*)[^{}]*\}")
_FIRST = re.compile(r"(?<!\\)(\{\s*)([A-Za-z_]\w*)")
CONTEXT = frozenset({"CUBE", "SECURITY_CONTEXT", "FILTER_PARAMS", "FILTER_GROUP", "SQL_UTILS", "COMPILE_CONTEXT"})
"""What a reference may begin with instead of a cube or a member."""


def references(sql: str) -> Iterator[tuple[str, ...]]:
    """Each reference as its steps: `("orders", "count")`, `("count",)`."""
    for match in _REFERENCE.finditer(sql):
        yield tuple(match[1].split("."))


def renamed(sql: str, names: Mapping[str, str]) -> str:
    """The same SQL with references that begin with one of these names beginning with another.

    A cube's own name becomes `CUBE` so: Cube refuses it in a cube that extends this one.
    """
    return _FIRST.sub(lambda match: match[1] + names.get(match[2], match[2]), sql)


def reached_cubes(cube: CubeSchema, cubes: Collection[str], role: str | None = None) -> dict[str, tuple[str, ...]]:
    """The members of a cube whose SQL reaches other cubes, with what they reach.

    Args:
        cube: The cube.
        cubes: The names of all cubes.
        role: The name of the cube that extends it and is meant; to that one it is another cube.

    Returns:
        By member `other.member`, or `other` where it may be any of its members; a member that reaches one of its
        own that does so reaches the same.
    """
    # Nearly all members are a column of the table, or an aggregation of one.
    texts = {name: sqls for name, *sqls in _texts(cube) if any("{" in sql.replace("{CUBE}", "") for sql in sqls)}
    if not texts:
        return {}
    own_names = CONTEXT | {role or cube.name}
    own = {member.name for part in (cube.dimensions, cube.measures, cube.segments) for member in part}
    direct: dict[str, set[str]] = {}
    members: dict[str, set[str]] = {}
    for name, sqls in texts.items():
        for steps in (steps for sql in sqls for steps in references(sql)):
            if steps[0] in own_names:
                steps = steps[1:]  # noqa: PLW2901 - what follows the cube's own name
            if not steps:
                continue
            if steps[0] in own:
                members.setdefault(name, set()).add(steps[0])
            if steps[0] in cubes and (len(steps) > 1 or steps[0] not in own):
                direct.setdefault(name, set()).update(_reach(steps, cubes))
    return {name: tuple(sorted(reach)) for name in texts if (reach := _through(name, direct, members))}


def _texts(cube: CubeSchema) -> Iterator[tuple[str, ...]]:
    """Members whose SQL may hold more than a column: each one's name, then its expressions."""
    for dimension in cube.dimensions:
        if "{" in dimension.sql.removeprefix("{CUBE}."):
            yield dimension.name, dimension.sql
    for measure in cube.measures:
        if measure.sql or measure.filters:
            yield measure.name, measure.sql or "", *(condition.sql for condition in measure.filters)
    for segment in cube.segments:
        yield segment.name, segment.sql


def _reach(steps: tuple[str, ...], cubes: Collection[str]) -> Iterator[str]:
    """`orders.customers.region` is a join path: it reaches the last cube's member, and goes over the others."""
    last = 0
    while last + 1 < len(steps) and steps[last + 1] in cubes:
        yield steps[last]
        last += 1
    yield ".".join(steps[last : last + 2])


def _through(name: str, direct: dict[str, set[str]], members: dict[str, set[str]]) -> set[str]:
    reach: set[str] = set()
    seen = {name}
    queue = [name]
    for member in queue:
        reach |= direct.get(member, set())
        for other in members.get(member, ()):
            if other not in seen:
                seen.add(other)
                queue.append(other)
    return reach
