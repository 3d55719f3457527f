"""The sample shop with millions of orders, and what dashboards ask of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from tools.postgres import Postgres
from tools.shop_database import DATABASE

Query = dict[str, Any]

ORGANIZATIONS: Final = tuple(range(1, 11))
MONTHS: Final = 26
_CUSTOMERS: Final = 20_000
# The same rows in each run but for the day of it: chance is seeded, and one process takes it in order. An
# organization's share is that of its customers: the largest has nearly half of them.
_ROWS: Final = """
SET max_parallel_workers_per_gather = 0;
TRUNCATE shop.orders, shop.customers;
SELECT setseed(0.5);
INSERT INTO shop.customers
    (customer_id, organization_id, full_name, loyalty_tier, marketing_opt_in, created_at)
SELECT n, 1 + floor({organizations} * (n / {customers}::float8) ^ 3), 'Customer ' || n,
    (ARRAY['bronze', 'silver', 'gold'])[1 + n % 3], n % 4 = 0, now()
FROM generate_series(0, {customers} - 1) n;
INSERT INTO shop.orders
    (order_id, organization_id, customer_id, status, is_gift, attributes, ordered_at, line_count, order_total)
SELECT n, 1 + floor({organizations} * (customer / {customers}::float8) ^ 3), customer,
    (ARRAY['placed', 'shipped', 'completed', 'returned', 'cancelled'])[1 + floor(5 * random())::int],
    random() < 0.1,
    jsonb_build_object('channel', (ARRAY['web', 'shop', 'phone'])[1 + floor(3 * random())::int]),
    begun + (today - begun) * (n::float8 / {rows}), 1 + n % 7, round((5 + 400 * random() ^ 3)::numeric, 2)
FROM (
    SELECT n, floor({customers} * random())::int AS customer, today, today - interval '{months} months' AS begun
    FROM generate_series(0, {rows} - 1) n, (SELECT date_trunc('day', now()) AS today) moment
) each;
VACUUM ANALYZE shop.orders;
VACUUM ANALYZE shop.customers;
"""
_INDEX: Final = "CREATE INDEX ON shop.orders (organization_id, ordered_at);"


def grow(postgres: Postgres, rows: int, *, index: bool) -> None:
    """Replaces the shop's orders and customers: so many orders of `ORGANIZATIONS` over `MONTHS` up to today.

    They lie in the order of their time, as a warehouse appends them.

    Args:
        postgres: With the shop in it.
        rows: How many orders.
        index: Whether there is one by organization and time, which dbt makes only where it is told to.
    """
    script = (_INDEX if index else "") + _ROWS.format(
        rows=rows, customers=_CUSTOMERS, organizations=len(ORGANIZATIONS), months=MONTHS
    )
    postgres.run(script, database=DATABASE)


def dashboard_queries() -> list[Query]:
    """What dashboards ask: sums by day, week, month and hour, over ranges from days to all the time there is."""
    today = datetime.now(UTC).date()
    return [query for within in _ranges(today) for query in _tiles(*within)]


def _ranges(today: date) -> Iterator[tuple[date, date]]:
    """Whole weeks, and whole months; the last one is everything."""
    monday = today - timedelta(days=today.weekday())
    for weeks in (1, 4, 13, 52):
        yield monday - timedelta(weeks=weeks), monday - timedelta(days=1)
    first = today.replace(day=1)
    for months in (1, 3, 12, MONTHS + 1):
        yield _months_before(first, months), first - timedelta(days=1)


def _months_before(first: date, months: int) -> date:
    month = first.year * 12 + first.month - 1 - months
    return date(month // 12, month % 12 + 1, 1)


def _tiles(begin: date, end: date) -> Iterator[Query]:
    def over(granularity: str | None) -> list[dict[str, Any]]:
        time = {"dimension": "orders.ordered_at", "dateRange": [begin.isoformat(), end.isoformat()]}
        return [{**time, "granularity": granularity} if granularity else time]

    is_completed = {"member": "orders.status", "operator": "equals", "values": ["completed"]}
    yield {"measures": ["orders.count", "orders.revenue"], "timeDimensions": over(None)}
    yield {"measures": ["orders.revenue"], "dimensions": ["orders.status"], "timeDimensions": over(None)}
    yield {"measures": ["orders.count", "orders.revenue"], "timeDimensions": over("day")}
    yield {"measures": ["orders.revenue_per_order"], "filters": [is_completed], "timeDimensions": over("month")}
    if begin.weekday() == 0:
        by_tier = {"measures": ["orders.net_revenue"], "dimensions": ["customers.loyalty_tier"]}
        yield {**by_tier, "timeDimensions": over("week")}
    if begin.day == 1 and end - begin > timedelta(days=80):
        # Neither adds up: they are answered only from the rollup that has exactly these members.
        exact = {"measures": ["orders.buyers", "orders.average_order_total"], "dimensions": ["orders.channel"]}
        yield {**exact, "timeDimensions": over("month")}
    if end - begin < timedelta(days=30):
        yield {"measures": ["orders.gross_revenue", "orders.total_orders"], "timeDimensions": over("hour")}
