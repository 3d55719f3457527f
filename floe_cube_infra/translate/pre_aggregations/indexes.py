"""Indexes of a pre-aggregation: their columns are members that it has."""

from __future__ import annotations

from collections.abc import Iterator

from floe_cube_infra.inputs.pre_aggregation_meta import IndexMeta
from floe_cube_infra.model.cubes import CubeSchema
from floe_cube_infra.model.pre_aggregations import PreAggregationIndex
from floe_cube_infra.naming import is_identifier
from floe_cube_infra.translate.pre_aggregations.findings import Findings
from floe_cube_infra.translate.pre_aggregations.rollup_members import RollupMembers


def indexes(
    metas: tuple[IndexMeta, ...], members: RollupMembers, own: CubeSchema, findings: Findings
) -> Iterator[PreAggregationIndex]:
    """The indexes whose names and columns are right; what is wrong with others is found as errors."""
    columns = dict(_columns(members, own))
    names: set[str] = set()
    for meta in metas:
        if not is_identifier(meta.name):
            findings.errors.append(
                f"indexes: {meta.name!r} is no name that Cube takes: letters, digits, underscores, no digit first"
            )
            continue
        if meta.name in names:
            findings.errors.append(f"indexes: the name {meta.name} occurs twice")
        names.add(meta.name)
        unknown = [column for column in meta.columns if _plain(column, own) not in columns]
        if unknown:
            there = ", ".join(dict.fromkeys(columns.values())) or "none"
            findings.errors.append(
                f"indexes: {meta.name} has the columns {', '.join(unknown)}, which the pre-aggregation lacks; "
                f"there are: {there}"
            )
            continue
        yield PreAggregationIndex(
            name=meta.name,
            columns=tuple(columns[_plain(column, own)] for column in meta.columns),
            type=meta.type,
        )


def _columns(members: RollupMembers, own: CubeSchema) -> Iterator[tuple[str, str]]:
    """What a column may be called here, and what Cube calls it.

    A time dimension's column is that of its granularity (`CUBE.ordered_at.day`): the bare one isn't in the table.
    """
    for reference in (*members.dimensions, *members.segments, *members.measures):
        yield _plain(str(reference), own), str(reference)
        yield ".".join(reference.key if reference.path else (reference.member.name,)), str(reference)
    for reference, granularity in members.times:
        if granularity is not None:
            name = f"{reference}.{granularity}"
            yield _plain(name, own), name
            yield _plain(str(reference), own), name


def _plain(column: str, own: CubeSchema) -> str:
    first, dot, rest = column.partition(".")
    return rest if dot and first in ("CUBE", own.name) else column
