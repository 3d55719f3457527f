"""Which measures by which dimensions rollups answer: each pair is asked as a query of its own."""

from __future__ import annotations

from dataclasses import dataclass

from floe_cube_infra.acceleration.explanation import Explainer
from floe_cube_infra.acceleration.query import CubeQuery, TimeDimensionQuery


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A measure by a dimension; a time dimension is asked by day.

    Attributes:
        measure: `cube.measure`.
        dimension: `cube.dimension`.
        served_by: The rollup that answers; None for the source tables.
        why_not: What keeps the rollup that comes nearest from it; empty where one answers.
    """

    measure: str
    dimension: str
    served_by: str | None
    why_not: str


@dataclass(frozen=True, kw_only=True)
class CubeCoverage:
    """A cube's measures by its dimensions.

    Attributes:
        cube: The cube.
        measures: The rows, names of members.
        dimensions: The columns.
        pairs: Row by row.
    """

    cube: str
    measures: tuple[str, ...]
    dimensions: tuple[str, ...]
    pairs: tuple[tuple[Pair, ...], ...]

    @property
    def served(self) -> int:
        """How many pairs a rollup answers."""
        return sum(pair.served_by is not None for row in self.pairs for pair in row)

    @property
    def count(self) -> int:
        """How many pairs there are."""
        return len(self.measures) * len(self.dimensions)


def coverage(explainer: Explainer) -> tuple[CubeCoverage, ...]:
    """The cubes that have rollups, by name, with all that queries may name."""
    found = []
    for name in sorted(cube for cube, rollups in explainer.rollups.items() if rollups):
        cube = explainer.members.cubes[name]
        measures = tuple(each.name for each in cube.measures if each.public is not False)
        dimensions = [each for each in cube.dimensions if each.public is not False]
        found.append(
            CubeCoverage(
                cube=name,
                measures=measures,
                dimensions=tuple(each.name for each in dimensions),
                pairs=tuple(
                    tuple(
                        _pair(explainer, f"{name}.{measure}", f"{name}.{each.name}", is_time=each.type == "time")
                        for each in dimensions
                    )
                    for measure in measures
                ),
            )
        )
    return tuple(found)


def _pair(explainer: Explainer, measure: str, dimension: str, *, is_time: bool) -> Pair:
    by_day = TimeDimensionQuery.model_construct(dimension=dimension, granularity="day")
    query = CubeQuery.model_construct(
        measures=(measure,),
        dimensions=() if is_time else (dimension,),
        time_dimensions=(by_day,) if is_time else (),
    )
    explanation = explainer.explain(query)
    nearest = min(explanation.against.values(), key=len, default=())
    why_not = "; ".join(reason.text for reason in nearest) if explanation.served_by is None else ""
    return Pair(measure=measure, dimension=dimension, served_by=explanation.served_by, why_not=why_not)
