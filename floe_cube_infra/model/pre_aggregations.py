"""Tables that Cube builds ahead of queries, to answer them faster.

Source: https://cube.dev/docs/product/data-modeling/reference/pre-aggregations
"""

from __future__ import annotations

from typing import Literal

from floe_cube_infra.model.frozen import Frozen, Identifier

PreAggregationType = Literal["rollup", "original_sql", "rollup_join", "rollup_lambda"]
PartitionGranularity = Literal["hour", "day", "week", "month", "quarter", "year"]


class RefreshKey(Frozen):
    """When a pre-aggregation is built anew.

    Attributes:
        every: An interval (`1 hour`) or a cron expression.
        timezone: The IANA zone that a cron expression is read in.
        sql: A query whose changed result says so instead.
        incremental: Whether only the newest partitions are built anew.
        update_window: How far back those reach, as an interval.
    """

    every: str | None = None
    timezone: str | None = None
    sql: str | None = None
    incremental: bool | None = None
    update_window: str | None = None


class BuildRange(Frozen):
    """One end of the range of time that partitions are built for."""

    sql: str


class PreAggregationIndex(Frozen):
    """A sort order of the table in Cube Store.

    Attributes:
        name: Unique in the pre-aggregation.
        columns: Members of the pre-aggregation, those with equality filters first.
        type: An `aggregate` index is pre-aggregated once more.
    """

    name: Identifier
    columns: tuple[str, ...]
    type: Literal["regular", "aggregate"] | None = None


class TimeDimension(Frozen):
    """A time dimension at a granularity, where a rollup has several."""

    dimension: str
    granularity: str


class OutputColumnType(Frozen):
    """The warehouse type of a member's column, where Cube can't find it out."""

    member: str
    type: str


class CubePreAggregation(Frozen):
    """A pre-aggregation.

    Attributes:
        name: Unique in the cube.
        type: What it holds; a `rollup` holds measures by dimensions.
        sql_alias: Takes the name's place in names of tables, where those get too long.
        measures: Members it sums up; members are `CUBE.revenue`, or `customers.region` of another cube.
        dimensions: Members it keeps apart; with row-level security the filter column is among them.
        segments: Segments it can be filtered by.
        time_dimension: The dimension for time.
        granularity: Of that dimension: a predefined one, or one of the dimension's own.
        time_dimensions: Several time dimensions instead.
        rollups: For joins and lambdas: what they are made of.
        partition_granularity: The time that one partition covers.
        refresh_key: When it is built anew.
        build_range_start: Where partitions begin.
        build_range_end: Where they end.
        indexes: Sort orders in Cube Store.
        external: Whether it is kept in Cube Store rather than in the warehouse.
        scheduled_refresh: Whether the refresh worker builds it unasked.
        allow_non_strict_date_range_match: Whether a query whose range doesn't fit the granularity may use it.
        unique_key_columns: What tells rows apart, for streams.
        union_with_source_data: For lambdas: whether newest rows come from the source.
        use_original_sql_pre_aggregations: Whether it is built from the cube's `original_sql` one.
        read_only: Whether it is built without writing into the warehouse.
        stream_offset: Where streams are read from.
        output_column_types: The warehouse types of columns, where Cube can't find them out.
    """

    name: Identifier
    type: PreAggregationType = "rollup"
    sql_alias: str | None = None
    measures: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    time_dimension: str | None = None
    granularity: str | None = None
    time_dimensions: tuple[TimeDimension, ...] = ()
    rollups: tuple[str, ...] = ()
    partition_granularity: PartitionGranularity | None = None
    refresh_key: RefreshKey | None = None
    build_range_start: BuildRange | None = None
    build_range_end: BuildRange | None = None
    indexes: tuple[PreAggregationIndex, ...] = ()
    external: bool | None = None
    scheduled_refresh: bool | None = None
    allow_non_strict_date_range_match: bool | None = None
    unique_key_columns: tuple[str, ...] = ()
    union_with_source_data: bool | None = None
    use_original_sql_pre_aggregations: bool | None = None
    read_only: bool | None = None
    stream_offset: Literal["earliest", "latest"] | None = None
    output_column_types: tuple[OutputColumnType, ...] = ()
