"""One rollup proposed for a fact: a cube with a time dimension and measures that add up.

It holds all additive measures by day, by the filter column and by dimensions that are known, from dbt and not
guessed from names, to have few values; it is parted by month, and only the newest partitions are built anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from floe_cube_infra.model.cubes import CubeSchema
from floe_cube_infra.model.members import CubeDimension, CubeMeasure
from floe_cube_infra.model.pre_aggregations import CubePreAggregation, RefreshKey
from floe_cube_infra.translate.pre_aggregations.additivity import ADDITIVE, COMPUTED
from floe_cube_infra.translate.pre_aggregations.findings import Findings
from floe_cube_infra.translate.pre_aggregations.known_cubes import KnownCubes, PreAggregationDefaults
from floe_cube_infra.translate.pre_aggregations.member_references import MemberReference, can_be_referred_to
from floe_cube_infra.translate.pre_aggregations.refresh_keys import default_refresh_key
from floe_cube_infra.translate.pre_aggregations.rollup_members import RollupMembers, with_filter_columns
from floe_cube_infra.translate.pre_aggregations.table_names import doubt_about_table_name

MOST_COMBINATIONS: Final = 1_000
"""How many rows a day the kept-apart dimensions may make, for each value of the filter column."""

UPDATE_WINDOW: Final = "7 day"
"""How long after the end of a partition late rows are still taken in."""

_NAME: Final = "auto_by_day"
# A boolean has two values and, where dbt doesn't rule it out, null.
_BOOLEAN_VALUES: Final = 3
# Columns of loaders and of dbt itself: when a row was loaded, not when what it tells happened.
_BOOKKEEPING: Final = ("_", "dbt_")
_KEYWORD: Final = "its name is a keyword of Python, as which Cube reads references"


@dataclass(frozen=True, kw_only=True)
class RollupHints:
    """What dbt knows about a cube's columns, by the names of their dimensions.

    Attributes:
        few_values: Dimensions with few values, and how many: `accepted_values` tests and enum types.
        personal: Dimensions with personal or confidential data.
        foreign_keys: Dimensions that refer to other cubes' rows.
        aggregation_time: MetricFlow's `agg_time_dimension`.
        event_time: dbt's `event_time`.
    """

    few_values: Mapping[str, int] = field(default_factory=dict)
    personal: Collection[str] = ()
    foreign_keys: Collection[str] = ()
    aggregation_time: str | None = None
    event_time: str | None = None


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A rollup, if there is one to propose, and why.

    Attributes:
        rollup: What Cube builds.
        reasons: A sentence for each member, why it is in or out; without a rollup why there is none.
    """

    rollup: CubePreAggregation | None
    reasons: tuple[str, ...]

    @property
    def explanation(self) -> str:
        """All reasons, one a line."""
        return "\n".join(self.reasons)


def propose_rollup(cube_name: str, known: KnownCubes, defaults: PreAggregationDefaults, hints: RollupHints) -> Proposal:
    """Proposes a rollup; none for cubes that have pre-aggregations of their own.

    The time dimension is MetricFlow's `agg_time_dimension`, else dbt's `event_time`, else the first column of the
    type time that is neither personal nor bookkeeping of a loader (its name begins with `_` or `dbt_`).

    Args:
        cube_name: The cube.
        known: All cubes, that one included.
        defaults: The artifacts' defaults.
        hints: What dbt knows about its columns.

    Raises:
        ScheduleError: The default schedule is none that Cube can build by.
    """
    cube = known.by_name[cube_name]
    if known.pre_aggregations.get(cube_name):
        return _none(f"{cube_name} has pre-aggregations of its own in meta.cube.pre_aggregations")
    if cube.access.kind == "refused":
        return _none(f"{cube_name} refuses every query, having no column that row-level security filters by")
    time, why_time = _time_dimension(cube, hints)
    if time is None:
        return _none(f"{cube_name} {why_time}")
    reasons = [f"{time.name} is its time, by day: {why_time}"]
    measures = [MemberReference(cube=cube_name, member=measure) for measure in _additive(cube, reasons)]
    if not measures:
        return _none(f"{cube_name} has no measure that adds up")
    dimensions = [
        MemberReference(cube=cube_name, member=dimension) for dimension in _few_values(cube, time, hints, reasons)
    ]
    findings = Findings()
    members = with_filter_columns(
        RollupMembers(
            measures=tuple(measures),
            dimensions=tuple(dimensions),
            times=((MemberReference(cube=cube_name, member=time), "day"),),
        ),
        cube,
        known,
        findings,
    )
    if findings.errors:
        return _none(f"{cube_name}: {'; '.join(findings.errors)}")
    rollup = _rollup(cube, members, defaults)
    reasons.extend(_about_filter_columns(members, dimensions))
    doubt = doubt_about_table_name(cube_name, rollup, defaults.database_type)
    if doubt:
        return _none(f"{cube_name}: {doubt}")
    return Proposal(rollup=rollup, reasons=tuple(reasons))


