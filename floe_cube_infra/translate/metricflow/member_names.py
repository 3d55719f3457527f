"""Names of members, each once in its cube."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from floe_cube_infra.translate.sources import SourceModel


class MemberNames:
    """The names that the members of each cube have so far: its columns', and those in `meta.cube`."""

    def __init__(self, sources: Mapping[str, SourceModel]) -> None:
        self._sources = sources
        self._cubes = {source.cube_name for source in sources.values()}
        # Gathered when they are first asked for: most nodes have no part in the semantic layer.
        self._taken: dict[str, set[str]] = {}

    def is_declared_measure(self, node: str, name: str) -> bool:
        """Whether `meta.cube.measures` has a measure of that name."""
        return any(measure.name == name for measure in self._sources[node].cube.measures)

    def is_cube(self, name: str) -> bool:
        """Whether a cube has that name."""
        return name in self._cubes

    def claim(self, node: str, wanted: str, suffix: str) -> str:
        """The wanted name, with the suffix (and then a number) where another member has it already."""
        if node not in self._taken:
            self._taken[node] = set(_member_names(self._sources[node]))
        taken = self._taken[node]
        name, number = wanted, 1
        while name in taken:
            name = f"{wanted}_{suffix}" if number == 1 else f"{wanted}_{suffix}_{number}"
            number += 1
        taken.add(name)
        return name


def _member_names(source: SourceModel) -> Iterator[str]:
    yield from (column.member for column in source.columns.values())
    for parts in (source.cube.measures, source.cube.segments, source.cube.hierarchies):
        yield from (part.name for part in parts)
