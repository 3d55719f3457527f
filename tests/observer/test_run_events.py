"""OpenLineage events of queries."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

import msgspec
import pytest

from floe_cube_infra.model.observation import LineageExport
from floe_cube_infra.observer.lineage_summaries import LineageSummaries
from floe_cube_infra.observer.member_lineage import MemberLineages
from floe_cube_infra.observer.records import LineageParent, QueryRecord
from floe_cube_infra.observer.run_events import RunEvents
from floe_cube_infra.observer.trace_context import TraceContext
from tests.observer.conftest import Cubes

CONTEXT = TraceContext(trace_id="a" * 32, span_id="b" * 16)
TABLE = {"namespace": "postgres://db.example.com:5432", "name": "shop.public.orders"}
SECOND = 1_000_000


@pytest.fixture(scope="module")
def events(lineage: Cubes) -> RunEvents:
    export = LineageExport(endpoint="http://127.0.0.1:9/api/v1/lineage", namespace="acme")
    return RunEvents(export, MemberLineages(lineage), "1.7.43")


def of_query(events: RunEvents, record: QueryRecord, context: TraceContext = CONTEXT) -> list[dict[str, Any]]:
    return [json.loads(event) for event in events.of_query(record, context)]


def names(datasets: list[dict[str, Any]]) -> list[str]:
    return [f"{dataset['namespace']}/{dataset['name']}" for dataset in datasets]


def test_a_query_starts_and_completes_as_one_run_of_its_cubes_job(events: RunEvents, record: QueryRecord) -> None:
    start, end = of_query(events, record)

    assert (start["eventType"], end["eventType"]) == ("START", "COMPLETE")
    assert start["run"]["runId"] == end["run"]["runId"]
    assert (start["job"]["namespace"], start["job"]["name"]) == ("acme", "cube.orders.query")
    assert (start["eventTime"], end["eventTime"]) == ("2026-11-25T16:00:00.000000Z", "2026-11-25T16:00:00.012500Z")


def test_the_run_is_determined_by_its_trace_and_leads_to_it(events: RunEvents, record: QueryRecord) -> None:
    (start, _), (again, _) = of_query(events, record), of_query(events, record)
    other, _ = of_query(events, record, TraceContext(trace_id="a" * 32, span_id="c" * 16))

    assert UUID(start["run"]["runId"]).version == 7
    assert start["run"]["runId"] == again["run"]["runId"] != other["run"]["runId"]
    trace = start["run"]["facets"]["floe_trace"]
    assert (trace["traceId"], trace["spanId"]) == (CONTEXT.trace_id, CONTEXT.span_id)


def test_inputs_are_dbts_tables_and_cubes(events: RunEvents, record: QueryRecord) -> None:
    start, _ = of_query(events, record)

    assert names(start["inputs"]) == [
        "postgres://db.example.com:5432/shop.public.customers",
        "postgres://db.example.com:5432/shop.public.orders",
        "acme/customers",
        "acme/orders",
    ]


def test_the_result_has_a_schema_columns_lineage_and_rows(events: RunEvents, record: QueryRecord) -> None:
    _, end = of_query(events, record)
    (result,) = end["outputs"]

    assert names([result]) == ["acme/cube.orders.result"]
    assert [(field["name"], field["type"]) for field in result["facets"]["schema"]["fields"]] == [
        ("orders.revenue", "sum"),
        ("customers.country", "string"),
        ("orders.ordered_at", "time"),
    ]
    fields = result["facets"]["columnLineage"]["fields"]
    assert [
        {key: read[key] for key in ("namespace", "name", "field")} for read in fields["orders.revenue"]["inputFields"]
    ] == [TABLE | {"field": "amount"}, TABLE | {"field": "tax"}]
    assert result["outputFacets"]["outputStatistics"]["rowCount"] == 12
    assert result["outputFacets"]["outputStatistics"]["size"] == 2048


def test_a_failure_is_told_with_its_message(events: RunEvents, failure: QueryRecord) -> None:
    _, end = of_query(events, failure)

    assert end["eventType"] == "FAIL"
    assert end["run"]["facets"]["errorMessage"]["message"] == "Unknown member"
    assert end["outputs"] == []


def test_facets_say_what_ran(events: RunEvents, record: QueryRecord) -> None:
    start, _ = of_query(events, record)

    assert start["run"]["facets"]["processing_engine"]["version"] == "1.7.43"
    assert start["job"]["facets"]["jobType"]["jobType"] == "QUERY"
    assert start["job"]["facets"]["sql"]["query"] == record.sql
    for facet in (*start["run"]["facets"].values(), *start["job"]["facets"].values()):
        assert re.match(r"(https|urn):", facet["_schemaURL"])
        assert facet["_producer"] == "urn:floe-cube-infra:observer"


def test_without_sql_there_is_no_sql_facet(events: RunEvents, record: QueryRecord) -> None:
    start, _ = of_query(events, msgspec.structs.replace(record, sql=None))

    assert "sql" not in start["job"]["facets"]


def test_the_callers_run_is_the_parent(events: RunEvents, record: QueryRecord) -> None:
    parent = LineageParent("airflow", "daily.report", "01890a5d-ac96-774b-bcce-b302099a8057")
    for event in of_query(events, msgspec.structs.replace(record, lineage_parent=parent)):
        facet = event["run"]["facets"]["parent"]

        assert facet["run"]["runId"] == parent.run_id
        assert (facet["job"]["namespace"], facet["job"]["name"]) == ("airflow", "daily.report")


def test_a_query_that_names_nothing_is_still_a_run(events: RunEvents, failure: QueryRecord) -> None:
    start, _ = of_query(events, msgspec.structs.replace(failure, cubes=()))

    assert start["job"]["name"] == "cube.unknown.query"
    assert start["inputs"] == []


def test_a_window_of_queries_becomes_one_run_a_job(
    events: RunEvents, record: QueryRecord, failure: QueryRecord
) -> None:
    summaries = LineageSummaries(events, window_seconds=60)
    by_customer = msgspec.structs.replace(record, measures=("customers.count",), cubes=("customers",), cached=True)
    given = [summaries.add(query, at * SECOND) for at, query in enumerate((record, failure, by_customer))]
    ended = [json.loads(event) for event in summaries.ended(61 * SECOND)]

    assert given == [[], [], []]
    assert [(event["eventType"], event["job"]["name"]) for event in ended] == [
        ("START", "cube.orders.query"),
        ("COMPLETE", "cube.orders.query"),
        ("START", "cube.customers.query"),
        ("COMPLETE", "cube.customers.query"),
    ]
    summary = ended[1]["run"]["facets"]["floe_querySummary"]
    assert {key: summary[key] for key in ("queries", "failed", "rows", "cached")} == {
        "queries": 2,
        "failed": 1,
        "rows": 12,
        "cached": 0,
    }
    assert ended[1]["outputs"][0]["outputFacets"]["outputStatistics"]["rowCount"] == 12
    assert summaries.ended(200 * SECOND) == []


def test_a_window_ends_with_the_first_query_after_it_or_when_told(events: RunEvents, record: QueryRecord) -> None:
    summaries = LineageSummaries(events, window_seconds=10)
    summaries.add(record, 0)

    assert summaries.ended(5 * SECOND) == []
    assert len(summaries.add(record, 10 * SECOND)) == 2
    assert len(summaries.ended(11 * SECOND, force=True)) == 2
