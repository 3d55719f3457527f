"""dbt's semantic layer in manifest.json: semantic models, metrics, saved queries, and exposures.

Both layouts are read: measures inside semantic models (dbt 1.6 and newer), and metrics that aggregate by themselves
(`metric_aggregation_params`; dbt 1.12 and Fusion). Everything is optional that some version leaves out or writes as
null. Field names and their meaning: https://schemas.getdbt.com/dbt/manifest/v12.json
"""

from __future__ import annotations

from typing import Any

import msgspec

from floe_cube_infra.inputs.dbt_owners import Owner


class _Foreign(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Foreign data: frozen, unknown fields ignored."""


Number = int | float
Expression = str | int | float | bool
"""SQL; YAML's numbers and booleans are no strings in the manifests of some engines."""


class DependsOn(_Foreign, frozen=True):
    """What a part of the semantic layer is built from."""

    nodes: list[str] | None = None


class SemanticConfig(_Foreign, frozen=True):
    """The configuration of a part of the semantic layer."""

    enabled: bool | None = None
    meta: dict[str, Any] | None = None


class WhereFilter(_Foreign, frozen=True):
    """A condition: SQL with `{{ Dimension('order__status') }}` and the like in it."""

    where_sql_template: str | None = None


class WhereFilters(_Foreign, frozen=True):
    """Conditions that all hold; the oldest layout has a single one."""

    where_filters: list[WhereFilter | str] | None = None
    where_sql_template: str | None = None


Filter = WhereFilters | str | None


def filter_templates(given: Filter) -> tuple[str, ...]:
    """The conditions of a filter in their order; all of them hold."""
    if given is None:
        return ()
    if isinstance(given, str):
        return (given,)
    found = [given.where_sql_template]
    for one in given.where_filters or ():
        found.append(one if isinstance(one, str) else one.where_sql_template)
    return tuple(text for text in found if text)


class TimeWindow(_Foreign, frozen=True):
    """A span of time, such as 7 `day`; the granularity may be in the plural."""

    count: int
    granularity: str


class AggregationParams(_Foreign, frozen=True):
    """Which percentile an aggregation computes, from 0 to 1, and how."""

    percentile: Number | None = None
    use_discrete_percentile: bool | None = None
    use_approximate_percentile: bool | None = None


class NonAdditiveDimension(_Foreign, frozen=True):
    """The dimension that a measure must not be summed over."""

    name: str
    window_choice: str | None = None


class SemanticMeasure(_Foreign, frozen=True):
    """An aggregation over the rows of a semantic model."""

    name: str
    agg: str
    description: str | None = None
    label: str | None = None
    create_metric: bool | None = None
    expr: Expression | None = None
    agg_params: AggregationParams | None = None
    non_additive_dimension: NonAdditiveDimension | None = None
    agg_time_dimension: str | None = None


class ValidityParams(_Foreign, frozen=True):
    """Whether a time dimension says from or until when a row is valid."""

    is_start: bool | None = None
    is_end: bool | None = None


class DimensionTypeParams(_Foreign, frozen=True):
    """What only time dimensions have."""

    time_granularity: str | None = None
    validity_params: ValidityParams | None = None


class SemanticDimension(_Foreign, frozen=True):
    """An attribute; `expr` is its SQL, the column of its own name if there is none."""

    name: str
    type: str
    description: str | None = None
    label: str | None = None
    expr: Expression | None = None
    type_params: DimensionTypeParams | None = None
    config: SemanticConfig | None = None


class SemanticEntity(_Foreign, frozen=True):
    """A key: `primary`, `unique`, `natural` or `foreign`."""

    name: str
    type: str
    description: str | None = None
    label: str | None = None
    expr: Expression | None = None
    config: SemanticConfig | None = None


class SemanticDefaults(_Foreign, frozen=True):
    """What holds for the measures that say nothing else."""

    agg_time_dimension: str | None = None


class SemanticModel(_Foreign, frozen=True):
    """What dbt says about the meaning of one node."""

    unique_id: str
    name: str
    original_file_path: str | None = None
    depends_on: DependsOn | None = None
    defaults: SemanticDefaults | None = None
    primary_entity: str | None = None
    entities: list[SemanticEntity] | None = None
    dimensions: list[SemanticDimension] | None = None
    measures: list[SemanticMeasure] | None = None


class MetricInputMeasure(_Foreign, frozen=True):
    """A measure that a metric takes."""

    name: str
    filter: Filter = None
    join_to_timespine: bool | None = None
    fill_nulls_with: Number | None = None


class MetricInput(_Foreign, frozen=True):
    """Another metric that a metric takes."""

    name: str
    filter: Filter = None
    alias: str | None = None
    offset_window: TimeWindow | str | None = None
    offset_to_grain: str | None = None


class CumulativeParams(_Foreign, frozen=True):
    """What only cumulative metrics have."""

    window: TimeWindow | str | None = None
    grain_to_date: str | None = None
    period_agg: str | None = None
    metric: MetricInput | None = None


class MetricAggregation(_Foreign, frozen=True):
    """How a metric aggregates the rows of a semantic model without a measure."""

    semantic_model: str
    agg: str
    expr: Expression | None = None
    agg_params: AggregationParams | None = None
    agg_time_dimension: str | None = None
    non_additive_dimension: NonAdditiveDimension | None = None


class MetricTypeParams(_Foreign, frozen=True):
    """What a metric is computed from; which fields count depends on its type."""

    measure: MetricInputMeasure | None = None
    numerator: MetricInput | None = None
    denominator: MetricInput | None = None
    expr: Expression | None = None
    metrics: list[MetricInput] | None = None
    cumulative_type_params: CumulativeParams | None = None
    # Where cumulative metrics had them before cumulative_type_params.
    window: TimeWindow | str | None = None
    grain_to_date: str | None = None
    metric_aggregation_params: MetricAggregation | None = None
    join_to_timespine: bool | None = None
    fill_nulls_with: Number | None = None
    is_private: bool | None = None


class Metric(_Foreign, frozen=True):
    """A metric: `simple`, `ratio`, `derived`, `cumulative` or `conversion`."""

    unique_id: str
    name: str
    type: str
    type_params: MetricTypeParams
    description: str | None = None
    label: str | None = None
    filter: Filter = None
    meta: dict[str, Any] | None = None
    config: SemanticConfig | None = None
    original_file_path: str | None = None

    @property
    def all_meta(self) -> dict[str, Any]:
        """The metric's meta from both places that dbt knows; `config.meta` wins."""
        return {**(self.meta or {}), **((self.config and self.config.meta) or {})}


class QueryParams(_Foreign, frozen=True):
    """What a saved query asks for."""

    metrics: list[str] | None = None
    group_by: list[str] | None = None
    where: Filter = None


class SavedQuery(_Foreign, frozen=True):
    """A query of metrics that a project keeps under a name."""

    unique_id: str
    name: str
    query_params: QueryParams
    description: str | None = None
    label: str | None = None
    original_file_path: str | None = None


class Exposure(_Foreign, frozen=True):
    """What uses a project from outside: a dashboard, a notebook, an application."""

    unique_id: str
    name: str
    type: str | None = None
    label: str | None = None
    description: str | None = None
    url: str | None = None
    maturity: str | None = None
    owner: Owner | None = None
    depends_on: DependsOn | None = None
    meta: dict[str, Any] | None = None
    config: SemanticConfig | None = None
    original_file_path: str | None = None

    @property
    def depends_on_nodes(self) -> list[str]:
        """The `unique_id`s of what it uses."""
        return (self.depends_on and self.depends_on.nodes) or []
