"""Counts and durations of queries, as OTLP metrics."""

from __future__ import annotations

from typing import Any

import msgspec

from floe_cube_infra.observer.metrics import MOST_SERIES, QueryMetrics
from floe_cube_infra.observer.records import QueryRecord
from floe_cube_infra.observer.trace_context import TraceContext

TRACED = TraceContext(trace_id="a" * 32, span_id="b" * 16)
UNTRACED = TraceContext(trace_id="c" * 32, span_id="d" * 16, sampled=False)


def labels(point: dict[str, Any]) -> dict[str, Any]:
    return {item["key"]: next(iter(item["value"].values())) for item in point["attributes"]}


def by_name(metrics: QueryMetrics, **counts: dict[str, int]) -> dict[str, Any]:
    found = metrics.metrics(2_000_000, counts.get("queued", {}), counts.get("dropped", {}))
    return {metric["name"]: metric for metric in found}


def values(metric: dict[str, Any]) -> list[tuple[dict[str, Any], int]]:
    data = (metric.get("sum") or metric["gauge"])["dataPoints"]
    return [(labels(point), int(point["asInt"])) for point in data]


def test_queries_are_counted_by_api_cube_and_outcome(record: QueryRecord, failure: QueryRecord) -> None:
    metrics = QueryMetrics(started=1_000_000)
    for counted in (record, record, failure):
        metrics.count(counted, TRACED)
    found = by_name(metrics)

    assert values(found["cube.queries"]) == [
        ({"cube.api": "rest", "cube.name": "orders"}, 2),
        ({"cube.api": "sql", "cube.name": "orders", "error.type": "UserError"}, 1),
    ]
    assert values(found["cube.query.rows"]) == [({"cube.api": "rest", "cube.name": "orders"}, 24)]
    assert [count for _, count in values(found["cube.query.errors"])] == [1]


def test_cache_and_pre_aggregations_are_counted(record: QueryRecord) -> None:
    metrics = QueryMetrics(started=0)
    metrics.count(msgspec.structs.replace(record, cached=True), TRACED)
    metrics.count(msgspec.structs.replace(record, pre_aggregations=("orders.daily", "orders.monthly")), TRACED)
    found = by_name(metrics)

    assert [count for _, count in values(found["cube.cache.hits"])] == [1]
    assert [count for _, count in values(found["cube.pre_aggregation.hits"])] == [1]


def test_durations_fall_into_buckets_with_traced_queries_as_exemplars(record: QueryRecord) -> None:
    metrics = QueryMetrics(started=0)
    metrics.count(record, TRACED)
    metrics.count(msgspec.structs.replace(record, during=(0, 60_000_000)), UNTRACED)
    (point,) = by_name(metrics)["cube.query.duration"]["histogram"]["dataPoints"]

    counts = [int(count) for count in point["bucketCounts"]]
    assert len(counts) == len(point["explicitBounds"]) + 1
    assert (point["count"], sum(counts), counts[-1]) == ("2", 2, 1)
    assert point["explicitBounds"][counts.index(1)] == 0.025
    assert point["sum"] == 60.0125
    assert [(exemplar["traceId"], exemplar["spanId"]) for exemplar in point["exemplars"]] == [
        (TRACED.trace_id, TRACED.span_id)
    ]


def test_a_bound_belongs_to_its_own_bucket(record: QueryRecord) -> None:
    metrics = QueryMetrics(started=0)
    metrics.count(msgspec.structs.replace(record, during=(0, 5_000)), UNTRACED)
    (point,) = by_name(metrics)["cube.query.duration"]["histogram"]["dataPoints"]

    assert point["bucketCounts"][0] == "1"


def test_what_waits_and_what_was_dropped_is_told(record: QueryRecord) -> None:
    found = by_name(QueryMetrics(started=0), queued={"spans": 7}, dropped={"spans": 3, "records": 0})

    assert values(found["cube.observer.queue.size"]) == [({"queue": "spans"}, 7)]
    assert values(found["cube.observer.dropped"]) == [({"queue": "spans"}, 3)]


def test_endless_names_of_cubes_end_in_one_series(record: QueryRecord) -> None:
    metrics = QueryMetrics(started=0)
    for index in range(MOST_SERIES + 50):
        metrics.count(msgspec.structs.replace(record, measures=(f"cube_{index}.count",)), UNTRACED)
    counted = values(by_name(metrics)["cube.queries"])

    assert len(counted) == MOST_SERIES + 1
    assert counted[-1] == ({"otel.metric.overflow": True}, 50)


def test_sums_grow_from_the_start(record: QueryRecord) -> None:
    metrics = QueryMetrics(started=1_000_000)
    metrics.count(record, TRACED)
    (point,) = by_name(metrics)["cube.queries"]["sum"]["dataPoints"]

    assert (point["startTimeUnixNano"], point["timeUnixNano"]) == ("1000000000", "2000000000")
