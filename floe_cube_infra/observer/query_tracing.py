"""Traces of queries for programs other than Cube: the same spans, from a `with` block."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from floe_cube_infra.model.observation import ObservedDatabase
from floe_cube_infra.model.query_trace import QueryTraceSpan
from floe_cube_infra.observer.records import DatabaseQuery, Interval, QueryRecord
from floe_cube_infra.observer.spans import query_spans
from floe_cube_infra.observer.trace_context import trace_context

Phase = Literal["parse", "security", "execute", "response"]
Export = Callable[[tuple[QueryTraceSpan, ...]], None]

_KINDS = {1: "INTERNAL", 2: "SERVER", 3: "CLIENT"}


@dataclass
class TracedQuery:
    """A query that is being traced.

    Attributes:
        rows: Rows of its answer, once they are known.
        error_type: What kind of failure it was; None so far.
    """

    rows: int | None = None
    error_type: str | None = None
    phases: dict[Phase, Interval] = field(default_factory=dict)
    statements: list[DatabaseQuery] = field(default_factory=list)

    @contextmanager
    def phase(self, name: Phase) -> Iterator[None]:
        """Times a part of the query's life."""
        start = _now()
        try:
            yield
        finally:
            self.phases[name] = (start, _now())

    @contextmanager
    def database_query(self) -> Iterator[None]:
        """Times a statement; belongs into the phase `execute`."""
        start = _now()
        failed = True
        try:
            yield
            failed = False
        finally:
            self.statements.append(DatabaseQuery((start, _now()), failed=failed))


@contextmanager
def trace_query(
    export: Export | None,
    *,
    cubes: Sequence[str],
    api: Literal["rest", "graphql", "sql"] = "rest",
    measures: Sequence[str] = (),
    dimensions: Sequence[str] = (),
    filters: int = 0,
    traceparent: str | None = None,
    tracestate: str | None = None,
    ratio: float = 1.0,
    database: ObservedDatabase | None = None,
) -> Iterator[TracedQuery]:
    """Traces what happens in the block as one query; what it raises makes the query a failed one, and goes on.

    Args:
        export: Takes the spans, unless the trace isn't sampled; what it raises is swallowed, since no query may fail
            because of tracing. None switches tracing off.
        cubes: Those that the query names.
        api: How it was asked.
        measures: `cube.measure`, each.
        dimensions: `cube.dimension`, each.
        filters: How many filters it has.
        traceparent: The caller's trace context (W3C).
        tracestate: The same.
        ratio: The share of queries without a caller that is traced, 0 to 1.
        database: What is queried.
    """
    query = TracedQuery()
    start = _now()
    try:
        yield query
    except BaseException as error:
        query.error_type = type(error).__name__
        raise
    finally:
        if export is not None:
            record = QueryRecord(
                request_id="",
                api=api,
                during=(start, _now()),
                traceparent=traceparent,
                tracestate=tracestate,
                database=tuple(query.statements),
                error_type=query.error_type,
                cubes=tuple(cubes),
                measures=tuple(measures),
                dimensions=tuple(dimensions),
                filters=filters,
                rows=query.rows,
                parse=query.phases.get("parse"),
                security=query.phases.get("security"),
                execute=query.phases.get("execute"),
                response=query.phases.get("response"),
            )
            _export(export, record, ratio, database or ObservedDatabase(system="other_sql"))


def record_query_result(query: TracedQuery, *, rows: int | None = None, error: BaseException | None = None) -> None:
    """Notes how a query went.

    Args:
        query: What `trace_query` gave.
        rows: Rows of the answer.
        error: Why it failed, where that isn't raised through the block; only its type is told.
    """
    if rows is not None:
        query.rows = rows
    if error is not None:
        query.error_type = type(error).__name__


def _export(export: Export, record: QueryRecord, ratio: float, database: ObservedDatabase) -> None:
    context = trace_context(record.traceparent, record.tracestate, ratio)
    if not context.sampled:
        return
    spans = tuple(_span(each) for each in query_spans(record, context, database, record.cubes))
    # No query fails because of tracing.
    with suppress(Exception):
        export(spans)


def _span(span: dict[str, Any]) -> QueryTraceSpan:
    return QueryTraceSpan.model_validate(
        {
            "trace_id": span["traceId"],
            "span_id": span["spanId"],
            "parent_span_id": span.get("parentSpanId"),
            "name": span["name"],
            "kind": _KINDS[span["kind"]],
            "start_time": int(span["startTimeUnixNano"]),
            "end_time": int(span["endTimeUnixNano"]),
            "status": "ERROR" if span["status"] else "UNSET",
            "attributes": {each["key"]: _value(each["value"]) for each in span["attributes"]},
        }
    )


def _value(value: dict[str, Any]) -> object:
    ((kind, inner),) = value.items()
    if kind == "arrayValue":
        return tuple(each["stringValue"] for each in inner["values"])
    return int(inner) if kind == "intValue" else inner


def _now() -> int:
    return time.time_ns() // 1000
