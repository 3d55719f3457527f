from __future__ import annotations

from typing import Any

import pytest

from floe_cube_infra.translate.visibility import Classifications

from .conftest import NODES, SEMANTIC_MODELS, Translate, filters, metric, model

COMPLETED = "{{ Dimension('order__status') }} = 'completed'"
OPEN = "{{ Dimension('order__status') }} = 'open'"

REVENUE = metric("revenue", measure={"name": "amount"}, label="Revenue", description="All of it.")
ORDERS = metric("order_number", measure={"name": "order_count"})
CUSTOMERS = metric("customer_number", measure={"name": "customer_count"})


def test_a_simple_metric_has_its_own_name_label_and_description(translate: Translate) -> None:
    found = translate(REVENUE).measures()["revenue"]

    assert (found.title, found.description, found.public) == ("Revenue", "All of it.", None)


def test_a_ratio_divides_measures_and_never_by_zero(translate: Translate) -> None:
    result = translate(
        REVENUE,
        ORDERS,
        metric("average", "ratio", numerator={"name": "revenue"}, denominator={"name": "order_number"}),
        metric("odd", "ratio", numerator={"name": "average"}, denominator={"name": "average"}),
    )

    assert result.formula("average") == ("number", "1.0 * {revenue} / NULLIF({order_number}, 0)", [])
    assert result.formula("odd")[1] == "1.0 * ({average}) / NULLIF({average}, 0)"
    assert result.issues == ()


def test_filtered_inputs_become_hidden_measures_which_equal_filters_share(translate: Translate) -> None:
    share = metric(
        "share",
        "ratio",
        numerator={"name": "revenue", "filter": filters(COMPLETED)},
        denominator={"name": "revenue"},
    )
    change = metric(
        "change",
        "derived",
        expr="(done - revenue) / done",
        metrics=[{"name": "revenue", "filter": filters(COMPLETED), "alias": "done"}, {"name": "revenue"}],
    )
    result = translate(REVENUE, share, change)

    (hidden,) = set(result.measures()) - {"revenue", "share", "change"}
    assert hidden.startswith("revenue_where_")
    assert result.formula(hidden) == ("sum", "{CUBE}.amount", ["{CUBE}.status = 'completed'"])
    assert result.measures()[hidden].public is False
    assert result.formula("share")[1] == f"1.0 * {{{hidden}}} / NULLIF({{revenue}}, 0)"
    assert result.formula("change")[1] == f"({{{hidden}}} - {{revenue}}) / {{{hidden}}}"


def test_a_metrics_own_filter_reaches_all_that_it_is_computed_from(translate: Translate) -> None:
    ratio = metric("average", "ratio", numerator={"name": "revenue"}, denominator={"name": "order_number"})
    derived = metric("open_average", "derived", where=[OPEN], expr="average", metrics=[{"name": "average"}])
    result = translate(REVENUE, ORDERS, ratio, derived)

    hidden = {name: one for name, one in result.measures().items() if "_where_" in name}
    assert sorted(name.partition("_where_")[0] for name in hidden) == ["average", "order_number", "revenue"]
    for name, one in hidden.items():
        if not name.startswith("average"):
            assert [condition.sql for condition in one.filters] == ["{CUBE}.status = 'open'"]
    average = next(name for name in hidden if name.startswith("average"))
    assert result.formula("open_average")[1] == f"({{{average}}})"
    assert all(f"{{{name}}}" in (hidden[average].sql or "") for name in hidden if name != average)


@pytest.mark.parametrize(
    ("params", "window"),
    [
        ({"window": {"count": 7, "granularity": "day"}}, {"trailing": "7 day"}),
        ({"window": {"count": 2, "granularity": "months"}}, {"trailing": "2 month"}),
        ({"window": "3 weeks"}, {"trailing": "3 week"}),
        ({"grain_to_date": "MONTH"}, {"type": "to_date", "granularity": "month"}),
        ({}, {"trailing": "unbounded"}),
    ],
)
@pytest.mark.parametrize("old", [False, True])
def test_cumulative_metrics_are_rolling_windows(
    translate: Translate, params: dict[str, Any], window: dict[str, Any], old: bool
) -> None:
    given = params if old else {"cumulative_type_params": {**params, "period_agg": "last"}}
    result = translate(metric("c", "cumulative", where=[COMPLETED], measure={"name": "amount"}, **given))
    found = result.measures()["c"]

    assert result.formula("c") == ("sum", "{CUBE}.amount", ["{CUBE}.status = 'completed'"])
    assert found.rolling_window is not None
    assert found.rolling_window.model_dump(exclude_none=True) == window


