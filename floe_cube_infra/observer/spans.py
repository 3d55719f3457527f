"""A query's spans.

    cube.query (SERVER)
      cube.parse
      cube.security
      cube.execute
        database.query (CLIENT), one a statement
      cube.response

Attributes are OpenTelemetry's where it has one (https://opentelemetry.io/docs/specs/semconv/database/), else `cube.*`.
A rollup's build is a trace of its own: `cube.pre_aggregation.build`. No span holds a filter value, a claim, a token, a
row or SQL.
"""

from __future__ import annotations

from typing import Final

from floe_cube_infra.model.observation import ObservedDatabase
from floe_cube_infra.observer.otlp import AttributeValue, attributes, nanoseconds
from floe_cube_infra.observer.records import DatabaseQuery, Interval, QueryRecord, RollupBuild
from floe_cube_infra.observer.trace_context import TraceContext, new_span_id

# https://github.com/open-telemetry/opentelemetry-proto, trace.proto: Span.SpanKind and Status.StatusCode
_INTERNAL: Final = 1
_SERVER: Final = 2
_CLIENT: Final = 3
_ERROR: Final = 2
# Span.flags: bit 0 sampled, bit 8 "the parent's remoteness is known", bit 9 "the parent is remote".
_SAMPLED_ROOT: Final = 0x101
_SAMPLED_WITH_REMOTE_PARENT: Final = 0x301
# Pre-aggregations of production lie in Cube Store, which speaks SQL but has no well-known name.
_ROLLUP_SYSTEM: Final = "cubestore"
# Semantic conventions: db.query.summary should be at most 255 characters.
_LONGEST_SUMMARY: Final = 255


def query_spans(
    record: QueryRecord, context: TraceContext, database: ObservedDatabase, tables: tuple[str, ...] = ()
) -> list[dict[str, object]]:
    """The spans of one query, the root first.

    Args:
        record: The query.
        context: Where the root belongs.
        database: What Cube queries.
        tables: The tables that it reads there.
    """
    root = _span(
        context,
        context.span_id,
        context.parent_span_id,
        "cube.query",
        _SERVER,
        record.during,
        _query_attributes(record),
        failed=record.error_type is not None,
    )
    root["flags"] = _SAMPLED_WITH_REMOTE_PARENT if context.parent_span_id else _SAMPLED_ROOT
    spans = [root]
    for name, during in (
        ("cube.parse", record.parse),
        ("cube.security", record.security),
        ("cube.execute", record.execute),
        ("cube.response", record.response),
    ):
        if during is None:
            continue
        span_id = new_span_id()
        spans.append(_span(context, span_id, context.span_id, name, _INTERNAL, during, {}))
        if name == "cube.execute":
            spans += [
                _database_span(statement, record, context, span_id, database, tables) for statement in record.database
            ]
    return spans


def build_span(build: RollupBuild, context: TraceContext) -> dict[str, object]:
    """The span of a rollup's build.

    Args:
        build: The build.
        context: Where it belongs.
    """
    return _span(
        context,
        context.span_id,
        context.parent_span_id,
        "cube.pre_aggregation.build",
        _INTERNAL,
        build.during,
        {"cube.pre_aggregation.name": build.pre_aggregation, "error.type": build.error_type},
        failed=build.error_type is not None,
    )


def cube_of(record: QueryRecord) -> str | None:
    """The cube that a query is counted under: that of its first measure, else the first that it names."""
    if record.measures:
        return record.measures[0].partition(".")[0]
    return record.cubes[0] if record.cubes else None


def _query_attributes(record: QueryRecord) -> dict[str, AttributeValue | None]:
    return {
        "cube.api": record.api,
        "cube.name": cube_of(record),
        "cube.names": record.cubes or None,
        "cube.request.id": record.request_id or None,
        "cube.measures.count": len(record.measures),
        "cube.dimensions.count": len(record.dimensions),
        "cube.filters.count": record.filters,
        "cube.rows": record.rows,
        "cube.polls": record.polls or None,
        "cube.cache.hit": record.cached,
        "cube.pre_aggregations": record.pre_aggregations or None,
        "cube.pre_aggregations.unused": record.unused_pre_aggregations or None,
        "error.type": record.error_type,
        "http.response.status_code": record.http_status,
        "http.response.body.size": record.bytes,
    }


def _database_span(
    statement: DatabaseQuery,
    record: QueryRecord,
    context: TraceContext,
    parent: str,
    database: ObservedDatabase,
    tables: tuple[str, ...],
) -> dict[str, object]:
    from_source = statement.store == "source"
    read = tables if from_source else record.pre_aggregations
    return _span(
        context,
        new_span_id(),
        parent,
        "database.query",
        _CLIENT,
        statement.during,
        {
            "db.system.name": database.system if from_source else _ROLLUP_SYSTEM,
            "db.namespace": database.namespace if from_source else None,
            # With several tables there is no single collection (semantic conventions, db.collection.name).
            "db.collection.name": read[0] if len(read) == 1 else None,
            "db.operation.name": "SELECT",
            "db.query.summary": " ".join(("SELECT", *read))[:_LONGEST_SUMMARY],
            "server.address": database.server_address if from_source else None,
            "server.port": database.server_port if from_source else None,
            "error.type": record.error_type or "_OTHER" if statement.failed else None,
        },
        failed=statement.failed,
    )


def _span(
    context: TraceContext,
    span_id: str,
    parent: str | None,
    name: str,
    kind: int,
    during: Interval,
    values: dict[str, AttributeValue | None],
    *,
    failed: bool = False,
) -> dict[str, object]:
    start, end = during
    span: dict[str, object] = {
        "traceId": context.trace_id,
        "spanId": span_id,
        "name": name,
        "kind": kind,
        "flags": _SAMPLED_ROOT,
        "startTimeUnixNano": nanoseconds(start),
        # Clocks step back at times; a span never ends before it starts.
        "endTimeUnixNano": nanoseconds(max(start, end)),
        "attributes": attributes(values),
        "status": {"code": _ERROR} if failed else {},
    }
    if parent is not None:
        span["parentSpanId"] = parent
    if context.trace_state is not None:
        span["traceState"] = context.trace_state
    return span
