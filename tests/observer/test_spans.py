"""A query's spans, as OTLP has them."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from floe_cube_infra.model.observation import ObservedDatabase
from floe_cube_infra.observer.otlp import encode, trace_request
from floe_cube_infra.observer.records import DatabaseQuery, QueryRecord
from floe_cube_infra.observer.spans import cube_of, query_spans
from floe_cube_infra.observer.trace_context import TraceContext, trace_context

TABLES = ("shop.public.orders",)
CONTEXT = TraceContext(trace_id="a" * 32, span_id="b" * 16, parent_span_id="c" * 16, trace_state="vendor=1")


def attributes(span: dict[str, Any]) -> dict[str, Any]:
    def plain(value: dict[str, Any]) -> Any:
        ((kind, inner),) = value.items()
        if kind == "arrayValue":
            return [plain(item) for item in inner["values"]]
        return int(inner) if kind == "intValue" else inner

    return {item["key"]: plain(item["value"]) for item in span["attributes"]}


def spans_of(record: QueryRecord, database: ObservedDatabase, tables: tuple[str, ...] = TABLES) -> dict[str, Any]:
    return {span["name"]: span for span in query_spans(record, CONTEXT, database, tables)}


def test_the_tree_is_the_one_that_is_promised(record: QueryRecord, database: ObservedDatabase) -> None:
    spans = spans_of(record, database)
    names = {span["spanId"]: name for name, span in spans.items()}

    assert {name: names.get(span["parentSpanId"], "caller") for name, span in spans.items()} == {
        "cube.query": "caller",
        "cube.parse": "cube.query",
        "cube.security": "cube.query",
        "cube.execute": "cube.query",
        "database.query": "cube.execute",
        "cube.response": "cube.query",
    }
    assert {name: span["kind"] for name, span in spans.items() if span["kind"] != 1} == {
        "cube.query": 2,
        "database.query": 3,
    }
    assert {span["traceId"] for span in spans.values()} == {CONTEXT.trace_id}
    assert {span["traceState"] for span in spans.values()} == {"vendor=1"}
    assert spans["cube.query"]["parentSpanId"] == CONTEXT.parent_span_id


def test_times_are_the_real_ones_in_nanoseconds(record: QueryRecord, database: ObservedDatabase) -> None:
    root = spans_of(record, database)["cube.query"]

    assert (root["startTimeUnixNano"], root["endTimeUnixNano"]) == ("1795622400000000000", "1795622400012500000")


def test_the_query_is_described_by_numbers_and_names(record: QueryRecord, database: ObservedDatabase) -> None:
    assert attributes(spans_of(record, database)["cube.query"]) == {
        "cube.api": "rest",
        "cube.name": "orders",
        "cube.names": ["orders", "customers"],
        "cube.request.id": "6f1c2a1e-span-1",
        "cube.measures.count": 1,
        "cube.dimensions.count": 2,
        "cube.filters.count": 1,
        "cube.rows": 12,
        "cube.cache.hit": False,
        "http.response.status_code": 200,
        "http.response.body.size": 2048,
    }


def test_the_database_is_described_by_the_conventions(record: QueryRecord, database: ObservedDatabase) -> None:
    assert attributes(spans_of(record, database)["database.query"]) == {
        "db.system.name": "postgresql",
        "db.namespace": "shop",
        "db.collection.name": "shop.public.orders",
        "db.operation.name": "SELECT",
        "db.query.summary": "SELECT shop.public.orders",
        "server.address": "db.example.com",
        "server.port": 5432,
    }


def test_several_tables_have_no_single_collection(record: QueryRecord, database: ObservedDatabase) -> None:
    found = attributes(spans_of(record, database, ("a", "b"))["database.query"])

    assert "db.collection.name" not in found
    assert found["db.query.summary"] == "SELECT a b"


def test_a_long_summary_is_cut(record: QueryRecord, database: ObservedDatabase) -> None:
    tables = tuple(f"table_{index}" for index in range(100))

    assert len(attributes(spans_of(record, database, tables)["database.query"])["db.query.summary"]) == 255


def test_a_rollup_is_not_the_warehouse(record: QueryRecord, database: ObservedDatabase) -> None:
    from_rollup = msgspec.structs.replace(
        record, pre_aggregations=("orders.daily",), database=(DatabaseQuery(record.during, "rollup"),)
    )
    found = attributes(spans_of(from_rollup, database)["database.query"])

    assert (found["db.system.name"], found["db.collection.name"]) == ("cubestore", "orders.daily")
    assert "server.address" not in found


def test_a_failure_is_told_by_its_type_only(failure: QueryRecord, database: ObservedDatabase) -> None:
    spans = spans_of(failure, database)

    assert spans.keys() == {"cube.query", "cube.security"}
    assert spans["cube.query"]["status"] == {"code": 2}
    assert attributes(spans["cube.query"])["error.type"] == "UserError"
    assert failure.error is not None
    assert failure.error not in json.dumps(spans)


@pytest.mark.parametrize("failed", [True, False])
def test_a_failed_statement_says_so(record: QueryRecord, database: ObservedDatabase, failed: bool) -> None:
    changed = msgspec.structs.replace(record, database=(DatabaseQuery(record.during, failed=failed),))
    span = spans_of(changed, database)["database.query"]

    assert ("error.type" in attributes(span), bool(span["status"])) == (failed, failed)


def test_no_span_holds_sql(record: QueryRecord, database: ObservedDatabase) -> None:
    assert record.sql is not None
    assert "sum(" not in json.dumps(spans_of(record, database))


def test_a_clock_that_steps_back_gives_no_negative_duration(record: QueryRecord, database: ObservedDatabase) -> None:
    start, _ = record.during
    root = spans_of(msgspec.structs.replace(record, during=(start, start - 5)), database)["cube.query"]

    assert root["startTimeUnixNano"] == root["endTimeUnixNano"]


def test_the_cube_of_a_query_is_that_of_its_first_measure(record: QueryRecord) -> None:
    assert cube_of(msgspec.structs.replace(record, cubes=("customers", "orders"))) == "orders"
    assert cube_of(msgspec.structs.replace(record, measures=())) == "orders"
    assert cube_of(msgspec.structs.replace(record, measures=(), cubes=())) is None


def test_a_request_holds_all_spans_and_the_resource(record: QueryRecord, database: ObservedDatabase) -> None:
    context = trace_context(None, None, 1)
    encoded = encode(query_spans(record, context, database))[1:-1]
    body = json.loads(trace_request({"service.name": "cube", "team": "data"}, [encoded, encoded]))

    (resource,) = body["resourceSpans"]
    assert attributes(resource["resource"]) == {"service.name": "cube", "team": "data"}
    assert len(resource["scopeSpans"][0]["spans"]) == 12
