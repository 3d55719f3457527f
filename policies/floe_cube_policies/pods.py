"""The pods that a Kubernetes object makes, whatever kind it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

Properties = Mapping[str, Any]

_TEMPLATE: Final = ("spec", "template", "spec")
_PATHS: Final[Mapping[str, tuple[str, ...]]] = {
    "Pod": ("spec",),
    "CronJob": ("spec", "jobTemplate", *_TEMPLATE),
    **dict.fromkeys(
        ("DaemonSet", "Deployment", "Job", "ReplicaSet", "ReplicationController", "StatefulSet"), _TEMPLATE
    ),
}


def kind_of(resource_type: str) -> str | None:
    """The kind of a Kubernetes object, such as `Deployment`; None for other resources.

    Args:
        resource_type: Pulumi's type token, such as `kubernetes:apps/v1:Deployment`.
    """
    package, _, rest = resource_type.partition(":")
    return rest.rpartition(":")[2] if package == "kubernetes" else None


def pod_of(resource_type: str, properties: Properties) -> Properties | None:
    """The spec of the pods that an object makes; None if it makes none."""
    path = _PATHS.get(kind_of(resource_type) or "")
    if path is None:
        return None
    found: Any = properties
    for key in path:
        found = found.get(key) or {}
    return found  # type: ignore[no-any-return]


def containers_of(pod: Properties) -> Iterator[Properties]:
    """All containers of a pod, those that run first included."""
    for group in ("initContainers", "containers"):
        yield from pod.get(group) or ()


def all_containers(resource_type: str, properties: Properties) -> Iterator[Properties]:
    """All containers that an object makes."""
    pod = pod_of(resource_type, properties)
    if pod is not None:
        yield from containers_of(pod)


def variable(container: Properties, name: str) -> Properties | None:
    """A container's variable, with its value or where that comes from; None if it has no such one."""
    # Of several with one name Kubernetes takes the last.
    found = [each for each in container.get("env") or () if each.get("name") == name]
    return found[-1] if found else None