def test_a_cumulative_metric_may_accumulate_a_simple_one(translate: Translate) -> None:
    base = metric("done", where=[COMPLETED], measure={"name": "amount"})
    params = {"metric": {"name": "done", "filter": filters("{{ Dimension('order__is_large') }}")}}
    result = translate(base, metric("c", "cumulative", cumulative_type_params={**params, "period_agg": "last"}))

    assert result.formula("c") == ("sum", "{CUBE}.amount", ["{CUBE}.status = 'completed'", "({CUBE}.amount > 100)"])
    assert result.issues == ()


@pytest.mark.parametrize("period_agg", ["first", "average", None])
def test_it_is_said_where_longer_periods_differ(translate: Translate, period_agg: str | None) -> None:
    result = translate(
        metric("c", "cumulative", measure={"name": "amount"}, cumulative_type_params={"period_agg": period_agg})
    )

    assert f"MetricFlow the {period_agg or 'first'} value in it" in result.warnings("metric.p.c")[0]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (
            metric("m", "conversion", conversion_type_params={"entity": "customer"}),
            "conversion metrics follow one entity's events",
        ),
        (
            metric(
                "m",
                "derived",
                expr="now - old",
                metrics=[
                    {"name": "revenue", "alias": "now"},
                    {"name": "revenue", "alias": "old", "offset_window": {"count": 1, "granularity": "month"}},
                ],
            ),
            "it takes old of another time (offset_window or offset_to_grain)",
        ),
        (
            metric(
                "m", "derived", expr="old", metrics=[{"name": "revenue", "alias": "old", "offset_to_grain": "month"}]
            ),
            "it takes old of another time",
        ),
        (metric("m", "derived", expr="revenue + tax", metrics=[{"name": "revenue"}]), "names tax, which is none"),
        (metric("m", "derived", expr=None, metrics=[{"name": "revenue"}]), "no expr or no metrics"),
        (metric("m", "derived", expr="x", metrics=[{"name": "x"}]), "it needs x: there is no metric x"),
        (metric("m", "derived", expr="m", metrics=[{"name": "m"}]), "the metric m is computed from itself"),
        (metric("m", "ratio", numerator={"name": "revenue"}), "no numerator or no denominator"),
        (metric("m", measure={"name": "nothing"}), "there is no measure nothing"),
        (metric("m"), "neither a measure nor an aggregation"),
        (metric("m", "novel"), "metrics of the type 'novel' are unknown"),
        (metric("m", "cumulative", measure={"name": "amount"}, window="2 fiscal_years"), "the window '2 fiscal_years'"),
        (metric("m", "cumulative", measure={"name": "amount"}, grain_to_date="fiscal"), "grain_to_date 'fiscal'"),
        (metric("m", "cumulative", cumulative_type_params={"metric": {"name": "x"}}), "x, which is no simple metric"),
        (metric("m", "cumulative", measure={"name": "middle"}), "Cube accumulates no median"),
        (
            metric("m", metric_aggregation_params={"semantic_model": "void", "agg": "sum"}),
            "there is no semantic model void",
        ),
    ],
)
def test_what_cube_cannot_say_is_left_out_with_the_reason_and_so_is_what_needs_it(
    translate: Translate, bad: dict[str, Any], reason: str
) -> None:
    result = translate(
        REVENUE,
        bad,
        metric("needs", "derived", expr="1 - m", metrics=[{"name": "m"}]),
        measures=[{"name": "middle", "agg": "median", "expr": "amount"}],
    )

    assert list(result.measures()) == ["revenue"]
    assert reason in result.warnings("metric.p.m")[0]
    (depending,) = result.warnings("metric.p.needs")
    assert depending.startswith("becomes no measure: it needs m: ")
    assert reason in depending


def test_hidden_measures_of_what_could_not_be_made_are_not_kept(translate: Translate) -> None:
    result = translate(
        REVENUE,
        metric(
            "m",
            "derived",
            expr="a + b",
            metrics=[
                {"name": "revenue", "alias": "a", "filter": filters(COMPLETED)},
                {"name": "nothing", "alias": "b"},
            ],
        ),
    )

    assert list(result.measures()) == ["revenue"]


