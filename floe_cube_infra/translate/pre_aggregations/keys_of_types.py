"""Which keys go with which type of pre-aggregation, and with each other.

Source: CubeValidator of @cubejs-backend/schema-compiler 1.7.43 (RollUpSchema, RollUpJoinSchema, RollupLambdaSchema,
OriginalSqlSchema), and where it lets pass what Cube then doesn't build, the place that says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from floe_cube_infra.inputs.pre_aggregation_meta import PreAggregationMeta
from floe_cube_infra.model.pre_aggregations import PreAggregationType

GRANULARITIES: Final = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
"""The predefined ones, from fine to coarse."""

_ALWAYS: Final = frozenset({"name", "type"})
_BUILT: Final = frozenset(
    {
        "sql_alias",
        "refresh_key",
        "refresh_every",
        "build_range_start",
        "build_range_end",
        "indexes",
        "external",
        "scheduled_refresh",
        "use_original_sql_pre_aggregations",
        "read_only",
        "stream_offset",
        "output_column_types",
        "partition_granularity",
        "allow_non_strict_date_range_match",
        "time_dimension",
    }
)
_MEMBERS: Final = frozenset({"measures", "dimensions", "segments", "time_dimension", "granularity"})

_KEYS: Final[dict[PreAggregationType, frozenset[str]]] = {
    "rollup": _ALWAYS | _BUILT | _MEMBERS | {"time_dimensions", "unique_key_columns"},
    "rollup_join": _ALWAYS | _BUILT | _MEMBERS | {"rollups"},
    "rollup_lambda": _ALWAYS | _MEMBERS | {"rollups", "union_with_source_data"},
    "original_sql": _ALWAYS | _BUILT | {"unique_key_columns"},
}


def problems_of_keys(meta: PreAggregationMeta) -> Iterator[str]:
    """Each key that doesn't go with the type or with another key."""
    given = {key for key in meta.model_fields_set if getattr(meta, key) not in (None, ())}
    for key in sorted(given - _KEYS[meta.type]):
        yield f"the key {key} is not for the type {meta.type}; allowed are: {', '.join(sorted(_KEYS[meta.type]))}"
    yield from _about_time(meta)
    if meta.type == "original_sql":
        if (meta.partition_granularity is None) != (meta.time_dimension is None):
            yield "partition_granularity and time_dimension need each other in the type original_sql"
    elif meta.partition_granularity is not None and not _has_time(meta):
        yield "partition_granularity needs a time_dimension to part by"
    if meta.type == "rollup" and not (meta.measures or meta.dimensions or meta.segments or _has_time(meta)):
        yield "it has neither measures nor dimensions, so it could answer nothing"
    if meta.type == "rollup_join":
        if not (meta.measures or meta.dimensions):
            yield "it has neither measures nor dimensions, so it could answer nothing"
        if meta.scheduled_refresh:
            yield "scheduled_refresh must be false in the type rollup_join: its rollups are built, not it"
    fewest = {"rollup_join": 2, "rollup_lambda": 1}.get(meta.type, 0)
    if len(meta.rollups) < fewest:
        yield f"the type {meta.type} needs rollups: {fewest} at least, as name or cube.name"


def _has_time(meta: PreAggregationMeta) -> bool:
    return meta.time_dimension is not None or bool(meta.time_dimensions)


def _about_time(meta: PreAggregationMeta) -> Iterator[str]:
    if meta.time_dimension is not None and meta.time_dimensions:
        yield "it has both time_dimension and time_dimensions; keep one of them"
    if meta.type != "original_sql":
        if meta.time_dimension is not None and meta.granularity is None:
            yield f"time_dimension needs a granularity; predefined are: {', '.join(GRANULARITIES)}"
        if meta.granularity is not None and meta.time_dimension is None:
            yield "granularity needs a time_dimension; with time_dimensions each has its own"
    if meta.allow_non_strict_date_range_match is not None and not _has_time(meta):
        yield "allow_non_strict_date_range_match needs a time_dimension"
    for granularity in _granularities(meta):
        finest = meta.partition_granularity
        if granularity in GRANULARITIES and finest is not None and _order(finest) < _order(granularity):
            yield (
                f"partition_granularity {finest} is finer than the granularity {granularity}: one {granularity} "
                f"would lie in several partitions; allowed are {granularity} and coarser"
            )


def _granularities(meta: PreAggregationMeta) -> Iterator[str]:
    if meta.time_dimension is not None and meta.granularity is not None:
        yield meta.granularity
    # Cube parts by the first of several (PreAggregations.partitionDimension).
    elif meta.time_dimensions:
        yield meta.time_dimensions[0].granularity


def _order(granularity: str) -> int:
    return GRANULARITIES.index(granularity)
