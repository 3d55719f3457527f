"""What `cube.js` tells the observer: one record for each query, and for each build of a rollup; many records a batch.

`cube/query_records.js` and `cube/rollup_builds.js` write this layout. Times are microseconds since 1970, as integers.
Nothing in a record is sensitive: names of cubes and members, numbers, and texts that `cube.js` has already stripped of
values.
"""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

import msgspec

BATCH_VERSION: Final = 2
MOST_BYTES: Final = 1 << 20
"""Of a batch; a larger one is refused."""
MOST_RECORDS: Final = 1000
"""Of a batch."""

Text = Annotated[str, msgspec.Meta(max_length=256)]
Message = Annotated[str, msgspec.Meta(max_length=500)]
Sql = Annotated[str, msgspec.Meta(max_length=32768)]
Names = Annotated[tuple[Text, ...], msgspec.Meta(max_length=512)]
Count = Annotated[int, msgspec.Meta(ge=0, le=(1 << 53) - 1)]
Microseconds = Annotated[int, msgspec.Meta(ge=0, le=(1 << 53) - 1)]

Interval = tuple[Microseconds, Microseconds]
"""Start and end."""


class LineageParent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """The OpenLineage run that asked, where the caller names it."""

    namespace: Text
    job: Text
    run_id: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")]


class DatabaseQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """One statement that Cube sent to a database.

    Attributes:
        during: When.
        store: `source` is the warehouse, `rollup` where Cube keeps pre-aggregations.
        failed: Whether it failed.
    """

    during: Interval
    store: Literal["source", "rollup"] = "source"
    failed: bool = False


class QueryRecord(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", kw_only=True, tag_field="kind", tag="query"
):
    """The life of one query; polls of the same query are one record.

    Attributes:
        request_id: Cube's id of the request.
        api: How it was asked.
        during: From its arrival to the last byte of its answer.
        traceparent: The caller's trace context (W3C), as it came.
        tracestate: The same; only read with a traceparent.
        lineage_parent: The run that asked.
        parse: While the query was read and normalized.
        security: While the token was verified and row filters were added.
        execute: While Cube planned, queued and ran it, or found it in its cache.
        response: While the answer was written.
        database: Statements sent for it; none if a cache answered.
        error_type: What kind of failure it was, such as `UserError`; None: it succeeded.
        error: What went wrong, without values.
        http_status: Of the answer, for REST and GraphQL.
        cubes: Cubes and views that it names, in the order of the query.
        measures: `cube.measure`, each.
        dimensions: `cube.dimension`, each; time dimensions too.
        filters: How many filters it has, those of row-level security left out.
        rows: Of the answer.
        bytes: Of the answer.
        pre_aggregations: Those that answered it.
        unused_pre_aggregations: Those that were to answer it, but could not be read.
        cached: Whether no database was asked.
        polls: How often the caller had to ask again ("Continue wait").
        sql: The statement with placeholders for all values, where settings allow that.
    """

    request_id: Text
    api: Literal["rest", "graphql", "sql"]
    during: Interval
    traceparent: Text | None = None
    tracestate: Annotated[str, msgspec.Meta(max_length=512)] | None = None
    lineage_parent: LineageParent | None = None
    parse: Interval | None = None
    security: Interval | None = None
    execute: Interval | None = None
    response: Interval | None = None
    database: Annotated[tuple[DatabaseQuery, ...], msgspec.Meta(max_length=100)] = ()
    error_type: Text | None = None
    error: Message | None = None
    http_status: Annotated[int, msgspec.Meta(ge=100, le=599)] | None = None
    cubes: Names = ()
    measures: Names = ()
    dimensions: Names = ()
    filters: Count = 0
    rows: Count | None = None
    bytes: Count | None = None
    pre_aggregations: Names = ()
    unused_pre_aggregations: Names = ()
    cached: bool = False
    polls: Count = 0
    sql: Sql | None = None


class RollupBuild(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", kw_only=True, tag_field="kind", tag="build"
):
    """One build of a rollup, or of a partition of it, by whichever pod builds.

    Attributes:
        pre_aggregation: `cube.rollup`.
        during: From its first statement to its end.
        error_type: What kind of failure it was; None: it succeeded.
        error: What went wrong, without values.
    """

    pre_aggregation: Text
    during: Interval
    error_type: Text | None = None
    error: Message | None = None


class Batch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Records since the last batch.

    Attributes:
        version: Of this layout.
        dropped: Records that `cube.js` had no room for since the last batch that arrived.
        records: The others.
    """

    version: Literal[2]
    dropped: Count = 0
    records: Annotated[tuple[QueryRecord | RollupBuild, ...], msgspec.Meta(max_length=MOST_RECORDS)] = ()


_DECODER: Final = msgspec.json.Decoder(Batch)
_PLACE: Final = re.compile(r" - at `(?:key in )?(\$[^`]*)`$")


class BatchError(ValueError):
    """A batch that isn't one; says where, and never repeats what was sent."""


def decode(body: bytes) -> Batch:
    """Reads a batch.

    Args:
        body: UTF-8 JSON of at most `MOST_BYTES`.

    Raises:
        BatchError: It is not JSON, or not of this layout.
    """
    try:
        return _DECODER.decode(body)
    except msgspec.ValidationError as error:
        found = _PLACE.search(str(error))
        raise BatchError(f"not a batch of records: {found[1] if found else '$'} is wrong or missing") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BatchError("not a batch of records: no JSON") from None
