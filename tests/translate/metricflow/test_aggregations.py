from __future__ import annotations

from typing import Any

import pytest

from .conftest import Translate, filters, metric

COMPLETED = "{{ Dimension('order__status') }} = 'completed'"


def simple(measure: str, **fields: Any) -> dict[str, Any]:
    return metric("m", measure={"name": measure, **fields})


@pytest.mark.parametrize(
    ("agg", "expr", "type_", "sql"),
    [
        ("sum", "amount", "sum", "{CUBE}.amount"),
        ("min", "ordered_at", "min", "{CUBE}.ordered_at"),
        ("max", "amount", "max", "{CUBE}.amount"),
        ("average", "amount * 2", "avg", "{CUBE}.amount * 2"),
        ("count", "customer_id", "count", "{CUBE}.customer_id"),
        ("count_distinct", "customer_id", "count_distinct", "{CUBE}.customer_id"),
        ("sum_boolean", "amount > 5", "sum", "CASE WHEN {CUBE}.amount > 5 THEN 1 ELSE 0 END"),
        ("SUM", "Amount", "sum", "{CUBE}.amount"),
        ("sum", 2, "sum", "2"),
    ],
)
def test_each_aggregation_becomes_its_type(translate: Translate, agg: str, expr: object, type_: str, sql: str) -> None:
    result = translate(simple("x"), measures=[{"name": "x", "agg": agg, "expr": expr}])

    assert result.formula("m") == (type_, sql, [])
    assert result.issues == ()


@pytest.mark.parametrize(("agg", "expr"), [("sum", "1"), ("sum", 1), ("count", "1"), ("count", "*"), ("count", 7)])
def test_a_sum_of_ones_counts_keys_so_that_empty_rows_of_joins_do_not_count(
    translate: Translate, agg: str, expr: object
) -> None:
    result = translate(simple("x"), measures=[{"name": "x", "agg": agg, "expr": expr}])

    assert result.formula("m") == ("count", None, [])


def test_a_measure_without_expr_is_the_column_of_its_name(translate: Translate) -> None:
    assert translate(simple("amount")).formula("m") == ("sum", "{CUBE}.amount", [])


def test_the_newest_layout_aggregates_without_measures(translate: Translate) -> None:
    inline = metric(
        "m",
        where=[COMPLETED],
        expr="amount",
        metric_aggregation_params={"semantic_model": "orders", "agg": "average"},
        label="Mean",
    )
    without_expr = metric("amount", metric_aggregation_params={"semantic_model": "orders", "agg": "sum"})
    inside = metric("n", metric_aggregation_params={"semantic_model": "orders", "agg": "max", "expr": "amount"})

    result = translate(inline, without_expr, inside)

    assert result.formula("m") == ("avg", "{CUBE}.amount", ["{CUBE}.status = 'completed'"])
    assert result.measures()["m"].title == "Mean"
    assert result.formula("amount_metric")[:2] == ("sum", "{CUBE}.amount")
    assert result.formula("n")[:2] == ("max", "{CUBE}.amount")


def test_filters_of_metric_and_measure_hold_together_and_each_once(translate: Translate) -> None:
    large = "{{ Dimension('order__is_large') }}"
    result = translate(metric("m", where=[COMPLETED], measure={"name": "amount", "filter": filters(large, COMPLETED)}))

    assert result.formula("m")[2] == ["({CUBE}.amount > 100)", "{CUBE}.status = 'completed'"]


@pytest.mark.parametrize(
    ("database_type", "params", "sql"),
    [
        ("postgres", {}, "PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY {CUBE}.amount)"),
        ("snowflake", {"use_discrete_percentile": True}, "PERCENTILE_DISC(0.9) WITHIN GROUP (ORDER BY {CUBE}.amount)"),
        ("snowflake", {"use_approximate_percentile": True}, "APPROX_PERCENTILE({CUBE}.amount, 0.9)"),
        ("databricks", {}, "PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY {CUBE}.amount)"),
        ("trino", {"use_approximate_percentile": True}, "approx_percentile({CUBE}.amount, 0.9)"),
        ("bigquery", {"use_approximate_percentile": True}, "APPROX_QUANTILES({CUBE}.amount, 10)[OFFSET(9)]"),
    ],
)
def test_percentiles_are_the_sql_of_the_warehouse(
    translate: Translate, database_type: str, params: dict[str, Any], sql: str
) -> None:
    measure = {"name": "x", "agg": "percentile", "expr": "amount", "agg_params": {"percentile": 0.9, **params}}

    assert translate(simple("x"), measures=[measure], database_type=database_type).formula("m") == ("number", sql, [])