def test_metrics_of_joined_models_are_combined_and_the_difference_is_said(translate: Translate) -> None:
    result = translate(
        REVENUE,
        CUSTOMERS,
        metric("per_head", "ratio", numerator={"name": "revenue"}, denominator={"name": "customer_number"}),
        metric(
            "back", "derived", expr="customer_number * 1", metrics=[{"name": "customer_number"}, {"name": "revenue"}]
        ),
    )

    assert result.formula("per_head")[1] == "1.0 * {revenue} / NULLIF({customers.customer_number}, 0)"
    assert result.formula("back", "customers")[1] == "{customer_number} * 1"
    for name in ("per_head", "back"):
        (warning,) = result.warnings(f"metric.p.{name}")
        assert "rows of customers count only where orders refers to them" in warning


def test_metrics_of_models_that_nothing_joins_are_not_combined(translate: Translate) -> None:
    models = [{**SEMANTIC_MODELS[0], "entities": []}, *SEMANTIC_MODELS[1:]]
    result = translate(
        REVENUE,
        CUSTOMERS,
        metric("per_head", "ratio", numerator={"name": "revenue"}, denominator={"name": "customer_number"}),
        semantic_models=models,
    )

    assert "per_head" not in result.measures()
    assert "not exactly one way to join" in result.warnings("metric.p.per_head")[0]


def test_a_metric_named_as_a_column_gets_a_name_of_its_own(translate: Translate) -> None:
    result = translate(
        metric("amount", measure={"name": "amount"}),
        metric("twice", "derived", expr="amount * 2", metrics=[{"name": "amount"}]),
    )

    assert result.formula("amount_metric")[:2] == ("sum", "{CUBE}.amount")
    assert result.formula("twice")[1] == "{amount_metric} * 2"
    assert "becomes the measure amount_metric" in result.warnings("metric.p.amount")[0]


@pytest.mark.parametrize("name", ["orders", "customers", "new", "class"])
def test_a_metric_named_as_a_cube_or_a_word_is_referred_to_as_a_member(translate: Translate, name: str) -> None:
    result = translate(
        metric(name, measure={"name": "order_count"}),
        metric("twice", "derived", expr=f'2 * "{name}"', metrics=[{"name": name}]),
    )

    assert result.formula("twice")[1] == f"2 * {{CUBE.{name}}}"


def test_meta_goes_before_a_metric_of_the_same_name(translate: Translate) -> None:
    meta = {"cube": {"measures": [{"name": "revenue", "type": "sum", "sql": "{CUBE}.amount - 1"}]}}
    nodes = [model("orders", ["order_id", "amount"], config={"meta": meta}), *NODES[1:]]
    result = translate(
        REVENUE, metric("twice", "derived", expr="2 * revenue", metrics=[{"name": "revenue"}]), nodes=nodes
    )

    assert list(result.measures()) == ["twice"]
    assert result.formula("twice")[1] == "2 * ({revenue})"
    assert "meta.cube.measures of orders has a measure revenue" in result.warnings("metric.p.revenue")[0]


def test_private_metrics_are_hidden(translate: Translate) -> None:
    result = translate(metric("m", measure={"name": "amount"}, is_private=True))

    assert result.measures()["m"].public is False


def test_a_metrics_meta_sets_what_tools_show(translate: Translate) -> None:
    meta = {"cube": {"format": "currency", "title": "Money", "meta": {"owner": "finance"}}}
    found = translate(metric("m", measure={"name": "amount"}, config={"meta": meta})).measures()["m"]

    assert (found.format, found.title, found.meta) == ("currency", "Money", {"owner": "finance"})


def test_the_greatest_value_of_a_hidden_column_is_hidden_too(translate: Translate) -> None:
    classified = Classifications(by_model={"orders": {"secret": "pii"}})
    result = translate(
        metric("top", measure={"name": "top"}),
        metric("distinct", measure={"name": "distinct"}),
        measures=[
            {"name": "top", "agg": "max", "expr": "upper(secret)"},
            {"name": "distinct", "agg": "count_distinct", "expr": "secret"},
        ],
        classifications=classified,
    )

    assert result.measures()["top"].public is False
    assert result.measures()["distinct"].public is None
    assert "is hidden: its max would show values" in result.warnings("metric.p.top")[0]


def test_a_model_that_becomes_no_cube_is_said_once(translate: Translate) -> None:
    result = translate(REVENUE, ORDERS, CUSTOMERS, nodes=NODES[1:])

    assert list(result.measures("customers")) == ["customer_number"]
    assert result.warnings("semantic_model.p.orders") == [
        "its node becomes no cube, so that its metrics become no measures: order_number, revenue"
    ]
    assert result.warnings("metric.p.revenue") == []
