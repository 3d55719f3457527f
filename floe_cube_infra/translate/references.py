"""References in Cube's SQL: `{member}`, `{cube.member}`, `{CUBE}.column`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from floe_cube_infra.model.cubes import CubeSchema

_REFERENCE = re.compile(r"(?<!\\)\{\s*([A-Za-z_][\w.]*)[^{}]*\}")
_OWN = frozenset({"CUBE", "SECURITY_CONTEXT", "FILTER_PARAMS", "FILTER_GROUP", "SQL_UTILS", "COMPILE_CONTEXT"})


def references(sql: str) -> Iterator[tuple[str, ...]]:
    """Each reference as its steps: `("orders", "count")`, `("count",)`."""
    for match in _REFERENCE.finditer(sql):
        yield tuple(match[1].split("."))


def reached_cubes(cube: CubeSchema, cubes: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The members of a cube whose SQL reaches other cubes, with what they reach.

    Args:
        cube: The cube.
        cubes: The names of all cubes.

    Returns:
        By member `other.member`, or `other` where it may be any of its members; a member that reaches one of its
        own that does so reaches the same.
    """
    own = {member.name for part in (cube.dimensions, cube.measures, cube.segments) for member in part}
    texts = {
        # Nearly all dimensions are a column of the table.
        **{
            dimension.name: [dimension.sql]
            for dimension in cube.dimensions
            if "{" in dimension.sql.removeprefix("{CUBE}.")
        },
        **{
            measure.name: [measure.sql or "", *(condition.sql for condition in measure.filters)]
            for measure in cube.measures
        },
        **{segment.name: [segment.sql] for segment in cube.segments},
    }
    direct: dict[str, set[str]] = {}
    members: dict[str, set[str]] = {}
    for name, sqls in texts.items():
        if not any("{" in sql.replace("{CUBE}", "") for sql in sqls):
            continue
        for steps in (steps for sql in sqls for steps in references(sql)):
            if steps[0] in _OWN or steps[0] == cube.name:
                steps = steps[1:]  # noqa: PLW2901 - what follows the cube's own name
            if not steps:
                continue
            if steps[0] in own:
                members.setdefault(name, set()).add(steps[0])
            elif steps[0] in cubes:
                direct.setdefault(name, set()).add(_reach(steps, cubes))
    return {name: tuple(sorted(reach)) for name in texts if (reach := _through(name, direct, members))}


def _reach(steps: tuple[str, ...], cubes: Collection[str]) -> str:
    """`orders.customers.region` is a join path: it reaches the last cube's member."""
    last = max(index for index, step in enumerate(steps) if step in cubes)
    return ".".join(steps[last : last + 2])


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
