"""The metrics of dbt's semantic layer against SQL written by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.real.cube.clients import Cube, token
from tests.real.cube.comparing import bag
from tests.real.cube.own_rows import Statement, ask
from tools.postgres import Postgres

pytestmark = pytest.mark.xdist_group("real cube")

MONTHLY = [{"dimension": "orders.ordered_at", "granularity": "month"}]
WEEKS = [{"dimension": "orders.ordered_at", "granularity": "day", "dateRange": ["2024-11-01", "2024-12-15"]}]
BY_MONTH = "date_trunc('month', ordered_at) AS \"orders.ordered_at.month\""
DAYS = "generate_series('2024-11-01'::timestamptz, '2024-12-15', '1 day') AS day"

# metric: (query, SQL whose columns are named as the members)
METRICS: dict[str, tuple[dict[str, Any], str]] = {
    "total_orders": (
        {"measures": ["orders.total_orders"]},
        'SELECT count(*) AS "orders.total_orders" FROM shop.orders',
    ),
    "gross_revenue by month": (
        {"measures": ["orders.gross_revenue"], "timeDimensions": MONTHLY},
        f'SELECT {BY_MONTH}, sum(order_total) AS "orders.gross_revenue" FROM shop.orders GROUP BY 1',
    ),
    "net_revenue": (
        {"measures": ["orders.net_revenue"]},
        "SELECT sum(order_total) AS \"orders.net_revenue\" FROM shop.orders WHERE status = 'completed'",
    ),
    "net_revenue by channel": (
        {"measures": ["orders.net_revenue"], "dimensions": ["orders.channel"]},
        "SELECT attributes ->> 'channel' AS \"orders.channel\", "
        "sum(order_total) FILTER (WHERE status = 'completed') AS \"orders.net_revenue\" FROM shop.orders GROUP BY 1",
    ),
    "active_customers by month": (
        {"measures": ["orders.active_customers"], "timeDimensions": MONTHLY},
        f'SELECT {BY_MONTH}, count(DISTINCT customer_id) AS "orders.active_customers" FROM shop.orders GROUP BY 1',
    ),
    "average_order_value": (
        {"measures": ["orders.average_order_value"], "dimensions": ["orders.status"]},
        'SELECT status AS "orders.status", avg(order_total) AS "orders.average_order_value" '
        "FROM shop.orders GROUP BY 1",
    ),
    "revenue_at_risk": (
        {"measures": ["orders.revenue_at_risk"]},
        "SELECT sum(order_total) FILTER (WHERE status <> 'completed') AS \"orders.revenue_at_risk\" FROM shop.orders",
    ),
    "revenue_trailing_week": (
        {"measures": ["orders.revenue_trailing_week"], "timeDimensions": WEEKS},
        'SELECT day AS "orders.ordered_at.day", (SELECT sum(order_total) FROM shop.orders '
        "WHERE ordered_at >= day + interval '1 day' - interval '7 day' AND ordered_at < day + interval '1 day') "
        f'AS "orders.revenue_trailing_week" FROM {DAYS}',
    ),
    "revenue_month_to_date": (
        {"measures": ["orders.revenue_month_to_date"], "timeDimensions": WEEKS},
        'SELECT day AS "orders.ordered_at.day", (SELECT sum(order_total) FROM shop.orders '
        "WHERE ordered_at >= date_trunc('month', day) AND ordered_at < day + interval '1 day') "
        f'AS "orders.revenue_month_to_date" FROM {DAYS}',
    ),
    "total_units by category": (
        {"measures": ["order_items.total_units"], "dimensions": ["products.category"]},
        'SELECT category AS "products.category", sum(quantity) AS "order_items.total_units" '
        "FROM shop.order_items JOIN shop.products USING (product_id) GROUP BY 1",
    ),
    "gross_revenue by loyalty tier": (
        {"measures": ["orders.gross_revenue"], "dimensions": ["customers.loyalty_tier"]},
        'SELECT loyalty_tier AS "customers.loyalty_tier", sum(order_total) AS "orders.gross_revenue" '
        "FROM shop.orders JOIN shop.customers USING (customer_id) GROUP BY 1",
    ),
    "the saved query monthly_orders": (
        {
            "measures": ["monthly_orders.total_orders", "monthly_orders.gross_revenue"],
            "dimensions": ["monthly_orders.status"],
            "timeDimensions": [{"dimension": "monthly_orders.ordered_at", "granularity": "month"}],
        },
        'SELECT status AS "monthly_orders.status", '
        "date_trunc('month', ordered_at) AS \"monthly_orders.ordered_at.month\", "
        'count(*) FILTER (WHERE NOT is_gift) AS "monthly_orders.total_orders", '
        'sum(order_total) FILTER (WHERE NOT is_gift) AS "monthly_orders.gross_revenue" FROM shop.orders GROUP BY 1, 2',
    ),
}


@pytest.mark.parametrize("metric", METRICS)
def test_a_metric_gives_the_numbers_of_plain_sql(cube: Cube, postgres: Postgres, metric: str) -> None:
    query, sql = METRICS[metric]
    for organization in (1, 2, 3):
        [right] = ask(postgres, [Statement(sql=sql, values=[], organizations=[organization])])
        answer = cube.load(query, token(organization))
        assert answer.status == 200, answer
        assert bag(answer.body["data"], right[0]) == bag(right, right[0])
