"""The members of a pre-aggregation, looked up; and the filter columns that row-level security adds to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from floe_cube_infra.inputs.pre_aggregation_meta import PreAggregationMeta
from floe_cube_infra.model.cubes import CubeSchema
from floe_cube_infra.model.members import CubeDimension
from floe_cube_infra.translate.pre_aggregations.findings import Findings
from floe_cube_infra.translate.pre_aggregations.join_trees import joined_cubes
from floe_cube_infra.translate.pre_aggregations.keys_of_types import GRANULARITIES
from floe_cube_infra.translate.pre_aggregations.known_cubes import KnownCubes
from floe_cube_infra.translate.pre_aggregations.member_references import (
    Kind,
    MemberReference,
    MemberReferenceError,
    refer,
)
from floe_cube_infra.translate.references import reached_cubes


@dataclass(frozen=True, kw_only=True)
class RollupMembers:
    """What a pre-aggregation is made of.

    Attributes:
        measures: What it sums up.
        dimensions: What it keeps apart.
        segments: What it can be filtered by.
        times: Time dimensions with their granularity, which `original_sql` has none of.
    """

    measures: tuple[MemberReference, ...] = ()
    dimensions: tuple[MemberReference, ...] = ()
    segments: tuple[MemberReference, ...] = ()
    times: tuple[tuple[MemberReference, str | None], ...] = ()

    @property
    def all(self) -> Iterator[MemberReference]:
        """Every member once for each place it is in."""
        yield from (*self.measures, *self.dimensions, *self.segments)
        yield from (time for time, _ in self.times)


def look_up_members(meta: PreAggregationMeta, own: CubeSchema, known: KnownCubes, findings: Findings) -> RollupMembers:
    """The members that exist; those that don't are found as errors."""
    return RollupMembers(
        measures=_look_up("measures", "measure", meta.measures, own, known, findings),
        dimensions=_look_up("dimensions", "dimension", meta.dimensions, own, known, findings),
        segments=_look_up("segments", "segment", meta.segments, own, known, findings),
        times=tuple(_times(meta, own, known, findings)),
    )


def with_filter_columns(
    members: RollupMembers, own: CubeSchema, known: KnownCubes, findings: Findings
) -> RollupMembers:
    """The members, and the filter columns of every cube that they read.

    Row-level security filters each query by the filter columns of all cubes that it reads, those between them
    included, and Cube answers a filtered query only from a rollup that has what it filters by.
    """
    touched = {reference.cube for reference in members.all}
    touched |= {cube for reference in members.all for cube in reference.path}
    touched |= set(_reached_by_sql(members, known))
    joined = joined_cubes(sorted(touched), known.by_name)
    if joined is None:
        findings.errors.append(
            f"none of its cubes {', '.join(sorted(touched))} is joined to all the others, so Cube can't build it"
        )
        return members
    have = {reference.key for reference in members.dimensions}
    paths = {reference.path[-1]: reference.path for reference in members.all if reference.path}
    added = []
    for cube in sorted(joined, key=lambda name: (name != own.name, name)):
        schema = known.by_name[cube]
        path = () if cube == own.name else paths.get(cube, (cube,))
        for column in schema.filter_columns:
            if (cube, column) in have:
                continue
            try:
                added.append(refer(".".join((*path, column)), "dimension", own, known))
            except MemberReferenceError as problem:
                findings.errors.append(f"it needs the filter column of {cube}: {problem}")
    return replace(members, dimensions=(*members.dimensions, *added))


def _reached_by_sql(members: RollupMembers, known: KnownCubes) -> Iterator[str]:
    """Cubes that members' own SQL refers to."""
    for cube in {reference.cube for reference in members.all}:
        reached = reached_cubes(known.by_name[cube], known.by_name)
        for reference in members.all:
            if reference.cube == cube:
                yield from (other.partition(".")[0] for other in reached.get(reference.member.name, ()))


def _look_up(
    key: str, kind: Kind, texts: Sequence[str], own: CubeSchema, known: KnownCubes, findings: Findings
) -> tuple[MemberReference, ...]:
    found: dict[tuple[str, str], MemberReference] = {}
    for text in texts:
        try:
            reference = refer(text, kind, own, known)
        except MemberReferenceError as problem:
            findings.errors.append(f"{key}: {problem}")
            continue
        if reference.key in found:
            findings.errors.append(f"{key}: {text} occurs twice")
        found[reference.key] = reference
    return tuple(found.values())


def _times(
    meta: PreAggregationMeta, own: CubeSchema, known: KnownCubes, findings: Findings
) -> Iterable[tuple[MemberReference, str | None]]:
    given = [(item.dimension, item.granularity) for item in meta.time_dimensions]
    if meta.time_dimension is not None:
        given.insert(0, (meta.time_dimension, meta.granularity or ""))
    for text, granularity in given:
        try:
            reference = refer(text, "dimension", own, known)
        except MemberReferenceError as problem:
            findings.errors.append(f"time_dimension: {problem}")
            continue
        if isinstance(reference.member, CubeDimension) and reference.member.type != "time":
            findings.errors.append(
                f"time_dimension: {text} has the type {reference.member.type}; it must be time (see meta.cube.type)"
            )
            continue
        allowed = (*GRANULARITIES, *sorted(known.granularities.get(".".join(reference.key), ())))
        if granularity and granularity not in allowed:
            findings.errors.append(f"the granularity {granularity!r} is unknown; allowed are: {', '.join(allowed)}")
        yield reference, granularity or None
