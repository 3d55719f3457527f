"""How queries are observed: the settings of the observer, generated into `observer.json` beside `cube.js`.

msgspec and not Pydantic, since the observer's image has no room for both.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

SETTINGS_FILE: Final = "observer.json"

Endpoint = Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s@]+$", max_length=2048)]
"""An address without credentials in it."""
Port = Annotated[int, msgspec.Meta(ge=1024, le=65535)]


class QueryRecording(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `cube.js` tells the observer beside it.

    Attributes:
        port: Of the loopback address that records are sent to.
        sql: Whether records hold the SQL that Cube made of a query, without its literals.
    """

    port: Port = 4319
    sql: bool = False


class TraceExport(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", kw_only=True):
    """Where spans go.

    Attributes:
        endpoint: OTLP over HTTP, such as `http://collector:4318/v1/traces`.
        ratio: Which share of the queries without a caller's trace is traced, 0 to 1.
    """

    endpoint: Endpoint
    ratio: Annotated[float, msgspec.Meta(ge=0, le=1)] = 1.0


class MetricExport(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", kw_only=True):
    """Where metrics go.

    Attributes:
        endpoint: OTLP over HTTP, such as `http://collector:4318/v1/metrics`.
        interval_seconds: How often.
    """

    endpoint: Endpoint
    interval_seconds: Annotated[int, msgspec.Meta(ge=1, le=3600)] = 15


class LineageExport(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", kw_only=True):
    """Where OpenLineage events go.

    Attributes:
        endpoint: Such as `http://marquez:5000/api/v1/lineage`.
        namespace: Of jobs and cubes.
        mode: START and an end event for each query, or one pair for each job and window, with counts.
        window_seconds: Of the second mode.
    """

    endpoint: Endpoint
    namespace: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
    mode: Literal["query", "summary"] = "query"
    window_seconds: Annotated[int, msgspec.Meta(ge=1, le=86400)] = 60


class ObservedDatabase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", kw_only=True):
    """What Cube queries, in OpenTelemetry's terms.

    Attributes:
        system: `db.system.name`.
        namespace: `db.namespace`: the database, where it is known.
        server_address: `server.address`.
        server_port: `server.port`.
    """

    system: str
    namespace: str | None = None
    server_address: str | None = None
    server_port: int | None = None


class ObserverSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", kw_only=True):
    """All that the observer must know.

    Attributes:
        version: Of this layout.
        port: Of the loopback address that records are sent to.
        service_name: `service.name` of spans and metrics.
        resource: Further resource attributes.
        database: What Cube queries.
        cube_version: Cube's version, for lineage.
        model_version: A hash of the lineage of all cubes; None where there are none.
        traces: None: no spans.
        metrics: None: no metrics.
        lineage: None: no events.
    """

    version: Literal[1] = 1
    port: Port = 4319
    service_name: str = "cube"
    resource: dict[str, str] = msgspec.field(default_factory=dict)
    database: ObservedDatabase
    cube_version: str | None = None
    model_version: str | None = None
    traces: TraceExport | None = None
    metrics: MetricExport | None = None
    lineage: LineageExport | None = None
