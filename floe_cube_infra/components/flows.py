"""The arrows of the architecture: which connections there are, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from floe_cube_infra.components import collector, cube_api, jaeger, refresh_worker
from floe_cube_infra.components.cube_store import store
from floe_cube_infra.components.cube_store.addresses import HTTP_PORT, META_PORT, WORKER_PORT
from floe_cube_infra.components.marquez import addresses as marquez
from floe_cube_infra.components.network_policies import Component, Flow, Peer

API: Final = Component(cube_api.COMPONENT)
REFRESH_WORKER: Final = Component(refresh_worker.COMPONENT)
STORE_ROUTER: Final = Component(store.ROUTER)
STORE_WORKER: Final = Component(store.WORKER)
MARQUEZ: Final = Component(marquez.SERVER_COMPONENT)
MARQUEZ_WEB: Final = Component(marquez.WEB_COMPONENT)
MARQUEZ_DATABASE: Final = Component(marquez.DATABASE_COMPONENT)
COLLECTOR: Final = Component(collector.COMPONENT)
JAEGER: Final = Component(jaeger.COMPONENT)


@dataclass(frozen=True, kw_only=True)
class Outside:
    """Something that isn't part of the stack and is asked by it: where it may be, and its port."""

    peers: Sequence[Peer]
    port: int


def cube_flows(
    cube_pods: Sequence[Component], clients: Sequence[Peer], client_ports: Sequence[int], outside: Sequence[Outside]
) -> list[Flow]:
    """Cube's arrows.

    Args:
        cube_pods: The API, and the refresh worker if it has a pod of its own.
        clients: Who queries the API.
        client_ports: On which ports of its pods.
        outside: What Cube asks: the warehouse, an existing Cube Store.
    """
    return [
        *between(clients, [API], *client_ports),
        *(flow for asked in outside for flow in between(cube_pods, asked.peers, asked.port)),
    ]


def store_flows(cube_pods: Sequence[Component], buckets: Sequence[Outside], *, has_workers: bool) -> list[Flow]:
    """Cube Store's arrows: Cube asks the router, nodes ask each other, all of them the buckets.

    Args:
        cube_pods: As for `cube_flows`.
        buckets: The bucket that it keeps its tables in, and the one that it fetches unloaded data from, if any.
        has_workers: Whether there is more than the router.
    """
    flows = between(cube_pods, [STORE_ROUTER], HTTP_PORT)
    nodes = [STORE_ROUTER]
    if has_workers:
        nodes.append(STORE_WORKER)
        flows += between([STORE_WORKER], [STORE_ROUTER], META_PORT)
        flows += between(nodes, [STORE_WORKER], WORKER_PORT)
    return flows + [flow for bucket in buckets for flow in between(nodes, bucket.peers, bucket.port)]


def marquez_flows(tellers: Sequence[Peer], database: Outside | None, *, has_web: bool) -> list[Flow]:
    """Marquez's arrows: the observers beside Cube tell it their lineage, its web pages ask it, it asks its database.

    Args:
        tellers: Who tells it lineage: Cube's pods, and whoever else.
        database: Its database; None if that is the stack's own.
        has_web: Whether there are web pages.
    """
    flows = between([*tellers, *([MARQUEZ_WEB] if has_web else [])], [MARQUEZ], marquez.API_PORT)
    if database is None:
        return flows + between([MARQUEZ], [MARQUEZ_DATABASE], marquez.DATABASE_PORT)
    return flows + between([MARQUEZ], database.peers, database.port)


def between(sources: Sequence[Peer], targets: Sequence[Peer], *ports: int) -> list[Flow]:
    """From each of the sources to each of the targets."""
    return [Flow(source=source, target=target, ports=ports) for source in sources for target in targets]
