"""`meta.cube.pre_aggregations` become pre-aggregations that Cube can build and that filtered queries can use."""

from __future__ import annotations

from collections.abc import Sequence

from floe_cube_infra.inputs.dbt_manifest import Node
from floe_cube_infra.inputs.pre_aggregation_meta import PreAggregationMeta
from floe_cube_infra.model.cubes import CubeSchema
from floe_cube_infra.model.members import CubeMeasure
from floe_cube_infra.model.pre_aggregations import BuildRange, CubePreAggregation, TimeDimension
from floe_cube_infra.naming import is_identifier
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.pre_aggregations.additivity import doubts_about_measures
from floe_cube_infra.translate.pre_aggregations.combined_rollups import problems_of_lambda, refer_to_rollups
from floe_cube_infra.translate.pre_aggregations.findings import Findings
from floe_cube_infra.translate.pre_aggregations.indexes import indexes
from floe_cube_infra.translate.pre_aggregations.keys_of_types import problems_of_keys
from floe_cube_infra.translate.pre_aggregations.known_cubes import KnownCubes, PreAggregationDefaults
from floe_cube_infra.translate.pre_aggregations.output_columns import output_column_types
from floe_cube_infra.translate.pre_aggregations.refresh_keys import refresh_key
from floe_cube_infra.translate.pre_aggregations.rollup_members import (
    RollupMembers,
    look_up_members,
    with_filter_columns,
)
from floe_cube_infra.translate.pre_aggregations.table_names import doubt_about_table_name


def pre_aggregations(
    cube_name: str,
    metas: Sequence[PreAggregationMeta],
    known: KnownCubes,
    defaults: PreAggregationDefaults,
    node: Node,
    issues: IssueLog,
) -> tuple[CubePreAggregation, ...]:
    """The pre-aggregations of a cube, in the order given, which is that in which Cube tries them.

    Each gets the default refresh key and store where it has none, and the filter columns of all cubes that it reads.

    Args:
        cube_name: The cube.
        metas: What its dbt node says.
        known: All cubes, that one included.
        defaults: The artifacts' defaults.
        node: The dbt node, for issues.
        issues: Where problems go; one with an error is left out.
    """
    own = known.by_name[cube_name]
    taken = {member.name for part in (own.dimensions, own.measures, own.segments, own.hierarchies) for member in part}
    result: dict[str, CubePreAggregation] = {}
    for meta in metas:
        findings = Findings(errors=list(problems_of_keys(meta)))
        if not is_identifier(meta.name):
            findings.errors.append("Cube does not take this name: letters, digits and underscores, no digit first")
        elif meta.name in taken:
            # Cube: "... defined more than once" (CubeSymbols.transform).
            findings.errors.append("the cube has another member or pre-aggregation of this name")
        taken.add(meta.name)
        built = _translated(meta, own, known, defaults, findings)
        if not findings.errors:
            result[meta.name] = built
        findings.report(meta.name, node, issues)
    for built in result.values():
        if built.type == "rollup_lambda":
            Findings(errors=list(problems_of_lambda(built, result))).report(built.name, node, issues)
    return tuple(result.values())


def _translated(
    meta: PreAggregationMeta,
    own: CubeSchema,
    known: KnownCubes,
    defaults: PreAggregationDefaults,
    findings: Findings,
) -> CubePreAggregation:
    members = look_up_members(meta, own, known, findings)
    # A lambda that names no members has those of its first rollup; original_sql has all columns of the cube.
    if meta.type != "original_sql" and any(True for _ in members.all) and not findings.errors:
        members = with_filter_columns(members, own, known, findings)
    external = meta.external
    if external is None and meta.type in ("rollup", "rollup_join"):
        external = defaults.external
    if meta.type == "rollup":
        findings.warnings.extend(doubts_about_measures(members.measures, known))
    if external:
        findings.errors.extend(_without_store_support(members))
    if meta.partition_granularity is None and (meta.build_range_start or meta.build_range_end):
        findings.warnings.append("build_range_start and build_range_end do nothing without a partition_granularity")
    built = _assembled(meta, members, own, known, defaults, external=external, findings=findings)
    doubt = doubt_about_table_name(own.name, built, defaults.database_type)
    if doubt:
        findings.warnings.append(doubt)
    return built


def _assembled(
    meta: PreAggregationMeta,
    members: RollupMembers,
    own: CubeSchema,
    known: KnownCubes,
    defaults: PreAggregationDefaults,
    *,
    external: bool | None,
    findings: Findings,
) -> CubePreAggregation:
    several = bool(meta.time_dimensions)
    first_time, granularity = members.times[0] if members.times and not several else (None, None)
    return CubePreAggregation(
        name=meta.name if is_identifier(meta.name) else "_",
        type=meta.type,
        sql_alias=meta.sql_alias,
        measures=tuple(map(str, members.measures)),
        dimensions=tuple(map(str, members.dimensions)),
        segments=tuple(map(str, members.segments)),
        time_dimension=str(first_time) if first_time else None,
        granularity=granularity,
        time_dimensions=tuple(
            TimeDimension(dimension=str(time), granularity=size) for time, size in members.times if several and size
        ),
        rollups=refer_to_rollups(meta.rollups, own.name, known, findings),
        partition_granularity=meta.partition_granularity,
        refresh_key=refresh_key(meta, defaults, findings),
        build_range_start=BuildRange(sql=meta.build_range_start.sql) if meta.build_range_start else None,
        build_range_end=BuildRange(sql=meta.build_range_end.sql) if meta.build_range_end else None,
        indexes=tuple(indexes(meta.indexes, members, own, findings)),
        external=external,
        scheduled_refresh=meta.scheduled_refresh,
        allow_non_strict_date_range_match=_is_loose(meta, members),
        use_original_sql_pre_aggregations=meta.use_original_sql_pre_aggregations,
        unique_key_columns=meta.unique_key_columns,
        union_with_source_data=meta.union_with_source_data,
        read_only=meta.read_only,
        stream_offset=meta.stream_offset,
        output_column_types=output_column_types(meta, members, own, known, findings),
    )


def _is_loose(meta: PreAggregationMeta, members: RollupMembers) -> bool | None:
    """Off where nobody asked for it: by Cube's default a rollup by day answers for half a day with the whole one."""
    given = meta.allow_non_strict_date_range_match
    return False if given is None and members.times and meta.type in ("rollup", "rollup_join") else given


def _without_store_support(members: RollupMembers) -> list[str]:
    """Cube Store refuses queries with other rolling windows than fixed ones (BaseMeasure.rollingWindowDefinition)."""
    return [
        f"the measure {reference.member.name} has a rolling window of the type to_date, which Cube Store can't "
        "compute; leave it out, or set external: false"
        for reference in members.measures
        if isinstance(reference.member, CubeMeasure)
        and reference.member.rolling_window is not None
        and reference.member.rolling_window.type == "to_date"
    ]
