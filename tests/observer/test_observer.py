"""Records become spans, metrics and lineage events, each by its own switch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from floe_cube_infra.model.observation import (
    LineageExport,
    MetricExport,
    ObservedDatabase,
    ObserverSettings,
    TraceExport,
)
from floe_cube_infra.observer.observer import Observer
from floe_cube_infra.observer.rare_warnings import RareWarnings
from floe_cube_infra.observer.records import Batch, QueryRecord
from tests.observer.conftest import Cubes
from tests.observer.receiver import Receiver, receiving

LINEAGE_PATH = "/api/v1/lineage"


def settings(receiver: Receiver, database: ObservedDatabase, **changes: Any) -> ObserverSettings:
    everything = ObserverSettings(
        database=database,
        model_version="1",
        resource={"team": "data"},
        traces=TraceExport(endpoint=receiver.url("/v1/traces")),
        metrics=MetricExport(endpoint=receiver.url("/v1/metrics"), interval_seconds=1),
        lineage=LineageExport(endpoint=receiver.url(LINEAGE_PATH), namespace="acme"),
    )
    return msgspec.structs.replace(everything, **changes)


@asynccontextmanager
async def observing(
    settings: ObserverSettings, lineage: Cubes, told: list[str] | None = None, flush: float = 3
) -> AsyncIterator[Observer]:
    warnings = RareWarnings((told if told is not None else []).append)
    observer = Observer(settings, lineage, {"x-key": "k"}, warnings)
    observer.start()
    try:
        yield observer
    finally:
        await observer.stop(flush)


def test_every_query_is_one_trace_and_one_run_and_both_know_each_other(
    record: QueryRecord, orphan: QueryRecord, failure: QueryRecord, database: ObservedDatabase, lineage: Cubes
) -> None:
    async def run() -> Receiver:
        async with receiving() as receiver, observing(settings(receiver, database), lineage) as observer:
            observer.observe(Batch(version=2, records=(record, orphan, failure) * 20))
            await receiver.until(LINEAGE_PATH, 120)
        return receiver

    receiver = asyncio.run(run())
    roots = [span for span in receiver.spans() if span["name"] == "cube.query"]
    events = receiver.query_events()
    traces = {
        (event["run"]["facets"]["floe_trace"]["traceId"], event["run"]["facets"]["floe_trace"]["spanId"])
        for event in events
    }

    assert len(roots) == 60
    assert {(root["traceId"], root["spanId"]) for root in roots} == traces
    assert sorted(event["eventType"] for event in events) == ["COMPLETE"] * 40 + ["FAIL"] * 20 + ["START"] * 60
    assert len({event["run"]["runId"] for event in events}) == 60


def test_metrics_are_told_at_intervals_and_at_the_end(
    record: QueryRecord, database: ObservedDatabase, lineage: Cubes
) -> None:
    async def run() -> list[Any]:
        async with receiving() as receiver:
            only = settings(receiver, database, traces=None, lineage=None)
            async with observing(only, lineage) as observer:
                observer.observe(Batch(version=2, records=(record,), dropped=5))
                await receiver.until("/v1/metrics", 1)
                observer.observe(Batch(version=2, records=(record,)))
            assert {path for path, _ in receiver.requests} == {"/v1/metrics"}
            return receiver.bodies("/v1/metrics")

    def counts(body: Any) -> dict[str, str]:
        metrics = body["resourceMetrics"][0]["scopeMetrics"][0]["metrics"]
        return {metric["name"]: metric["sum"]["dataPoints"] for metric in metrics if "sum" in metric}

    bodies = asyncio.run(run())
    assert [point["asInt"] for point in counts(bodies[-1])["cube.queries"]] == ["2"]
    assert [point["asInt"] for point in counts(bodies[-1])["cube.observer.dropped"]] == ["5"]


def test_headers_go_to_the_collector_and_not_to_the_lineage_backend(
    record: QueryRecord, database: ObservedDatabase, lineage: Cubes
) -> None:
    async def run() -> Receiver:
        async with receiving() as receiver, observing(settings(receiver, database), lineage) as observer:
            observer.observe(Batch(version=2, records=(record,)))
        return receiver

    receiver = asyncio.run(run())
    keys = {path: headers.get("x-key") for (path, _), headers in zip(receiver.requests, receiver.headers, strict=True)}

    assert keys == {"/v1/traces": "k", "/v1/metrics": "k", LINEAGE_PATH: None}


def test_an_unsampled_query_has_no_spans_but_counts(
    record: QueryRecord, database: ObservedDatabase, lineage: Cubes
) -> None:
    assert record.traceparent is not None
    unsampled = msgspec.structs.replace(record, traceparent=record.traceparent[:-1] + "0")

    async def run() -> Receiver:
        async with receiving() as receiver, observing(settings(receiver, database), lineage) as observer:
            observer.observe(Batch(version=2, records=(unsampled,)))
        return receiver

    receiver = asyncio.run(run())
    assert receiver.spans() == []
    assert len(receiver.query_events()) == 2
    assert len(receiver.bodies("/v1/metrics")) >= 1


def test_with_everything_off_nothing_is_sent(record: QueryRecord, database: ObservedDatabase, lineage: Cubes) -> None:
    async def run() -> list[object]:
        async with receiving() as receiver:
            off = settings(receiver, database, traces=None, metrics=None, lineage=None)
            async with observing(off, lineage) as observer:
                observer.observe(Batch(version=2, records=(record,)))
            return list(receiver.requests)

    assert asyncio.run(run()) == []


def test_a_summary_is_one_run_for_many_queries(record: QueryRecord, database: ObservedDatabase, lineage: Cubes) -> None:
    async def run() -> list[Any]:
        async with receiving() as receiver:
            export = LineageExport(endpoint=receiver.url(LINEAGE_PATH), namespace="acme", mode="summary")
            only = settings(receiver, database, traces=None, metrics=None, lineage=export)
            async with observing(only, lineage) as observer:
                observer.observe(Batch(version=2, records=(record,) * 50))
            return receiver.query_events()

    start, end = asyncio.run(run())
    assert (start["eventType"], end["eventType"]) == ("START", "COMPLETE")
    assert end["run"]["facets"]["floe_querySummary"]["queries"] == 50


@pytest.mark.parametrize("fault", ["hang", "garbage", 503])
def test_a_lineage_backend_that_fails_takes_nothing_from_traces(
    record: QueryRecord, database: ObservedDatabase, lineage: Cubes, fault: Any
) -> None:
    async def run() -> tuple[Receiver, Observer, list[str]]:
        told: list[str] = []
        async with receiving() as collector, receiving(fault) as marquez:
            export = LineageExport(endpoint=marquez.url(LINEAGE_PATH), namespace="acme")
            silent = settings(collector, database, lineage=export, model_version=None)
            async with observing(silent, lineage, told, flush=0.1) as observer:
                observer.observe(Batch(version=2, records=(record,) * 500))
                await collector.until_queries(500)
        return collector, observer, told

    collector, observer, told = asyncio.run(run())
    assert sum(span["name"] == "cube.query" for span in collector.spans()) == 500
    # The last metrics are made when it is told to end, and may not make it in that tenth of a second.
    assert observer.dropped | {"metrics": 0} == {"records": 0, "spans": 0, "metrics": 0, "lineage events": 1000}
    assert any(text.startswith("warning: lineage events") for text in told)


def test_a_models_lineage_is_told_before_the_first_query(database: ObservedDatabase, lineage: Cubes) -> None:
    async def run() -> list[Any]:
        async with receiving() as receiver:
            for _ in range(2):
                async with observing(settings(receiver, database, traces=None, metrics=None), lineage) as observer:
                    while observer.queued["lineage events"] < 3:
                        await asyncio.sleep(0)
            return receiver.bodies(LINEAGE_PATH)

    start, running, complete, *again = asyncio.run(run())
    assert [each["eventType"] for each in (start, running, complete)] == ["START", "RUNNING", "COMPLETE"]
    assert {each["run"]["runId"] for each in (start, running, complete, *again)} == {start["run"]["runId"]}
    assert [each["name"] for each in running["inputs"]] == ["shop.public.customers", "shop.public.orders"]
    orders = next(each for each in running["outputs"] if each["name"] == "orders")
    fields = orders["facets"]["columnLineage"]["fields"]
    assert [each["field"] for each in fields["revenue"]["inputFields"]] == ["amount", "tax"]
    assert {each["name"] for each in orders["facets"]["schema"]["fields"]} == {
        "amount",
        "revenue",
        "ordered_at",
        "share",
    }
