"""A stand-in for what a cluster has beside Kubernetes: a controller that gives addresses to ingresses and Services."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import urllib3

from tests.real.cluster.control_plane import ControlPlane

ADDRESS = {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}
EVERY = 0.3


@contextmanager
def run_ingress_controller(control_plane: ControlPlane) -> Iterator[None]:
    """Gives every ingress, and every Service of the type LoadBalancer, an address while the block runs."""
    over = threading.Event()
    thread = threading.Thread(target=_give_addresses, args=(control_plane, over))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _give_addresses(control_plane: ControlPlane, over: threading.Event) -> None:
    while not over.wait(EVERY):
        with suppress(urllib3.exceptions.HTTPError):
            found = control_plane.list("/apis/networking.k8s.io/v1/ingresses")
            paths = [("/apis/networking.k8s.io/v1", "ingresses", item) for item in found]
            services = control_plane.list("/api/v1/services")
            paths += [("/api/v1", "services", item) for item in services if item["spec"]["type"] == "LoadBalancer"]
            for root, plural, item in paths:
                if not item.get("status", {}).get("loadBalancer"):
                    metadata = item["metadata"]
                    control_plane.request(
                        "PATCH",
                        f"{root}/namespaces/{metadata['namespace']}/{plural}/{metadata['name']}/status",
                        {"status": ADDRESS},
                        content_type="application/merge-patch+json",
                    )
