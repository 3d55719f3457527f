"""Args of the network policies: the arrows that this stack has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

import pulumi

from floe_cube_infra.components import network_policies as network
from floe_cube_infra.components.composition.cube import sql_port
from floe_cube_infra.components.composition.cube_pods import cube_pods, sql_pods
from floe_cube_infra.components.composition.cube_store import has_own_store
from floe_cube_infra.components.flows import (
    COLLECTOR,
    JAEGER,
    MARQUEZ,
    Outside,
    between,
    cube_flows,
    marquez_flows,
    store_flows,
)
from floe_cube_infra.components.marquez.addresses import ADMIN_PORT as MARQUEZ_ADMIN_PORT
from floe_cube_infra.components.network_policies import Component, Flow, NetworkPoliciesArgs
from floe_cube_infra.components.object_storage import ObjectStorage
from floe_cube_infra.components.sql_tls import SQL_TLS_PORT
from floe_cube_infra.generation import Generated
from floe_cube_infra.inputs.settings import PeerSettings, Settings
from floe_cube_infra.inputs.settings.network import ANYWHERE
from floe_cube_infra.model.database import USUAL_PORTS
from floe_cube_infra.render.collector_config import METRICS_PORT, OTLP_PORT
from floe_cube_infra.render.jaeger_config import OTLP_PORT as JAEGER_OTLP_PORT

_HTTPS = 443


def network_policies_args(
    settings: Settings, generated: Generated, *, namespace: pulumi.Input[str], storage: ObjectStorage | None
) -> NetworkPoliciesArgs:
    """Args of the network policies.

    Args:
        settings: The stack's settings.
        generated: What was generated.
        namespace: The namespace.
        storage: Cube Store's bucket, if it has one.
    """
    return NetworkPoliciesArgs(
        namespace=namespace,
        instance=settings.namespace,
        flows=flows(settings, generated, storage),
        dns_namespace=settings.network.dns_namespace,
    )


def flows(settings: Settings, generated: Generated, storage: ObjectStorage | None) -> list[Flow]:
    """The arrows that this stack has."""
    allowed = settings.network
    pods = cube_pods(settings)
    outside = [Outside(peers=_peers(allowed.warehouse), port=_warehouse_port(settings, generated))]
    if settings.tokens.jwks_uri is not None:
        outside.append(Outside(peers=_peers(allowed.identity_provider), port=_port_of(settings.tokens.jwks_uri)))
    if settings.cube_store.enabled and settings.cube_store.host is not None:
        outside.append(Outside(peers=_anywhere(), port=settings.cube_store.port))
    # Cube looks for what the warehouse unloaded, and Cube Store fetches it.
    unloaded = [Outside(peers=_peers(allowed.object_storage), port=_HTTPS)] if _unloads(generated) else []
    outside += unloaded
    marquez = settings.marquez
    if marquez.url is not None:
        outside.append(Outside(peers=_peers(allowed.marquez), port=_port_of(marquez.url)))
    found = cube_flows(pods, _peers(allowed.clients), _client_ports(settings, generated), outside)
    found += between(_peers(allowed.clients), sql_pods(settings), _sql_port(settings, generated.config.sql_port))
    if has_own_store(settings):
        own = [] if storage is None else [Outside(peers=_peers(allowed.object_storage), port=_storage_port(storage))]
        buckets = [*own, *unloaded]
        found += store_flows(pods, buckets, has_workers=settings.cube_store.workers > 0)
    if marquez.enabled:
        elsewhere = Outside(peers=_peers(allowed.marquez_database), port=marquez.database_port)
        database = None if marquez.has_own_database else elsewhere
        found += marquez_flows([*pods, *_peers(allowed.marquez_clients)], database, has_web=marquez.web)
        found += between(_peers(allowed.monitoring), [MARQUEZ], MARQUEZ_ADMIN_PORT)
    found += _observation_flows(settings, generated, pods)
    # Two arrows may be one: a warehouse and a bucket, both anywhere, on the same port.
    return list(dict.fromkeys(found))


def _observation_flows(settings: Settings, generated: Generated, cube_pods: Sequence[Component]) -> list[Flow]:
    """The observers beside Cube ask the collector and the lineage backend; the collector asks what keeps the traces."""
    observer, exports = generated.observer, generated.collector
    if observer is None:
        return []
    has_marquez = settings.marquez.enabled or settings.marquez.url is not None
    asked = [observer.lineage.endpoint] if observer.lineage is not None and not has_marquez else []
    if exports is None:
        asked += [export.endpoint for export in (observer.traces, observer.metrics) if export is not None]
    telemetry = _anywhere() if settings.network.telemetry is None else _peers(settings.network.telemetry)
    found = [flow for port in _ports_of(asked) for flow in between(cube_pods, telemetry, port)]
    if exports is not None:
        found += between(cube_pods, [COLLECTOR], OTLP_PORT)
        targets = {target.name: target.endpoint for target in (*exports.traces, *exports.metrics)}
        if targets.pop("jaeger", None) is not None:
            found += between([COLLECTOR], [JAEGER], JAEGER_OTLP_PORT)
        found += [flow for port in _ports_of(targets.values()) for flow in between([COLLECTOR], telemetry, port)]
        found += between(_peers(settings.network.monitoring), [COLLECTOR], METRICS_PORT)
    return found


def _ports_of(addresses: Iterable[str]) -> list[int]:
    return sorted({_port_of(address) for address in addresses})


def _anywhere() -> list[network.Peer]:
    return [network.AnyPod(), *(network.Addresses(cidr) for cidr in ANYWHERE)]


def _unloads(generated: Generated) -> bool:
    return "CUBEJS_DB_EXPORT_BUCKET" in generated.environment


def _peers(peers: Sequence[PeerSettings]) -> list[network.Peer]:
    found: list[network.Peer] = []
    for peer in peers:
        if peer.namespace is not None:
            found.append(network.Namespace(peer.namespace))
        elif peer.cidr is not None:
            found.append(network.Addresses(peer.cidr))
    return found


def _client_ports(settings: Settings, generated: Generated) -> list[int]:
    sql = sql_port(settings, generated)
    if sql is None:
        return [generated.config.api_port]
    return [generated.config.api_port, _sql_port(settings, sql)]


def _sql_port(settings: Settings, sql: int) -> int:
    # Where TLS ends before it, the port in clear is nobody's.
    return SQL_TLS_PORT if settings.sql.tls_secret is not None else sql


def _warehouse_port(settings: Settings, generated: Generated) -> int:
    if settings.network.warehouse_port is not None:
        return settings.network.warehouse_port
    given = generated.environment.get("CUBEJS_DB_PORT")
    if isinstance(given, str) and given.isdecimal():
        return int(given)
    return USUAL_PORTS[generated.config.database_type]


def _storage_port(storage: ObjectStorage) -> int:
    return _HTTPS if storage.endpoint is None else _port_of(storage.endpoint)


def _port_of(address: str) -> int:
    parts = urlsplit(address if "://" in address else f"https://{address}")
    return parts.port or (80 if parts.scheme == "http" else _HTTPS)
