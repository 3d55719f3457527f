"""Records in, spans, metrics and lineage events out, each with a queue of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from floe_cube_infra.model.dataset_lineage import CubeLineage
from floe_cube_infra.model.observation import LineageExport, MetricExport, ObserverSettings, TraceExport
from floe_cube_infra.observer.build_metrics import BuildMetrics
from floe_cube_infra.observer.delivery import Delivery, Limits
from floe_cube_infra.observer.member_lineage import MemberLineages
from floe_cube_infra.observer.metrics import QueryMetrics
from floe_cube_infra.observer.otlp import AttributeValue, encode, metrics_request, trace_request
from floe_cube_infra.observer.rare_warnings import RareWarnings
from floe_cube_infra.observer.records import Batch, QueryRecord, RollupBuild
from floe_cube_infra.observer.spans import build_span, query_spans
from floe_cube_infra.observer.trace_context import TraceContext, trace_context

if TYPE_CHECKING:
    from floe_cube_infra.observer.lineage_summaries import LineageSummaries
    from floe_cube_infra.observer.run_events import RunEvents

_SHAPES: Final = 256
# A few requests wait at most: each metrics request has all that was counted so far.
_METRIC_LIMITS: Final = Limits(items=4, bytes=4 << 20, items_at_once=1, pause=0.1)
# Lineage backends take one event a request.
_LINEAGE_LIMITS: Final = Limits(items=2048, bytes=2 << 20, items_at_once=1, pause=0.1)
_FLUSH_SECONDS: Final = 5.0
_MODEL_EVENTS: Final = 4
_MODEL_PAUSE: Final = 0.05


def _now() -> int:
    return time.time_ns() // 1000


class Observer:
    """Observes queries; nobody ever waits for it."""

    def __init__(
        self,
        settings: ObserverSettings,
        cubes: Mapping[str, CubeLineage],
        headers: Mapping[str, str] | None = None,
        warnings: RareWarnings | None = None,
    ) -> None:
        """Makes the queues that settings ask for; must be called within the event loop.

        Args:
            settings: What to report, and where to.
            cubes: Where the members of each cube come from.
            headers: Of each request to the OTLP endpoints, such as an API key.
            warnings: What troubles are told to.
        """
        self._settings = settings
        self._warnings = warnings or RareWarnings()
        self._cubes = cubes
        self._lineages = MemberLineages(cubes)
        self._tables = lru_cache(_SHAPES)(self._read_tables)
        self._resource: dict[str, AttributeValue | None] = {**settings.resource, "service.name": settings.service_name}
        self._dropped_by_cube = 0
        self._tasks: dict[Delivery, asyncio.Task[None]] = {}
        self._traces = self._delivery("spans", settings.traces, headers)
        self._metrics = self._delivery("metrics", settings.metrics, headers)
        self._lineage = self._delivery("lineage events", settings.lineage, None)
        self._counted = QueryMetrics(_now())
        self._built = BuildMetrics(_now())
        self._events, self._summaries = self._lineage_makers(settings.lineage)
        self._clock: asyncio.Task[None] | None = None
        self._telling: asyncio.Task[None] | None = None

    @property
    def dropped(self) -> dict[str, int]:
        """What had no room so far, by queue; `records` is the ring of `cube.js`."""
        return {"records": self._dropped_by_cube} | {delivery.name: delivery.dropped for delivery in self._deliveries}

    @property
    def queued(self) -> dict[str, int]:
        """What waits, by queue."""
        return {delivery.name: delivery.queued for delivery in self._deliveries}

    def start(self) -> None:
        """Starts to deliver."""
        self._tasks = {delivery: asyncio.create_task(delivery.run()) for delivery in self._deliveries}
        self._clock = asyncio.create_task(self._tick())
        self._telling = asyncio.create_task(self._tell_model())

    async def stop(self, seconds: float = _FLUSH_SECONDS) -> None:
        """Delivers what waits, for a limited time, and ends.

        Args:
            seconds: How long at most.
        """
        for task in (self._clock, self._telling):
            if task is not None:
                task.cancel()
        self._report(force=True)
        await asyncio.gather(*(delivery.close(task, seconds) for delivery, task in self._tasks.items()))

    def observe(self, batch: Batch) -> None:
        """Takes a batch of records; what has no room is dropped and counted."""
        if batch.dropped:
            self._dropped_by_cube += batch.dropped
            self._warnings.warn("records dropped", f"Cube had no room for {batch.dropped} records of queries")
        for record in batch.records:
            if isinstance(record, RollupBuild):
                self._observe_build(record)
            else:
                self._observe(record)

    @property
    def _deliveries(self) -> list[Delivery]:
        return [delivery for delivery in (self._traces, self._metrics, self._lineage) if delivery is not None]

    def _delivery(
        self,
        name: str,
        export: TraceExport | MetricExport | LineageExport | None,
        headers: Mapping[str, str] | None,
    ) -> Delivery | None:
        match export:
            case None:
                return None
            case TraceExport():
                return Delivery(name, export.endpoint, self._trace_request, self._warnings, headers=headers)
            case MetricExport():
                limits = _METRIC_LIMITS
            case LineageExport():
                limits = _LINEAGE_LIMITS
        return Delivery(name, export.endpoint, _only, self._warnings, limits=limits, headers=headers)

    def _trace_request(self, spans: list[bytes]) -> bytes:
        return trace_request(self._resource, spans)

    def _lineage_makers(self, export: LineageExport | None) -> tuple[RunEvents | None, LineageSummaries | None]:
        if export is None:
            return None, None
        # OpenLineage's client takes a good part of the container's memory: only where it is used.
        from floe_cube_infra.observer.lineage_summaries import LineageSummaries  # noqa: PLC0415
        from floe_cube_infra.observer.run_events import RunEvents  # noqa: PLC0415

        events = RunEvents(export, self._lineages, self._settings.cube_version)
        return events, LineageSummaries(events, export.window_seconds) if export.mode == "summary" else None

    async def _tell_model(self) -> None:
        if self._lineage is None or self._settings.lineage is None or self._settings.model_version is None:
            return
        from floe_cube_infra.observer.model_events import model_events  # noqa: PLC0415 - as above

        version, namespace = self._settings.model_version, self._settings.lineage.namespace
        for event in model_events(self._cubes, version, namespace, _now()):
            # A large model's events don't fit into the queue at once, and queries' events are to have room beside them.
            while self._lineage.queued >= _MODEL_EVENTS:
                await asyncio.sleep(_MODEL_PAUSE)
            self._lineage.put(event)
            await asyncio.sleep(0)

    def _observe(self, record: QueryRecord) -> None:
        ratio = self._settings.traces.ratio if self._settings.traces is not None else 0.0
        context = trace_context(record.traceparent, record.tracestate, ratio)
        if self._metrics is not None:
            self._counted.count(record, context)
        if self._traces is not None and context.sampled:
            spans = query_spans(record, context, self._settings.database, self._tables(record.cubes))
            self._traces.put(encode(spans)[1:-1])
        if self._lineage is not None and self._events is not None:
            self._put_lineage(self._lineage, self._events, record, context)

    def _observe_build(self, build: RollupBuild) -> None:
        ratio = self._settings.traces.ratio if self._settings.traces is not None else 0.0
        context = trace_context(None, None, ratio)
        if self._metrics is not None:
            self._built.count(build)
        if self._traces is not None and context.sampled:
            self._traces.put(encode([build_span(build, context)])[1:-1])
        if self._lineage is not None and self._settings.lineage is not None:
            from floe_cube_infra.observer.build_events import build_events  # noqa: PLC0415 - as above

            self._lineage.put(*build_events(build, context, self._lineages, self._settings.lineage.namespace))

    def _put_lineage(self, lineage: Delivery, events: RunEvents, record: QueryRecord, context: TraceContext) -> None:
        if self._summaries is not None:
            made = self._summaries.add(record, _now())
        elif lineage.has_room(2):
            made = events.of_query(record, context)
        else:
            # Not even made: a queue that is full because the endpoint is away must not cost CPU.
            lineage.refuse(2)
            return
        lineage.put(*made)

    def _read_tables(self, cubes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(table.name for table in self._lineages.read(cubes, ()).tables)

    async def _tick(self) -> None:
        export = self._settings.metrics
        while True:
            await asyncio.sleep(export.interval_seconds if export is not None else 1)
            self._report()

    def _report(self, *, force: bool = False) -> None:
        now = _now()
        if self._metrics is not None:
            counted = [*self._counted.metrics(now, self.queued, self.dropped), *self._built.metrics(now)]
            self._metrics.put(metrics_request(self._resource, counted))
        if self._summaries is not None and self._lineage is not None:
            self._lineage.put(*self._summaries.ended(now, force=force))


def _only(items: list[bytes]) -> bytes:
    return items[0]
