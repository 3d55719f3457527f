"""`output_column_types`: the warehouse types of a rollup's columns, all of them or none."""

from __future__ import annotations

from collections.abc import Iterator

from floe_cube_infra.inputs.pre_aggregation_meta import PreAggregationMeta
from floe_cube_infra.model.cubes import CubeSchema
from floe_cube_infra.model.pre_aggregations import OutputColumnType
from floe_cube_infra.translate.pre_aggregations.findings import Findings
from floe_cube_infra.translate.pre_aggregations.known_cubes import KnownCubes
from floe_cube_infra.translate.pre_aggregations.member_references import (
    Kind,
    MemberReference,
    MemberReferenceError,
    refer,
)
from floe_cube_infra.translate.pre_aggregations.rollup_members import RollupMembers


def output_column_types(
    meta: PreAggregationMeta, members: RollupMembers, own: CubeSchema, known: KnownCubes, findings: Findings
) -> tuple[OutputColumnType, ...]:
    """The types that are given; a member without one is found as an error.

    Cube refuses each query that such a rollup would answer ("Output schema type ... not found",
    BaseQuery.preAggregationOutputColumnTypes), filter columns that are added here included.
    """
    if not meta.output_column_types:
        return ()
    typed = dict(_typed(meta, own, known, findings))
    columns = (*members.dimensions, *members.segments, *members.measures)
    missing = [str(reference) for reference in columns if reference.key not in typed]
    if missing and meta.type == "rollup":
        findings.errors.append(
            f"output_column_types lacks {', '.join(missing)}: with it Cube needs the type of every measure and "
            "dimension, the columns that row-level security filters by included"
        )
    return tuple(typed.values())


def _typed(
    meta: PreAggregationMeta, own: CubeSchema, known: KnownCubes, findings: Findings
) -> Iterator[tuple[tuple[str, str], OutputColumnType]]:
    for column in meta.output_column_types:
        try:
            reference = _refer_to_any(column.member, own, known)
        except MemberReferenceError as problem:
            findings.errors.append(f"output_column_types: {problem}")
        else:
            yield reference.key, OutputColumnType(member=str(reference), type=column.type)


def _refer_to_any(text: str, own: CubeSchema, known: KnownCubes) -> MemberReference:
    """The member of any kind; the problem as of a dimension where there is none."""
    others: tuple[Kind, ...] = ("measure", "segment")
    for kind in others:
        try:
            return refer(text, kind, own, known)
        except MemberReferenceError:
            continue
    return refer(text, "dimension", own, known)