def test_a_filtered_median_has_its_filter_inside(translate: Translate) -> None:
    result = translate(
        metric("m", where=[COMPLETED], measure={"name": "x"}),
        measures=[{"name": "x", "agg": "median", "expr": "amount"}],
    )

    assert result.formula("m") == (
        "number",
        "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CASE WHEN ({CUBE}.status = 'completed') THEN {CUBE}.amount END)",
        [],
    )


@pytest.mark.parametrize(
    ("measure", "reason"),
    [
        ({"agg": "percentile", "agg_params": None}, "agg_params.percentile is missing"),
        (
            {"agg": "median", "agg_params": {"use_approximate_percentile": True}},
            "postgres has no approximate continuous percentile as an aggregate, only: continuous, discrete",
        ),
        ({"agg": "sum", "non_additive_dimension": {"name": "ordered_at"}}, "must not be summed over ordered_at"),
        ({"agg": "mode"}, "the aggregation 'mode' is none of average, count"),
        ({"agg": "sum", "expr": "amount +"}, "'amount +' is no expression in the SQL of postgres"),
        ({"agg": "sum", "expr": "(select 1)"}, "has a sub-query"),
        ({"agg": "sum", "expr": "amount, status"}, "is not one expression"),
        ({"agg": "sum", "expr": "amount) from secrets where (1 = 1"}, "is not one expression"),
        ({"agg": "sum", "expr": "other.amount + 1"}, "other is no known column of model.p.orders"),
        ({"agg": "sum", "expr": "case when status = '{status}' then 1 end"}, "Cube would read the braces"),
    ],
)
def test_what_cube_cannot_aggregate_is_left_out_with_the_reason(
    translate: Translate, measure: dict[str, Any], reason: str
) -> None:
    result = translate(simple("x"), measures=[{"name": "x", "expr": "amount", **measure}])

    assert "m" not in result.measures()
    (warning,) = result.warnings("metric.p.m")
    assert warning.startswith("becomes no measure: ")
    assert reason in warning


def test_columns_in_expressions_belong_to_the_cube_and_nothing_else_changes(translate: Translate) -> None:
    expr = "case when \"Mixed Case\" = 'amount' then amount else extract(year from ordered_at) * unknown end"
    result = translate(simple("x"), measures=[{"name": "x", "agg": "sum", "expr": expr}])

    assert result.formula("m")[1] == (
        "case when {CUBE}.\"Mixed Case\" = 'amount' then {CUBE}.amount "
        "else extract(year from {CUBE}.ordered_at) * {CUBE}.unknown end"
    )


def test_a_comment_at_the_end_does_not_swallow_what_follows(translate: Translate) -> None:
    result = translate(simple("x"), measures=[{"name": "x", "agg": "sum", "expr": "amount * 2 -- twice"}])

    assert result.formula("m")[1] == "{CUBE}.amount * 2 -- twice\n"


def test_nulls_are_filled_by_a_formula_over_a_hidden_measure(translate: Translate) -> None:
    result = translate(
        metric("m", measure={"name": "amount", "fill_nulls_with": 0}),
        metric("twice", "derived", expr="2 * m", metrics=[{"name": "m"}]),
    )

    assert result.formula("m") == ("number", "COALESCE({m_unfilled}, 0)", [])
    assert result.formula("m_unfilled")[:2] == ("sum", "{CUBE}.amount")
    assert (result.measures()["m"].public, result.measures()["m_unfilled"].public) == (None, False)
    assert result.formula("twice")[1] == "2 * ({m})"


def test_a_time_spine_is_said_to_be_missing(translate: Translate) -> None:
    result = translate(simple("amount", join_to_timespine=True))

    assert "m" in result.measures()
    assert "periods without rows have none" in result.warnings("metric.p.m")[0]


def test_measures_that_create_a_metric_have_one_even_if_dbt_wrote_none(translate: Translate) -> None:
    result = translate(measures=[{"name": "x", "agg": "sum", "expr": "amount", "create_metric": True, "label": "X"}])

    assert list(result.measures()) == ["x"]
    assert result.measures()["x"].title == "X"


def test_measures_without_metrics_are_left_out(translate: Translate) -> None:
    assert translate().measures() == {}