def _none(reason: str) -> Proposal:
    return Proposal(rollup=None, reasons=(reason,))


def _rollup(cube: CubeSchema, members: RollupMembers, defaults: PreAggregationDefaults) -> CubePreAggregation:
    taken = {
        member.name for part in (cube.dimensions, cube.measures, cube.segments, cube.hierarchies) for member in part
    }
    name = _NAME
    while name in taken:
        name += "_"
    key = default_refresh_key(defaults)
    return CubePreAggregation(
        name=name,
        measures=tuple(map(str, members.measures)),
        dimensions=tuple(map(str, members.dimensions)),
        time_dimension=str(members.times[0][0]),
        granularity="day",
        partition_granularity="month",
        refresh_key=RefreshKey(every=key.every, timezone=key.timezone, incremental=True, update_window=UPDATE_WINDOW),
        external=defaults.external,
        # By Cube's default it would answer for half a day with the whole one.
        allow_non_strict_date_range_match=False,
    )


def _time_dimension(cube: CubeSchema, hints: RollupHints) -> tuple[CubeDimension | None, str]:
    times = {dimension.name: dimension for dimension in cube.dimensions if dimension.type == "time"}
    for name, source in ((hints.aggregation_time, "MetricFlow's agg_time_dimension"), (hints.event_time, "event_time")):
        if name in times and can_be_referred_to(times[name].name):
            return times[name], f"dbt says so ({source})"
    for dimension in times.values():
        bookkeeping = dimension.name.lower().startswith(_BOOKKEEPING)
        if not bookkeeping and dimension.name not in hints.personal and can_be_referred_to(dimension.name):
            return dimension, "it is the first column with a time"
    if times:
        others = ", ".join(times)
        return None, f"has no time dimension but {others}: personal, bookkeeping, or named by a keyword of Python"
    return None, "has no time dimension"


def _additive(cube: CubeSchema, reasons: list[str]) -> Iterator[CubeMeasure]:
    for measure in cube.measures:
        if not can_be_referred_to(measure.name):
            reasons.append(f"{measure.name} is out: {_KEYWORD}")
        elif measure.type in COMPUTED:
            reasons.append(f"{measure.name} is out: Cube computes it from the measures that it is made of")
        elif measure.type not in ADDITIVE:
            reasons.append(f"{measure.name} is out: {measure.type} does not add up over days and dimensions")
        elif measure.rolling_window is not None:
            reasons.append(f"{measure.name} is out: its rolling window does not fit every granularity")
        else:
            reasons.append(f"{measure.name} is in: {measure.type} adds up")
            yield measure


def _few_values(
    cube: CubeSchema, time: CubeDimension, hints: RollupHints, reasons: list[str]
) -> Iterator[CubeDimension]:
    combinations = 1
    for dimension in cube.dimensions:
        if dimension.name in (time.name, *cube.filter_columns):
            continue
        values = _BOOLEAN_VALUES if dimension.type == "boolean" else hints.few_values.get(dimension.name)
        why_out = _why_out(dimension, hints, values)
        if why_out is None and values is not None and combinations * values > MOST_COMBINATIONS:
            why_out = f"with its {values} values there would be over {MOST_COMBINATIONS} rows a day"
        if why_out is not None or values is None:
            reasons.append(f"{dimension.name} is out: {why_out}")
            continue
        combinations *= values
        reasons.append(f"{dimension.name} is in: it has {values} values at most")
        yield dimension


def _why_out(dimension: CubeDimension, hints: RollupHints, values: int | None) -> str | None:
    if not can_be_referred_to(dimension.name):
        return _KEYWORD
    if dimension.name in hints.personal:
        return "it is personal or confidential"
    if dimension.primary_key:
        return "it tells every row apart"
    if dimension.name in hints.foreign_keys:
        return "it refers to rows of another cube, of which there are many"
    if dimension.type == "time":
        return "another time dimension is the rollup's"
    if dimension.sub_query:
        return "it is computed from another cube for each row"
    return None if values is not None else "nothing says that it has few values; an accepted_values test would"


def _about_filter_columns(members: RollupMembers, chosen: Collection[MemberReference]) -> Iterator[str]:
    keys = {reference.key for reference in chosen}
    for reference in members.dimensions:
        if reference.key not in keys:
            yield f"{reference.member.name} is in: row-level security filters {reference.cube} by it"
