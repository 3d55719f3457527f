"""What is told of queries and where to: from artifacts and settings to what observer and collector run with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from floe_cube_infra.inputs.compiled_artifacts import CompiledArtifacts
from floe_cube_infra.inputs.images import image_version
from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.model.collector import CollectorExports, OtlpTarget
from floe_cube_infra.model.database import USUAL_PORTS, DatabaseType
from floe_cube_infra.model.dataset_lineage import WarehouseNames
from floe_cube_infra.model.observation import (
    LineageExport,
    MetricExport,
    ObservedDatabase,
    ObserverSettings,
    TraceExport,
)
from floe_cube_infra.naming import COLLECTOR, JAEGER, MARQUEZ
from floe_cube_infra.render.environment.properties import read
from floe_cube_infra.render.warehouse_names import warehouse_names

OTLP_GRPC_PORT: Final = 4317
OTLP_HTTP_PORT: Final = 4318
MARQUEZ_PORT: Final = 5000
LINEAGE_PATH: Final = "/api/v1/lineage"
"""Where Marquez takes lineage: https://marquezproject.ai/docs/api/record-lineage."""

# https://opentelemetry.io/docs/specs/semconv/registry/attributes/db/: its own names, else the product's.
_SYSTEMS: Final[dict[DatabaseType, str]] = {
    "postgres": "postgresql",
    "snowflake": "snowflake",
    "bigquery": "bigquery",
    "databricks": "databricks",
    "trino": "trino",
}
_SERVICE_NAME: Final = "service.name"
_JAEGER_TARGET: Final = OtlpTarget(name="jaeger", protocol="grpc", endpoint=f"http://{JAEGER}:{OTLP_GRPC_PORT}")
_ADDRESS: Final = re.compile(r"https?://[^\s@?#]+")


def observer_settings(artifacts: CompiledArtifacts, settings: Settings) -> ObserverSettings | None:
    """What the observer runs with; None where no query is observed."""
    if settings.images.observer is None:
        return None
    own, attributes = settings.observability, dict(artifacts.observability.attributes)
    traces, metrics, lineage = (_export(artifacts, settings, kind) for kind in ("traces", "metrics", "lineage"))
    if not (traces or metrics or lineage):
        return None
    return ObserverSettings(
        service_name=attributes.pop(_SERVICE_NAME, "cube"),
        resource={"deployment.environment.name": settings.environment, **attributes},
        database=_database(artifacts),
        cube_version=image_version("cube", settings.images),
        traces=TraceExport(endpoint=traces, ratio=own.trace_ratio) if traces else None,
        metrics=MetricExport(endpoint=metrics, interval_seconds=own.metrics_seconds) if metrics else None,
        lineage=LineageExport(
            endpoint=lineage,
            namespace=artifacts.lineage_namespace or settings.namespace,
            mode=own.lineage_mode,
            window_seconds=own.lineage_window_seconds,
        )
        if lineage
        else None,
    )


def collector_exports(artifacts: CompiledArtifacts, settings: Settings) -> CollectorExports | None:
    """What the stack's own collector does; None where it has none."""
    collector = settings.collector
    if not collector.enabled or collector.endpoint is not None or settings.images.observer is None:
        return None
    given = collector.export_to or artifacts.observability.otlp_endpoint
    backend = [_backend(given, settings)] if given is not None else []
    jaeger = [_JAEGER_TARGET] if settings.jaeger.enabled else []
    exports = CollectorExports(
        traces=tuple(backend + jaeger) if _asked(artifacts, settings, "traces") else (),
        metrics=tuple(backend) if _asked(artifacts, settings, "metrics") else (),
    )
    return exports if exports.traces or exports.metrics else None


def lineage_endpoint(artifacts: CompiledArtifacts, settings: Settings) -> str | None:
    """Where lineage is told: the Marquez of the settings, else where artifacts say; None where nobody takes it."""
    marquez, given = settings.marquez, artifacts.observability.lineage_endpoint
    if marquez.url is not None:
        return f"{marquez.url}{LINEAGE_PATH}"
    if marquez.enabled:
        return f"http://{MARQUEZ}:{MARQUEZ_PORT}{LINEAGE_PATH}"
    if given is None:
        return None
    return given if urlsplit(given).path.strip("/") else f"{given.rstrip('/')}{LINEAGE_PATH}"


def dataset_names(artifacts: CompiledArtifacts, settings: Settings) -> WarehouseNames:
    """How lineage names the warehouse's tables."""
    names = warehouse_names(artifacts.database_type, artifacts.compute.properties)
    namespace = settings.observability.dataset_namespace
    return names if namespace is None else WarehouseNames(namespace=namespace, database=names.database)


