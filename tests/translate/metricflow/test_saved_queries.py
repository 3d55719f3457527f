from __future__ import annotations

from typing import Any

import pytest

from floe_cube_infra.translate.visibility import Classifications

from .conftest import SEMANTIC_MODELS, Translate, filters, metric

REVENUE = metric("revenue", measure={"name": "amount"})
ORDERS = metric("order_number", measure={"name": "order_count"})
CUSTOMERS = metric("customer_number", measure={"name": "customer_count"})


def query(name: str = "q", metrics: list[str] | None = None, **params: Any) -> dict[str, Any]:
    return {
        "unique_id": f"saved_query.p.{name}",
        "name": name,
        "label": "Question",
        "description": "What for.",
        "query_params": {"metrics": ["revenue"] if metrics is None else metrics, **params},
        "original_file_path": "models/q.yml",
    }


def shape(result: Any, number: int = 0) -> list[tuple[str, list[Any]]]:
    return [
        (cube.join_path, [one if isinstance(one, str) else (one.name, one.alias) for one in cube.includes])
        for cube in result.members.views[number].cubes
    ]


def test_a_saved_query_is_a_view_of_its_metrics_and_groups(translate: Translate) -> None:
    group_by = [
        "TimeDimension('metric_time', 'month')",
        "Dimension('order__status')",
        "order__is_large",
        "Entity('customer')",
        "Dimension('customer__region')",
        "Dimension('customer__region__country')",
    ]
    result = translate(REVENUE, ORDERS, saved_queries=[query(metrics=["revenue", "order_number"], group_by=group_by)])
    (view,) = result.members.views

    assert result.issues == ()
    assert (view.name, view.title, view.description, view.dbt_node, view.dbt_file) == (
        "q",
        "Question",
        "What for.",
        "saved_query.p.q",
        "models/q.yml",
    )
    assert shape(result) == [
        ("orders", ["revenue", "order_number", "ordered_at", "status", "is_large", "customer_id"]),
        ("orders.customers", ["region"]),
        ("orders.customers.regions", ["country"]),
    ]


def test_where_holds_for_the_measures_of_the_view_under_the_metrics_names(translate: Translate) -> None:
    result = translate(
        REVENUE, saved_queries=[query(where=filters("{{ Dimension('order__status') }} = 'x'"), group_by=[])]
    )

    ((path, [(name, alias)]),) = shape(result)
    assert (path, alias) == ("orders", "revenue")
    assert result.formula(name) == ("sum", "{CUBE}.amount", ["{CUBE}.status = 'x'"])
    assert result.measures()[name].public is False


def test_metrics_of_several_cubes_come_along_the_joins_each_with_its_time(translate: Translate) -> None:
    result = translate(
        REVENUE,
        CUSTOMERS,
        saved_queries=[query(metrics=["revenue", "customer_number"], group_by=["metric_time__month"])],
    )

    assert shape(result) == [
        ("orders", ["revenue", "ordered_at"]),
        ("orders.customers", ["customer_number", "created_at"]),
    ]
    (warning,) = result.warnings("saved_query.p.q")
    assert "rows of customers count only where orders refers to them" in warning


def test_equal_names_of_several_cubes_are_told_apart(translate: Translate) -> None:
    group_by = ["Entity('customer')", "Entity('customer__customer')"]
    result = translate(REVENUE, saved_queries=[query(group_by=[*group_by, "Entity('customer')"])])
    two = translate(
        REVENUE,
        CUSTOMERS,
        saved_queries=[query(metrics=["revenue"], group_by=["Entity('customer')", "customer__customer"])],
    )

    assert shape(result)[0] == ("orders", ["revenue", "customer_id"])
    assert shape(two)[-1] == ("orders.customers", [("customer_id", "customers_customer_id")])


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"metrics": ["revenue", "nothing"]}, "leaves out the metric nothing: there is no metric nothing"),
        ({"group_by": ["Dimension('order__nothing')"]}, "leaves out Dimension('order__nothing'): "),
        ({"group_by": ["Dimension("]}, "leaves out Dimension(: "),
        ({"group_by": ["Dimension('metric_time').date_part('year')"]}, "a part of a time is no dimension"),
        ({"metrics": []}, "becomes no view, since none of its metrics"),
        ({"where": filters("x = 1")}, "leaves out the metric revenue: the filter 'x = 1' names x"),
    ],
)
def test_what_cannot_be_said_is_left_out_with_the_reason(
    translate: Translate, params: dict[str, Any], reason: str
) -> None:
    result = translate(REVENUE, saved_queries=[query(**params)])

    assert any(reason in warning for warning in result.warnings("saved_query.p.q"))


def test_a_cube_that_cannot_be_reached_is_left_out(translate: Translate) -> None:
    models = [{**SEMANTIC_MODELS[0], "entities": []}, *SEMANTIC_MODELS[1:]]
    result = translate(
        REVENUE, CUSTOMERS, semantic_models=models, saved_queries=[query(metrics=["revenue", "customer_number"])]
    )

    assert shape(result) == [("orders", ["revenue"])]
    assert "leaves out the metric customer_number" in result.warnings("saved_query.p.q")[0]


def test_a_view_shows_no_hidden_column(translate: Translate) -> None:
    result = translate(
        REVENUE,
        saved_queries=[query(group_by=["Dimension('order__status')", "Dimension('order__is_large')"])],
        classifications=Classifications(by_model={"orders": {"status": "pii", "amount": "pii"}}),
    )

    assert shape(result) == [("orders", ["revenue"])]
    assert len([one for one in result.warnings("saved_query.p.q") if "its values are hidden" in one]) == 2


def test_a_query_named_as_a_cube_gets_a_name_of_its_own(translate: Translate) -> None:
    result = translate(REVENUE, saved_queries=[query("orders_view"), query("orders"), query("customers")])

    assert [view.name for view in result.members.views] == ["customers_view", "orders_view"]
    assert "becomes the view customers_view" in result.warnings("saved_query.p.customers")[0]
    assert "its name is taken" in result.warnings("saved_query.p.orders")[0]
