"""Medians and percentiles, for which Cube has no type of measure: SQL of each warehouse.

The same functions as MetricFlow renders, and refused where MetricFlow refuses them (metricflow/sql/render).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from floe_cube_infra.inputs.dbt_semantics import AggregationParams
from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.translate.metricflow.unsupported import CannotSay

_WITHIN_GROUP: Final[dict[DatabaseType, dict[str, str]]] = {
    "postgres": {"continuous": "PERCENTILE_CONT", "discrete": "PERCENTILE_DISC"},
    "snowflake": {"continuous": "PERCENTILE_CONT", "discrete": "PERCENTILE_DISC"},
    "databricks": {"continuous": "PERCENTILE_CONT"},
    "bigquery": {},
    "trino": {},
}
_APPROXIMATE: Final[dict[tuple[DatabaseType, str], str]] = {
    ("snowflake", "approximate continuous"): "APPROX_PERCENTILE",
    ("databricks", "approximate discrete"): "APPROX_PERCENTILE",
    ("trino", "approximate continuous"): "approx_percentile",
}


def percentile_sql(operand: str, agg: str, params: AggregationParams | None, database_type: DatabaseType) -> str:
    """The aggregate that computes a percentile.

    Args:
        operand: What is aggregated, row by row.
        agg: `median` or `percentile`.
        params: Which percentile, and how.
        database_type: Whose SQL.

    Raises:
        CannotSay: The warehouse has no such aggregate, or the percentile is missing.
    """
    params = params or AggregationParams()
    fraction = 0.5 if agg == "median" else params.percentile
    if fraction is None or not 0 <= fraction <= 1:
        raise CannotSay("agg_params.percentile is missing, or not between 0 and 1")
    kind = "discrete" if params.use_discrete_percentile and agg != "median" else "continuous"
    if params.use_approximate_percentile:
        kind = f"approximate {kind}"
    number = format(float(fraction), "g")
    if kind in _WITHIN_GROUP[database_type]:
        return f"{_WITHIN_GROUP[database_type][kind]}({number}) WITHIN GROUP (ORDER BY {operand})"
    if (database_type, kind) in _APPROXIMATE:
        return f"{_APPROXIMATE[database_type, kind]}({operand}, {number})"
    if database_type == "bigquery" and kind == "approximate continuous":
        exact = Fraction(fraction).limit_denominator()
        return f"APPROX_QUANTILES({operand}, {exact.denominator})[OFFSET({exact.numerator})]"
    allowed = [*_WITHIN_GROUP[database_type], *(kind for database, kind in _APPROXIMATE if database == database_type)]
    if database_type == "bigquery":
        allowed.append("approximate continuous")
    raise CannotSay(
        f"{database_type} has no {kind} percentile as an aggregate, only: {', '.join(allowed)}; set "
        "use_approximate_percentile and use_discrete_percentile accordingly"
    )
