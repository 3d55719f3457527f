"""All cubes by name, and the ways of joins between them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from floe_cube_infra.model.cubes import CubeSchema, RoleCube
from floe_cube_infra.translate.view_members import member_names


class CubeGraph:
    """All cubes by name, roles among them, and the ways of joins between them."""

    def __init__(self, cubes: Iterable[CubeSchema], roles: Iterable[RoleCube]) -> None:
        self.cubes = {cube.name: cube for cube in cubes}
        for role in roles:
            self.cubes[role.name] = self.cubes[role.extends]

    def members(self, cube: str) -> list[str]:
        """The members of a cube that queries may use: those not declared hidden."""
        return list(member_names(self.cubes[cube], with_hidden=False))

    def paths(self, root: str, ends: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The shortest way of joins from the root to each of these cubes that is within reach."""
        came_from = {root: root}
        queue = [root]
        for name in queue:
            for join in self.cubes[name].joins:
                if join.name not in came_from and join.name in self.cubes:
                    came_from[join.name] = name
                    queue.append(join.name)
        return {end: _way(root, end, came_from) for end in ends if end in came_from}

    def problem_with_path(self, path: str) -> str | None:
        """What is wrong with a view's join path, if anything."""
        steps = path.split(".")
        for step in steps:
            if step not in self.cubes:
                return f"names {step}, which is no cube here"
        for cube, following in pairwise(steps):
            if all(join.name != following for join in self.cubes[cube].joins):
                return f"leads from {cube} to {following}, which are not joined"
        return None


def _way(root: str, end: str, came_from: dict[str, str]) -> tuple[str, ...]:
    way = [end]
    while way[-1] != root:
        way.append(came_from[way[-1]])
    return tuple(reversed(way))
