"""What the members of a query read, followed through views and references down to the warehouse's columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from floe_cube_infra.model.dataset_lineage import CubeLineage, Dataset, MemberLineage

_KEPT: Final = 4096

Columns = frozenset[tuple[str, str, str]]
"""Namespace, name and column of each."""


class ReadDatasets(NamedTuple):
    """What a query reads.

    Attributes:
        tables: Of the warehouse, sorted by name.
        cubes: Names of the cubes and views, those that members are taken from too, sorted.
    """

    tables: tuple[Dataset, ...]
    cubes: tuple[str, ...]


class MemberLineages:
    """The lineage of members; those of the last few thousand are kept."""

    def __init__(self, cubes: Mapping[str, CubeLineage]) -> None:
        """Works out nothing yet.

        Args:
            cubes: All cubes and views by name.
        """
        self._cubes = cubes
        self.columns = lru_cache(_KEPT)(self._columns)

    def member(self, name: str) -> MemberLineage | None:
        """A member, by `cube.member`; None if there is no such."""
        cube, _, member = name.partition(".")
        found = self._cubes.get(cube)
        return found.members.get(member) if found else None

    def _columns(self, name: str) -> Columns:
        """The warehouse's columns that a member is made of."""
        return self._follow(name, frozenset())

    def read(self, cubes: Iterable[str], members: Iterable[str]) -> ReadDatasets:
        """What a query reads.

        Args:
            cubes: Those that it names.
            members: `cube.member`, each.
        """
        reached = set(cubes)
        waiting = list(members)
        seen = set(waiting)
        while waiting:
            name = waiting.pop()
            reached.add(name.partition(".")[0])
            found = self.member(name)
            further = [member for member in (found.members if found else ()) if member not in seen]
            seen.update(further)
            waiting += further
        known = reached & self._cubes.keys()
        tables = {table for cube in known if (table := self._cubes[cube].table) is not None}
        return ReadDatasets(
            tables=tuple(sorted(tables, key=lambda table: (table.namespace, table.name))),
            cubes=tuple(sorted(known)),
        )

    def _follow(self, name: str, above: frozenset[str]) -> Columns:
        found = self.member(name)
        # Members that refer to each other in a circle don't compile; a damaged file may still hold one.
        if found is None or name in above:
            return frozenset()
        table = self._cubes[name.partition(".")[0]].table
        own = {(table.namespace, table.name, column) for column in found.columns} if table else set()
        return frozenset(own).union(*(self._follow(member, above | {name}) for member in found.members))
