"""One aggregation over the rows of one semantic model, as a measure of its cube."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from floe_cube_infra.inputs.dbt_semantics import (
    AggregationParams,
    Metric,
    MetricInputMeasure,
    NonAdditiveDimension,
    Number,
    SemanticMeasure,
    filter_templates,
)
from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.members import MeasureType
from floe_cube_infra.translate.metricflow.expressions import is_number, of_cube, text_of
from floe_cube_infra.translate.metricflow.index import BoundModel, SemanticIndex
from floe_cube_infra.translate.metricflow.percentiles import percentile_sql
from floe_cube_infra.translate.metricflow.unsupported import CannotSay, NoCube

_TYPES: Final[dict[str, MeasureType]] = {
    "sum": "sum",
    "sum_boolean": "sum",
    "min": "min",
    "max": "max",
    "average": "avg",
    "count": "count",
    "count_distinct": "count_distinct",
}
_PERCENTILES: Final = frozenset(["median", "percentile"])


@dataclass(frozen=True, kw_only=True)
class Aggregation:
    """What a simple or cumulative metric aggregates, whichever layout says it.

    Attributes:
        model: Whose rows.
        agg: How.
        expr: What.
        params: Which percentile.
        non_additive: The dimension that it must not be summed over.
        time: The time dimension that it goes by.
        filters: Conditions on the rows, as templates.
        fill_nulls_with: What stands for no value.
        join_to_timespine: Whether periods without rows have a value, too.
    """

    model: BoundModel
    agg: str
    expr: str
    params: AggregationParams | None
    non_additive: NonAdditiveDimension | None
    time: str | None
    filters: tuple[str, ...]
    fill_nulls_with: Number | None
    join_to_timespine: bool


@dataclass(frozen=True, kw_only=True)
class Aggregated:
    """The same for Cube.

    Attributes:
        type: The measure's type.
        sql: Its SQL; None for a count of rows.
        conditions: Those that the measure still has to filter by.
    """

    type: MeasureType
    sql: str | None
    conditions: tuple[str, ...]


def aggregation_of(metric: Metric, index: SemanticIndex) -> Aggregation:
    """What a simple or cumulative metric aggregates by itself.

    Raises:
        CannotSay: The measure or semantic model isn't there, or becomes no cube.
    """
    params = metric.type_params
    if params.measure is not None and params.measure.name in index.measures:
        model, measure = index.measures[params.measure.name]
        return of_measure(model, measure, params.measure)
    inline = params.metric_aggregation_params
    if inline is None:
        name = params.measure.name if params.measure else None
        owner = index.unbound_owner(name) if name else None
        if owner is not None:
            raise NoCube(owner.name)
        raise CannotSay(f"there is no measure {name}" if name else "it has neither a measure nor an aggregation")
    if inline.semantic_model in index.unbound:
        raise NoCube(inline.semantic_model)
    if inline.semantic_model not in index.models:
        raise CannotSay(f"there is no semantic model {inline.semantic_model}")
    model = index.models[inline.semantic_model]
    return Aggregation(
        model=model,
        agg=inline.agg,
        expr=text_of(params.expr) or text_of(inline.expr) or metric.name,
        params=inline.agg_params,
        non_additive=inline.non_additive_dimension,
        time=inline.agg_time_dimension or model.default_time,
        filters=(),
        fill_nulls_with=params.fill_nulls_with,
        join_to_timespine=bool(params.join_to_timespine),
    )


def of_measure(model: BoundModel, measure: SemanticMeasure, given: MetricInputMeasure) -> Aggregation:
    """A measure as a metric takes it."""
    return Aggregation(
        model=model,
        agg=measure.agg,
        expr=text_of(measure.expr) or measure.name,
        params=measure.agg_params,
        non_additive=measure.non_additive_dimension,
        time=measure.agg_time_dimension or model.default_time,
        filters=filter_templates(given.filter),
        fill_nulls_with=given.fill_nulls_with,
        join_to_timespine=bool(given.join_to_timespine),
    )


def aggregated(aggregation: Aggregation, conditions: Sequence[str], database_type: DatabaseType) -> Aggregated:
    """The aggregation as type and SQL of a measure.

    Args:
        aggregation: What to aggregate.
        conditions: SQL that holds for the rows that count.
        database_type: Whose SQL.

    Raises:
        CannotSay: Cube has no such aggregation, or would compute something else.
    """
    if aggregation.non_additive is not None:
        raise CannotSay(
            f"it must not be summed over {aggregation.non_additive.name} (non_additive_dimension), and Cube has no "
            "measure that takes the first or last period only; compute the balance in a dbt model"
        )
    agg, expr = aggregation.agg.lower(), aggregation.expr
    if (expr == "1" and agg == "sum") or (agg == "count" and (expr == "*" or is_number(expr))):
        # Cube counts keys then; a constant would count the empty rows of outer joins, too.
        return Aggregated(type="count", sql=None, conditions=tuple(conditions))
    sql = of_cube(expr, aggregation.model.source, database_type)
    if agg in _PERCENTILES:
        if conditions:
            # Cube would put the conditions around the aggregate.
            sql = f"CASE WHEN {' AND '.join(f'({condition})' for condition in conditions)} THEN {sql} END"
        return Aggregated(type="number", sql=percentile_sql(sql, agg, aggregation.params, database_type), conditions=())
    if agg not in _TYPES:
        raise CannotSay(f"the aggregation {agg!r} is none of {', '.join(sorted({*_TYPES, *_PERCENTILES}))}")
    if agg == "sum_boolean":
        sql = f"CASE WHEN {sql} THEN 1 ELSE 0 END"
    return Aggregated(type=_TYPES[agg], sql=sql, conditions=tuple(conditions))
