"""What is told of a rollup's builds: an event pair, a span, and a histogram."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from floe_cube_infra.observer.build_events import build_events
from floe_cube_infra.observer.build_metrics import BOUNDS, MOST_SERIES, BuildMetrics
from floe_cube_infra.observer.member_lineage import MemberLineages
from floe_cube_infra.observer.records import RollupBuild
from floe_cube_infra.observer.spans import build_span
from floe_cube_infra.observer.trace_context import TraceContext
from tests.observer.conftest import Cubes

CONTEXT = TraceContext(trace_id="a" * 32, span_id="b" * 16)


def labels(point: dict[str, Any]) -> dict[str, Any]:
    return {item["key"]: next(iter(item["value"].values())) for item in point["attributes"]}


def points(metrics: BuildMetrics) -> list[dict[str, Any]]:
    (metric,) = metrics.metrics(2_000_000)
    assert metric["name"] == "cube.pre_aggregation.build.duration"
    found: dict[str, Any] = msgspec.convert(metric["histogram"], dict[str, Any])
    return list(found["dataPoints"])


def test_a_build_is_a_run_that_reads_the_cube_and_writes_the_rollup(failed_build: RollupBuild, lineage: Cubes) -> None:
    built = msgspec.structs.replace(failed_build, error_type=None, error=None)
    start, end = (json.loads(each) for each in build_events(built, CONTEXT, MemberLineages(lineage), "acme"))

    assert (start["eventType"], end["eventType"]) == ("START", "COMPLETE")
    assert start["run"]["runId"] == end["run"]["runId"]
    assert end["job"] == {**start["job"], "name": "cube.orders.daily.build"}
    assert [(each["namespace"], each["name"]) for each in end["inputs"]] == [
        ("postgres://db.example.com:5432", "shop.public.orders"),
        ("acme", "orders"),
    ]
    assert [(each["namespace"], each["name"]) for each in end["outputs"]] == [("acme", "cube.orders.daily")]
    assert start["eventTime"] < end["eventTime"]


def test_a_build_that_failed_says_why_and_wrote_nothing(failed_build: RollupBuild, lineage: Cubes) -> None:
    _, end = (json.loads(each) for each in build_events(failed_build, CONTEXT, MemberLineages(lineage), "acme"))

    assert (end["eventType"], end["outputs"]) == ("FAIL", [])
    assert end["run"]["facets"]["errorMessage"]["message"] == "permission denied for schema pre_aggregations"
    assert end["run"]["facets"]["floe_trace"]["traceId"] == CONTEXT.trace_id


def test_a_rollup_of_an_unknown_cube_is_told_with_what_is_known(failed_build: RollupBuild) -> None:
    start, _ = (json.loads(each) for each in build_events(failed_build, CONTEXT, MemberLineages({}), "acme"))
    assert [each["name"] for each in start["inputs"]] == ["orders"]


def test_the_span_says_what_was_built_and_whether_it_failed(failed_build: RollupBuild) -> None:
    span = msgspec.convert(build_span(failed_build, CONTEXT), dict[str, Any])

    assert (span["name"], span["traceId"], span["status"]["code"]) == ("cube.pre_aggregation.build", "a" * 32, 2)
    assert labels(span) == {"cube.pre_aggregation.name": "orders.daily", "error.type": "DatabaseError"}


def test_builds_are_counted_by_rollup_and_outcome(failed_build: RollupBuild) -> None:
    metrics = BuildMetrics(started=0)
    assert metrics.metrics(1) == []
    for build in (failed_build, msgspec.structs.replace(failed_build, error_type=None), failed_build):
        metrics.count(build)
    failed, built = points(metrics)

    assert (labels(failed), failed["count"]) == (
        {"cube.pre_aggregation.name": "orders.daily", "error.type": "DatabaseError"},
        "2",
    )
    assert (labels(built), built["count"], built["sum"]) == ({"cube.pre_aggregation.name": "orders.daily"}, "1", 2.5)
    # 2.5 seconds.
    assert built["bucketCounts"].index("1") == BOUNDS.index(5.0)


def test_series_are_limited(failed_build: RollupBuild) -> None:
    metrics = BuildMetrics(started=0)
    for number in range(MOST_SERIES + 5):
        metrics.count(msgspec.structs.replace(failed_build, pre_aggregation=f"orders.r{number}"))
    found = points(metrics)

    assert len(found) == MOST_SERIES + 1
    assert (labels(found[-1]), found[-1]["count"]) == ({"otel.metric.overflow": True}, "5")
