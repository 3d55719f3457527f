"""Counts and durations of queries, as OTLP metrics that grow from the observer's start (cumulative)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from floe_cube_infra.observer.otlp import attributes, nanoseconds
from floe_cube_infra.observer.records import QueryRecord
from floe_cube_infra.observer.spans import cube_of
from floe_cube_infra.observer.trace_context import TraceContext

# Seconds; those that OpenTelemetry's conventions advise for database and HTTP durations.
BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
MOST_SERIES: Final = 2000
"""Beyond, queries are counted in one series with `otel.metric.overflow`, as the SDK's specification has it."""

_CUMULATIVE: Final = 2
_MICROSECONDS: Final = 1_000_000
_OVERFLOW: Final = ("", "", "")


@dataclass(slots=True)
class _Series:
    """Queries of the same API, cube and outcome."""

    queries: int = 0
    rows: int = 0
    cached: int = 0
    pre_aggregated: int = 0
    missed: int = 0
    seconds: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    # The last traced query of each bucket: time, duration, trace, span.
    exemplars: dict[int, tuple[int, float, str, str]] = field(default_factory=dict)


class QueryMetrics:
    """Counts queries, and says what it has counted."""

    def __init__(self, started: int) -> None:
        """Starts at zero.

        Args:
            started: Now, in microseconds since 1970.
        """
        self._started = started
        self._series: dict[tuple[str, str, str], _Series] = {}

    def count(self, record: QueryRecord, context: TraceContext) -> None:
        """Counts one query; traced ones become exemplars of their duration."""
        key: tuple[str, str, str] = (record.api, cube_of(record) or "", record.error_type or "")
        series = self._series.get(key)
        if series is None:
            if len(self._series) >= MOST_SERIES:
                key = _OVERFLOW
            series = self._series.setdefault(key, _Series())
        start, end = record.during
        seconds = max(0, end - start) / _MICROSECONDS
        bucket = bisect_left(BOUNDS, seconds)
        series.queries += 1
        series.rows += record.rows or 0
        series.cached += record.cached
        series.pre_aggregated += bool(record.pre_aggregations)
        series.missed += bool(record.unused_pre_aggregations)
        series.seconds += seconds
        series.buckets[bucket] += 1
        if context.sampled:
            series.exemplars[bucket] = (end, seconds, context.trace_id, context.span_id)

    def metrics(self, now: int, queued: Mapping[str, int], dropped: Mapping[str, int]) -> list[dict[str, object]]:
        """Everything counted so far.

        Args:
            now: In microseconds since 1970.
            queued: What waits for export, by queue.
            dropped: What had no room, by queue.
        """
        span = {"startTimeUnixNano": nanoseconds(self._started), "timeUnixNano": nanoseconds(now)}
        points = [(attributes(_attributes(key)), series) for key, series in self._series.items()]

        def counter(name: str, unit: str, values: list[tuple[list[dict[str, object]], int]]) -> dict[str, object]:
            data = [{**span, "attributes": labels, "asInt": str(value)} for labels, value in values if value]
            return {
                "name": name,
                "unit": unit,
                "sum": {"aggregationTemporality": _CUMULATIVE, "isMonotonic": True, "dataPoints": data},
            }

        counted = [
            counter("cube.queries", "{query}", [(labels, series.queries) for labels, series in points]),
            counter("cube.query.rows", "{row}", [(labels, series.rows) for labels, series in points]),
            counter("cube.cache.hits", "{query}", [(labels, series.cached) for labels, series in points]),
            counter(
                "cube.pre_aggregation.hits", "{query}", [(labels, series.pre_aggregated) for labels, series in points]
            ),
            counter("cube.pre_aggregation.misses", "{query}", [(labels, series.missed) for labels, series in points]),
            counter("cube.observer.dropped", "{item}", [(attributes({"queue": key}), n) for key, n in dropped.items()]),
        ]
        errors = [
            (labels, series.queries)
            for (key, series), (labels, _) in zip(self._series.items(), points, strict=True)
            if key[2]
        ]
        waiting = [
            {"timeUnixNano": span["timeUnixNano"], "attributes": attributes({"queue": key}), "asInt": str(size)}
            for key, size in queued.items()
        ]
        return [
            *counted,
            counter("cube.query.errors", "{query}", errors),
            {
                "name": "cube.query.duration",
                "unit": "s",
                "histogram": {
                    "aggregationTemporality": _CUMULATIVE,
                    "dataPoints": [{**span, "attributes": labels, **_histogram(series)} for labels, series in points],
                },
            },
            {"name": "cube.observer.queue.size", "unit": "{item}", "gauge": {"dataPoints": waiting}},
        ]


def _attributes(key: tuple[str, str, str]) -> dict[str, str | bool | None]:
    if key == _OVERFLOW:
        return {"otel.metric.overflow": True}
    api, cube, error_type = key
    return {"cube.api": api, "cube.name": cube or None, "error.type": error_type or None}


def _histogram(series: _Series) -> dict[str, object]:
    return {
        "count": str(series.queries),
        "sum": series.seconds,
        "bucketCounts": [str(count) for count in series.buckets],
        "explicitBounds": list(BOUNDS),
        "exemplars": [
            {"timeUnixNano": nanoseconds(at), "asDouble": seconds, "traceId": trace_id, "spanId": span_id}
            for at, seconds, trace_id, span_id in series.exemplars.values()
        ],
    }
