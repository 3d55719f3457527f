"""Names and ports of Cube Store's nodes, pure.

Cube Store finds its nodes by a list that has to be the same on each of them, and in which a worker finds itself by
its own name, letter by letter. So the names are made in one place, from what a StatefulSet and its headless Service
make of them: `<pod>.<service>`, which every pod of the namespace can look up.
"""

from __future__ import annotations

from typing import Final

HTTP_PORT: Final = 3030
"""What Cube speaks to."""

STATUS_PORT: Final = 3031
"""The router's health; workers have none."""

META_PORT: Final = 9999
"""Where workers ask the router."""

WORKER_PORT: Final = 10000
"""Where a worker is asked."""


def router_address(router: str) -> str:
    """The router's own name: `<pod>.<service>:<port>`.

    Args:
        router: The name of its StatefulSet and Service.
    """
    return f"{router}-0.{router}:{META_PORT}"


def worker_addresses(worker: str, count: int) -> list[str]:
    """The name of each worker, in their order.

    Args:
        worker: The name of their StatefulSet and Service.
        count: How many there are.
    """
    return [f"{worker}-{index}.{worker}:{WORKER_PORT}" for index in range(count)]


def own_address(worker: str) -> str:
    """A worker's own name as Kubernetes composes it in the pod, where POD_NAME is the pod's."""
    return f"$(POD_NAME).{worker}:{WORKER_PORT}"
