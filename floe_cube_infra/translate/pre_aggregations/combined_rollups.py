"""What `rollup_join` and `rollup_lambda` are made of: other rollups, which must fit together.

Cube finds out only when a query comes (PreAggregations.evaluatedPreAggregationObj of
@cubejs-backend/schema-compiler), and then refuses the query.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from floe_cube_infra.model.pre_aggregations import CubePreAggregation
from floe_cube_infra.translate.pre_aggregations.findings import Findings
from floe_cube_infra.translate.pre_aggregations.keys_of_types import GRANULARITIES
from floe_cube_infra.translate.pre_aggregations.known_cubes import KnownCubes
from floe_cube_infra.translate.pre_aggregations.member_references import OWN


def refer_to_rollups(
    rollups: tuple[str, ...], cube_name: str, known: KnownCubes, findings: Findings
) -> tuple[str, ...]:
    """The rollups as Cube reads them; those that don't exist are found as errors."""
    result = []
    for text in rollups:
        cube, dot, name = text.rpartition(".")
        cube = cube_name if not dot or cube == OWN else cube
        there = known.pre_aggregations.get(cube, ())
        if name not in there:
            names = ", ".join(sorted(there)) or "none"
            findings.errors.append(f"rollups: {text!r} is no pre-aggregation of the cube {cube}; there are: {names}")
            continue
        result.append(f"{OWN}.{name}" if cube == cube_name else f"{cube}.{name}")
    return tuple(result)


def problems_of_lambda(rollup: CubePreAggregation, own: Mapping[str, CubePreAggregation]) -> Iterator[str]:
    """Where a `rollup_lambda` and the rollups of its own cube that it names don't fit together."""
    parts = [own.get(name.removeprefix(f"{OWN}.")) if name.startswith(f"{OWN}.") else None for name in rollup.rollups]
    says = bool(rollup.measures or rollup.dimensions or rollup.time_dimension)
    for part in parts:
        if part is None:
            continue
        if part.type != "rollup":
            yield f"rollups: {part.name} has the type {part.type}; it must be rollup"
        elif says:
            yield from _differences(rollup, part)
    if rollup.union_with_source_data and rollup.rollups and not rollup.rollups[-1].startswith(f"{OWN}."):
        yield "union_with_source_data needs a rollup of its own cube as the last one"
    if len(parts) > 1:
        yield from _partitions([part for part in parts if part is not None])


def _differences(rollup: CubePreAggregation, part: CubePreAggregation) -> Iterator[str]:
    for key in ("measures", "dimensions"):
        mine = {name.rpartition(".")[2] for name in getattr(rollup, key)}
        its = {name.rpartition(".")[2] for name in getattr(part, key)}
        if mine != its:
            differing = ", ".join(sorted(mine ^ its))
            yield f"its {key} must be those of the rollup {part.name}; these are in one only: {differing}"
    if (rollup.time_dimension, rollup.granularity) != (part.time_dimension, part.granularity):
        yield f"its time_dimension and granularity must be those of the rollup {part.name}"


def _partitions(parts: list[CubePreAggregation]) -> Iterator[str]:
    for part in parts:
        if part.partition_granularity is None:
            yield f"the rollup {part.name} needs a partition_granularity, since there are several rollups"
    sizes = [(part.name, part.partition_granularity) for part in parts if part.partition_granularity is not None]
    for (name, size), (following, next_size) in itertools.pairwise(sizes):
        if GRANULARITIES.index(next_size) > GRANULARITIES.index(size):
            yield (
                f"the rollup {following} has coarser partitions ({next_size}) than {name} before it ({size}); "
                "put the one with the coarser ones first"
            )
