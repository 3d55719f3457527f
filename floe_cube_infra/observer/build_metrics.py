"""Builds of rollups, how long they took and which failed, as an OTLP histogram that grows from the observer's start."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Final

from floe_cube_infra.observer.otlp import attributes, nanoseconds
from floe_cube_infra.observer.records import RollupBuild

# Seconds.
BOUNDS: Final = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 1800.0, 3600.0)
MOST_SERIES: Final = 2000
"""Beyond, builds are counted in one series with `otel.metric.overflow`, as the SDK's specification has it."""

_CUMULATIVE: Final = 2
_MICROSECONDS: Final = 1_000_000
_OVERFLOW: Final = ("", "")


@dataclass(slots=True)
class _Series:
    """Builds of the same rollup and outcome."""

    builds: int = 0
    seconds: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))


class BuildMetrics:
    """Counts builds, and says what it has counted."""

    def __init__(self, started: int) -> None:
        """Starts at zero.

        Args:
            started: Now, in microseconds since 1970.
        """
        self._started = started
        self._series: dict[tuple[str, str], _Series] = {}

    def count(self, build: RollupBuild) -> None:
        """Counts one build."""
        key = (build.pre_aggregation, build.error_type or "")
        if key not in self._series and len(self._series) >= MOST_SERIES:
            key = _OVERFLOW
        series = self._series.setdefault(key, _Series())
        start, end = build.during
        seconds = max(0, end - start) / _MICROSECONDS
        series.builds += 1
        series.seconds += seconds
        series.buckets[bisect_left(BOUNDS, seconds)] += 1

    def metrics(self, now: int) -> list[dict[str, object]]:
        """Everything counted so far; nothing where nothing was built.

        Args:
            now: In microseconds since 1970.
        """
        if not self._series:
            return []
        points = [
            {
                "startTimeUnixNano": nanoseconds(self._started),
                "timeUnixNano": nanoseconds(now),
                "attributes": attributes(_attributes(key)),
                "count": str(series.builds),
                "sum": series.seconds,
                "bucketCounts": [str(count) for count in series.buckets],
                "explicitBounds": list(BOUNDS),
            }
            for key, series in self._series.items()
        ]
        histogram = {"aggregationTemporality": _CUMULATIVE, "dataPoints": points}
        return [{"name": "cube.pre_aggregation.build.duration", "unit": "s", "histogram": histogram}]


def _attributes(key: tuple[str, str]) -> dict[str, str | bool | None]:
    if key == _OVERFLOW:
        return {"otel.metric.overflow": True}
    pre_aggregation, error_type = key
    return {"cube.pre_aggregation.name": pre_aggregation, "error.type": error_type or None}