def unobserved(artifacts: CompiledArtifacts, settings: Settings) -> list[str]:
    """What is asked to be told of queries, and won't be, since there is no observer."""
    if settings.images.observer is not None:
        return []
    otlp = settings.collector.endpoint or settings.collector.export_to or artifacts.observability.otlp_endpoint
    takers = {"traces": otlp, "metrics": otlp, "lineage": lineage_endpoint(artifacts, settings)}
    return [kind for kind, taker in takers.items() if taker is not None and _asked(artifacts, settings, kind)]


def observation_problems(artifacts: CompiledArtifacts, settings: Settings) -> Iterator[str]:
    """What is wrong, each as a sentence; addresses are not repeated, since they may hold a password."""
    addresses = artifacts.observability
    for key in ("otlp_endpoint", "lineage_endpoint"):
        given = getattr(addresses, key)
        if given is not None and _ADDRESS.fullmatch(given) is None:
            yield (
                f"observability.{key} in the artifacts is no address that can be used; allowed are http:// and "
                "https:// with a host, and without user, password and query"
            )
    if settings.jaeger.enabled and settings.environment == "prod":
        yield (
            "jaeger.enabled is true, and Jaeger keeps traces in memory: it isn't for prod. Set it to false, and name "
            "what takes the traces in collector.exportTo"
        )
    if settings.jaeger.enabled and not _has_own_collector(settings):
        yield (
            "jaeger.enabled is true, but the stack has no collector of its own to send traces to it. Set "
            "collector.enabled to true and drop collector.endpoint, or set jaeger.enabled to false"
        )
    speaks_grpc = addresses.otlp_endpoint is not None and _is_grpc(addresses.otlp_endpoint)
    if speaks_grpc and not settings.collector.enabled and settings.collector.endpoint is None:
        yield (
            "collector.enabled is false, and observability.otlp_endpoint in the artifacts speaks gRPC (port "
            f"{OTLP_GRPC_PORT}), which the observers don't. Name its address for OTLP over HTTP (port "
            f"{OTLP_HTTP_PORT}) in collector.endpoint, or set collector.enabled to true"
        )


def header_variable(header: str) -> str:
    """The variable that holds a header's value in the collector's container."""
    return f"EXPORT_HEADER_{header.upper().replace('-', '_')}"


def _export(artifacts: CompiledArtifacts, settings: Settings, kind: str) -> str | None:
    """Where the observer sends this kind to, whole; None: nowhere."""
    if not _asked(artifacts, settings, kind):
        return None
    if kind == "lineage":
        return lineage_endpoint(artifacts, settings)
    if _has_own_collector(settings):
        exports = collector_exports(artifacts, settings)
        takes = exports is not None and bool(exports.traces if kind == "traces" else exports.metrics)
        return f"http://{COLLECTOR}:{OTLP_HTTP_PORT}/v1/{kind}" if takes else None
    base = settings.collector.endpoint or artifacts.observability.otlp_endpoint
    return None if base is None else f"{base.rstrip('/')}/v1/{kind}"


def _asked(artifacts: CompiledArtifacts, settings: Settings, kind: str) -> bool:
    own: bool | None = getattr(settings.observability, kind)
    theirs: bool = getattr(artifacts.observability, kind)
    return theirs if own is None else own


def _has_own_collector(settings: Settings) -> bool:
    return settings.collector.enabled and settings.collector.endpoint is None


def _backend(endpoint: str, settings: Settings) -> OtlpTarget:
    names = sorted(settings.collector.export_headers)
    return OtlpTarget(
        name="backend",
        protocol="grpc" if _is_grpc(endpoint) else "http",
        endpoint=endpoint.rstrip("/"),
        headers={name.lower(): header_variable(name) for name in names},
    )


def _is_grpc(endpoint: str) -> bool:
    try:
        return urlsplit(endpoint).port == OTLP_GRPC_PORT
    except ValueError:
        return False


def _database(artifacts: CompiledArtifacts) -> ObservedDatabase:
    database, properties = artifacts.database_type, artifacts.compute.properties
    host, port = read(properties, "host"), read(properties, "port")
    return ObservedDatabase(
        system=_SYSTEMS[database],
        namespace=warehouse_names(database, properties).database,
        server_address=host,
        server_port=None if host is None else int(port) if port is not None else USUAL_PORTS[database],
    )
