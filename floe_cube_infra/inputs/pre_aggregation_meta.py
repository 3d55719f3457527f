"""`meta.cube.pre_aggregations`: what people write into their dbt files about rollups, in Cube's own keys."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, StrictBool, field_validator

from floe_cube_infra.model.pre_aggregations import PartitionGranularity, PreAggregationType


class _Part(BaseModel):
    """Strict, so that a misspelt key is reported instead of silently doing nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class RefreshKeyMeta(_Part):
    """When it is built anew: by a query (`sql`), or `every` interval or cron expression."""

    every: str | None = None
    timezone: str | None = None
    sql: str | None = None
    incremental: StrictBool | None = None
    update_window: str | None = None


class BuildRangeMeta(_Part):
    """One end of the time that is built."""

    sql: str


class IndexMeta(_Part):
    """A sort order in Cube Store."""

    name: str
    columns: tuple[str, ...]
    type: Literal["regular", "aggregate"] | None = None

    @field_validator("columns")
    @classmethod
    def _not_empty(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("needs one column at least")
        return value


class TimeDimensionMeta(_Part):
    """One of several time dimensions."""

    dimension: str
    granularity: str


class OutputColumnMeta(_Part):
    """The warehouse type of a column, where Cube can't find it out."""

    member: str
    type: str


class PreAggregationMeta(_Part):
    """An entry of `meta.cube.pre_aggregations`.

    Keys, types and values are those of Cube 1.7 (RollUpSchema and its like in CubeValidator of
    @cubejs-backend/schema-compiler). `refresh_every` is a shorthand for `refresh_key: {every: ...}`.
    What one key demands of another, and whether members exist, is for the translation to say.
    """

    name: str
    type: PreAggregationType = "rollup"
    sql_alias: str | None = None
    measures: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    time_dimension: str | None = None
    granularity: str | None = None
    time_dimensions: tuple[TimeDimensionMeta, ...] = ()
    rollups: tuple[str, ...] = ()
    partition_granularity: PartitionGranularity | None = None
    refresh_key: RefreshKeyMeta | None = None
    refresh_every: str | None = None
    build_range_start: BuildRangeMeta | None = None
    build_range_end: BuildRangeMeta | None = None
    indexes: tuple[IndexMeta, ...] = ()
    external: StrictBool | None = None
    scheduled_refresh: StrictBool | None = None
    allow_non_strict_date_range_match: StrictBool | None = None
    use_original_sql_pre_aggregations: StrictBool | None = None
    unique_key_columns: tuple[str, ...] = ()
    union_with_source_data: StrictBool | None = None
    read_only: StrictBool | None = None
    stream_offset: Literal["earliest", "latest"] | None = None
    output_column_types: tuple[OutputColumnMeta, ...] = ()
