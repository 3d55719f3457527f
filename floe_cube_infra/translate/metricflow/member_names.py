"""Names of members, each once in its cube."""

from __future__ import annotations

from collections.abc import Mapping

from floe_cube_infra.translate.sources import SourceModel


class MemberNames:
    """The names that the members of each cube have so far: its columns', and those in `meta.cube`."""

    def __init__(self, sources: Mapping[str, SourceModel]) -> None:
        self._taken: dict[str, set[str]] = {}
        self._declared: dict[str, set[str]] = {}
        self._cubes = {source.cube_name for source in sources.values()}
        for unique_id, source in sources.items():
            meta = source.cube
            self._declared[unique_id] = {measure.name for measure in meta.measures}
            self._taken[unique_id] = {
                *(column.member for column in source.columns.values()),
                *(part.name for parts in (meta.measures, meta.segments, meta.hierarchies) for part in parts),
            }

    def is_declared_measure(self, node: str, name: str) -> bool:
        """Whether `meta.cube.measures` has a measure of that name."""
        return name in self._declared[node]

    def is_cube(self, name: str) -> bool:
        """Whether a cube has that name."""
        return name in self._cubes

    def claim(self, node: str, wanted: str, suffix: str) -> str:
        """The wanted name, with the suffix (and then a number) where another member has it already."""
        taken = self._taken[node]
        name, number = wanted, 1
        while name in taken:
            name = f"{wanted}_{suffix}" if number == 1 else f"{wanted}_{suffix}_{number}"
            number += 1
        taken.add(name)
        return name
