"""What real dbt projects become, with what is expected written by hand."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from floe_cube_infra.inputs import dbt_catalog, dbt_manifest
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.metricflow import semantic_members
from floe_cube_infra.translate.selection import Selection
from floe_cube_infra.translate.sources import read_sources

from .conftest import Result

PROJECT = Path(__file__).parents[3]
REAL = PROJECT.parent / "shared" / "data" / "manifests"


def translated(path: Path) -> Result:
    content = path.read_bytes()
    read = dbt_manifest.load(gzip.decompress(content) if path.suffix == ".gz" else content, path.name)
    issues = IssueLog()
    sources = read_sources(read, dbt_catalog.EMPTY, Selection(), IssueLog())
    return Result(semantic_members(read, sources, "postgres", issues), issues.sorted())


def formulas(result: Result, node: str) -> dict[str, tuple[str, str | None, list[str]]]:
    return {
        one.name: (one.type, one.sql, [condition.sql for condition in one.filters])
        for one in result.members.measures[node]
        if one.public is not False
    }


@pytest.fixture(scope="module")
def shop() -> Result:
    return translated(PROJECT / "examples" / "shop" / "target" / "manifest.json")


@pytest.fixture(scope="module")
def jaffle_shop() -> Result:
    path = REAL / "jaffle-shop-metricflow-postgres-v12.json.gz"
    if not path.exists():
        pytest.skip("the folder ../shared/data with real files is not here")
    return translated(path)


def test_the_metrics_of_the_sample_shop_are_measures(shop: Result) -> None:
    assert formulas(shop, "model.shop.orders") == {
        "total_orders": ("count", None, []),
        "gross_revenue": ("sum", "{CUBE}.order_total", []),
        "net_revenue": ("sum", "{CUBE}.order_total", ["{CUBE}.status = 'completed'"]),
        "active_customers": ("count_distinct", "{CUBE}.customer_id", []),
        "average_order_value": ("number", "1.0 * {gross_revenue} / NULLIF({total_orders}, 0)", []),
        "revenue_at_risk": ("number", "{gross_revenue} - {net_revenue}", []),
        "revenue_trailing_week": ("sum", "{CUBE}.order_total", []),
        "revenue_month_to_date": ("sum", "{CUBE}.order_total", []),
    }
    assert formulas(shop, "model.shop.order_items") == {"total_units": ("sum", "{CUBE}.quantity", [])}
    windows = {
        one.name: one.rolling_window.model_dump(exclude_none=True)
        for one in shop.members.measures["model.shop.orders"]
        if one.rolling_window
    }
    assert windows == {
        "revenue_trailing_week": {"trailing": "7 day"},
        "revenue_month_to_date": {"type": "to_date", "granularity": "month"},
    }


def test_the_sample_shops_dimensions_are_those_that_are_no_columns(shop: Result) -> None:
    found = {node: {one.name: (one.sql, one.type) for one in some} for node, some in shop.members.dimensions.items()}

    assert found == {
        "model.shop.order_items": {
            "order_item": ("({CUBE}.order_id || '-' || {CUBE}.line_number)", "string"),
            "is_bulk": ("case when {CUBE}.quantity >= 3 then true else false end", "boolean"),
        },
        "model.shop.orders": {"channel": ("({CUBE}.attributes ->> 'channel')", "string")},
    }


def test_what_the_sample_shop_asks_in_vain_is_said(shop: Result) -> None:
    assert "of another time" in shop.warnings("metric.shop.revenue_growth")[0]
    assert "conversion metrics" in shop.warnings("metric.shop.signup_conversion")[0]
    assert {one.model for one in shop.issues} == {
        "metric.shop.revenue_growth",
        "metric.shop.signup_conversion",
        "metric.shop.revenue_trailing_week",
        "metric.shop.revenue_month_to_date",
    }
    assert all(one.file == "models/semantic/metrics.yml" for one in shop.issues)


def test_the_sample_shops_saved_query_is_a_view_with_its_filter(shop: Result) -> None:
    (view,) = shop.members.views
    (cube,) = view.cubes
    names = [one if isinstance(one, str) else one.alias for one in cube.includes]

    assert (view.name, cube.join_path) == ("monthly_orders", "orders")
    assert names == ["total_orders", "gross_revenue", "ordered_at", "status"]
    hidden = [one for one in shop.members.measures["model.shop.orders"] if one.public is False]
    assert [[condition.sql for condition in one.filters] for one in hidden] == [["{CUBE}.is_gift = false"]] * 2


def test_the_sample_shops_entities_are_edges_and_keys(shop: Result) -> None:
    assert [(edge.node, edge.columns, edge.to) for edge in shop.members.edges] == [
        ("model.shop.order_items", ("order_id",), "model.shop.orders"),
        ("model.shop.orders", ("customer_id",), "model.shop.customers"),
    ]
    assert shop.members.keys == {"model.shop.customers": ("customer_id",), "model.shop.orders": ("order_id",)}


def test_the_metrics_of_jaffle_shop_are_measures(jaffle_shop: Result) -> None:
    price, is_food = "{CUBE}.product_price", "{CUBE}.is_food_item"
    assert formulas(jaffle_shop, "model.jaffle_shop.order_items") == {
        "revenue": ("sum", price, []),
        "median_revenue": ("number", f"PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY {price})", []),
        "food_revenue": ("sum", f"case when {is_food} then {price} else 0 end", []),
        "drink_revenue": ("sum", f"case when {{CUBE}}.is_drink_item then {price} else 0 end", []),
        "food_revenue_pct": ("number", "1.0 * {food_revenue} / NULLIF({revenue}, 0)", []),
        "drink_revenue_pct": ("number", "1.0 * {drink_revenue} / NULLIF({revenue}, 0)", []),
        "order_gross_profit": ("number", "{revenue} - {orders.order_cost_metric}", []),
        "cumulative_revenue": ("sum", price, []),
    }
    assert formulas(jaffle_shop, "model.jaffle_shop.orders") == {
        "order_cost_metric": ("sum", "{CUBE}.order_cost", []),
        "order_total_metric": ("sum", "{CUBE}.order_total", []),
        "new_customer_orders": ("count", None, ["{CUBE}.customer_order_number = 1"]),
        "large_orders": ("count", None, ["{CUBE}.order_total >= 20"]),
        "orders": ("count", None, []),
        "food_orders": ("count", None, ["{CUBE}.is_food_order = true"]),
        "drink_orders": ("count", None, ["{CUBE}.is_drink_order = true"]),
    }
    assert formulas(jaffle_shop, "model.jaffle_shop.customers") == {
        "lifetime_spend_pretax_metric": ("sum", "{CUBE}.lifetime_spend_pretax", []),
        "count_lifetime_orders_metric": ("sum", "{CUBE}.count_lifetime_orders", []),
        "average_order_value": ("number", "{lifetime_spend_pretax_metric} / {count_lifetime_orders_metric}", []),
    }
    assert "of another time" in jaffle_shop.warnings("metric.jaffle_shop.revenue_growth_mom")[0]
    assert [view.name for view in jaffle_shop.members.views] == [
        "customer_order_metrics",
        "order_metrics",
        "revenue_metrics",
    ]


def test_projects_without_a_semantic_layer_get_nothing_from_it() -> None:
    files = [path for path in sorted(REAL.glob("*.json.gz")) if "metricflow" not in path.name]
    if not files:
        pytest.skip("the folder ../shared/data with real files is not here")
    for path in files:
        result = translated(path)
        members = result.members
        assert (members.dimensions, members.measures, members.edges, members.keys, members.views) == (
            {},
            {},
            (),
            {},
            (),
        )
        assert result.issues == ()


def test_the_sql_parser_is_loaded_only_when_there_is_sql_to_parse() -> None:
    code = "import sys; import floe_cube_infra.translate.metricflow; sys.exit('sqlglot' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0
