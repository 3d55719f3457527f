"""The rollups that a query is held against, with their members by full names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from floe_cube_infra.acceleration.members import Members
from floe_cube_infra.model.cubes import CubeSchema
from floe_cube_infra.model.pre_aggregations import CubePreAggregation
from floe_cube_infra.translate.pre_aggregations.member_references import OWN


@dataclass(frozen=True, kw_only=True)
class Rollup:
    """A rollup.

    Attributes:
        cube: The cube that it belongs to.
        built: As Cube has it.
        measures: `cube.measure`.
        dimensions: `cube.dimension`, and segments as well.
        times: Time dimensions with their granularity, sorted.
    """

    cube: str
    built: CubePreAggregation
    measures: tuple[str, ...]
    dimensions: tuple[str, ...]
    times: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """As Cube calls it, `cube.rollup`."""
        return f"{self.cube}.{self.built.name}"

    @property
    def members(self) -> frozenset[str]:
        """Everything that it holds."""
        return frozenset((*self.measures, *self.dimensions, *(time for time, _ in self.times)))

    @property
    def is_loose(self) -> bool:
        """Whether it also answers for ranges of dates that begin or end within what it keeps; Cube's default is yes."""
        loose = self.built.allow_non_strict_date_range_match
        return bool(self.times) and self.built.type != "rollup_lambda" if loose is None else loose

    @property
    def cubes(self) -> frozenset[str]:
        """The cubes whose rows it sums up."""
        return frozenset(name.partition(".")[0] for name in self.members)


def rollups_of(cube: CubeSchema, members: Members) -> Iterator[Rollup]:
    """The cube's rollups, in the order in which Cube tries them; `original_sql` is none."""
    for built in cube.pre_aggregations:
        if built.type == "original_sql":
            continue
        holds = _held_by(built, cube, members)
        times = [(time.dimension, time.granularity) for time in holds.time_dimensions]
        if holds.time_dimension is not None:
            times.insert(0, (holds.time_dimension, holds.granularity or "day"))
        yield Rollup(
            cube=cube.name,
            built=built,
            measures=tuple(_full(text, cube.name) for text in holds.measures),
            dimensions=tuple(_full(text, cube.name) for text in (*holds.dimensions, *holds.segments)),
            times=tuple(sorted((_full(time, cube.name), size) for time, size in times)),
        )


def _held_by(built: CubePreAggregation, cube: CubeSchema, members: Members) -> CubePreAggregation:
    """The pre-aggregation whose members it has: of a lambda that names none those of its first rollup."""
    if built.measures or built.dimensions or built.time_dimension or not built.rollups:
        return built
    other, _, name = built.rollups[0].rpartition(".")
    there = members.cubes.get(cube.name if other == OWN else other)
    return next((each for each in there.pre_aggregations if each.name == name), built) if there else built


def _full(text: str, cube: str) -> str:
    """`CUBE.revenue`, `customers.region` and `CUBE.customers.region` as `cube.member`."""
    *path, name = text.split(".")
    path = path[1:] if path and path[0] == OWN else path
    return f"{path[-1] if path else cube}.{name}"
