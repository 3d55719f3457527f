"""One run for all queries of a job within a window: Marquez takes some dozens of events a second, Cube more queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from floe_cube_infra.observer.records import QueryRecord
from floe_cube_infra.observer.run_events import PRODUCER, QuerySummaryRunFacet, RunEvents
from floe_cube_infra.observer.spans import cube_of

_MICROSECONDS: Final = 1_000_000


@dataclass(slots=True)
class _Counts:
    queries: int = 0
    failed: int = 0
    rows: int = 0
    cached: int = 0
    pre_aggregated: int = 0
    microseconds: int = 0
    cubes: set[str] = field(default_factory=set)


class LineageSummaries:
    """Gathers the queries of a window."""

    def __init__(self, events: RunEvents, window_seconds: int) -> None:
        """Starts with an empty window.

        Args:
            events: Makes the events.
            window_seconds: How long a window is.
        """
        self._events = events
        self._window = window_seconds * _MICROSECONDS
        self._start: int | None = None
        self._jobs: dict[str | None, _Counts] = {}

    def add(self, record: QueryRecord, now: int) -> list[bytes]:
        """Counts a query; gives the events of the window before, if that has ended.

        Args:
            record: The query.
            now: In microseconds since 1970.
        """
        ended = self.ended(now)
        if self._start is None:
            self._start = now
        counts = self._jobs.setdefault(cube_of(record), _Counts())
        counts.queries += 1
        counts.failed += record.error_type is not None
        counts.rows += record.rows or 0
        counts.cached += record.cached
        counts.pre_aggregated += bool(record.pre_aggregations)
        counts.microseconds += max(0, record.during[1] - record.during[0])
        counts.cubes.update(record.cubes)
        return ended

    def ended(self, now: int, *, force: bool = False) -> list[bytes]:
        """The events of the window, if it has ended or is to end now; else none."""
        if self._start is None or (now - self._start < self._window and not force):
            return []
        window = (self._start, max(self._start, now))
        events = [
            event
            for cube, counts in self._jobs.items()
            for event in self._events.of_summary(cube, sorted(counts.cubes), window, _facet(counts))
        ]
        self._start = None
        self._jobs.clear()
        return events


def _facet(counts: _Counts) -> QuerySummaryRunFacet:
    return QuerySummaryRunFacet(
        queries=counts.queries,
        failed=counts.failed,
        rows=counts.rows,
        cached=counts.cached,
        preAggregated=counts.pre_aggregated,
        milliseconds=counts.microseconds // 1000,
        producer=PRODUCER,
    )
