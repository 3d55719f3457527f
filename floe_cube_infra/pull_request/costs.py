"""What a change costs: replicas, requested CPU and memory, volumes, buckets, load balancers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from floe_cube_infra.pull_request.preview import Inputs, Preview, Resource
from floe_cube_infra.pull_request.quantities import cores, quantity, size

BUCKETS: Final = frozenset({"aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"})
_UNKNOWN: Final = "known after the update"
_NOTHING: Final = "-"
_CPU: Final = "CPU requested"
_MEMORY: Final = "memory requested"
_VOLUMES: Final = "volumes"
_SHOWN: Final[Mapping[str, Callable[[Decimal], str]]] = {_CPU: cores, _MEMORY: size, _VOLUMES: size}


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Something that costs, before and after.

    Attributes:
        what: Whose it is, and what.
        old: As people read it; `-` for nothing.
        new: The same.
    """

    what: str
    old: str
    new: str


def costs(preview: Preview) -> list[Cost]:
    """What costs more or less, by resource, then in all.

    A preview leaves out what stays, so that of the whole only the difference is known.
    """
    found = []
    for resource in preview.changes:
        old, new = dict(_of(resource.type, resource.old)), dict(_of(resource.type, resource.new))
        name = f"{resource.kind} {resource.name}"
        if old and new:
            found += [
                Cost(what=f"{name}: {what}", old=old.get(what, _NOTHING), new=new.get(what, _NOTHING))
                for what in dict.fromkeys([*old, *new])
                if old.get(what) != new.get(what)
            ]
        elif old or new:
            found.append(Cost(what=name, old=_whole(old), new=_whole(new)))
    before, after = (_in_all(each) for each in _sides(preview.changes))
    for what, shown in _SHOWN.items():
        if before[what] != after[what] or before[what] is None:
            found.append(Cost(what=f"in all: {what}", old="", new=_difference(before[what], after[what], shown)))
    return found


def _whole(costs: Mapping[str, str]) -> str:
    return ", ".join(f"{what} {value}" for what, value in costs.items()) or _NOTHING


def _difference(old: Decimal | None, new: Decimal | None, shown: Callable[[Decimal], str]) -> str:
    if old is None or new is None:
        return "not to be told from the preview"
    return f"{'+' if new > old else '-'}{shown(abs(new - old))}"


def _sides(resources: Sequence[Resource]) -> Iterator[list[tuple[str, Inputs]]]:
    yield [(each.type, each.old) for each in resources]
    yield [(each.type, each.new) for each in resources]


def _of(kind: str, inputs: Inputs) -> Iterator[tuple[str, str]]:
    """What one resource costs, by what it is."""
    if not inputs:
        return
    spec = _mapping(inputs.get("spec"))
    if kind in BUCKETS:
        yield "bucket", "1"
    elif kind.endswith(":HorizontalPodAutoscaler"):
        yield "replicas", f"{_number(spec.get('minReplicas', 1))} to {_number(spec.get('maxReplicas'))}"
    elif kind.endswith(":PersistentVolumeClaim"):
        yield "volume", _size(_storage(spec))
    elif kind.endswith((":Ingress", ":Gateway")) or spec.get("type") == "LoadBalancer":
        yield "may need a load balancer", "1"
    pod = _pod(spec)
    if pod:
        if "replicas" in spec:
            yield "replicas", _number(spec["replicas"])
        yield "CPU requested per pod", _cores(_requested(pod, "cpu"))
        yield "memory requested per pod", _size(_requested(pod, "memory"))
    for claim in _sequence(spec.get("volumeClaimTemplates")):
        name = _mapping(claim.get("metadata")).get("name")
        yield f"volume {name} per pod", _size(_storage(_mapping(claim.get("spec"))))


def _in_all(resources: Iterable[tuple[str, Inputs]]) -> dict[str, Decimal | None]:
    """The requests of all pods, with autoscalers at their least; None where an autoscaler is left out."""
    known = [(kind, inputs, _mapping(inputs.get("spec"))) for kind, inputs in resources if inputs]
    least = {
        _target(inputs, _mapping(spec.get("scaleTargetRef"))): quantity(spec.get("minReplicas", 1))
        for kind, inputs, spec in known
        if kind.endswith(":HorizontalPodAutoscaler")
    }
    sums: dict[str, Decimal | None] = dict.fromkeys(_SHOWN, Decimal(0))
    for kind, inputs, spec in known:
        if kind.endswith(":PersistentVolumeClaim"):
            sums[_VOLUMES] = _plus(sums[_VOLUMES], _storage(spec), Decimal(1))
        pod = _pod(spec)
        if not pod:
            continue
        own = {"kind": kind.rpartition(":")[2], "name": _mapping(inputs.get("metadata")).get("name")}
        replicas = least.pop(_target(inputs, own), quantity(spec.get("replicas", _replicas_of(kind))))
        for what, resource in ((_CPU, "cpu"), (_MEMORY, "memory")):
            sums[what] = _plus(sums[what], _requested(pod, resource), replicas)
        for claim in _sequence(spec.get("volumeClaimTemplates")):
            sums[_VOLUMES] = _plus(sums[_VOLUMES], _storage(_mapping(claim.get("spec"))), replicas)
    if least:  # of workloads that stay as they are, which the preview leaves out
        sums |= {_CPU: None, _MEMORY: None}
    return sums


def _replicas_of(kind: str) -> int | None:
    """How many there are where nothing is said: a Deployment without a number is an autoscaler's."""
    return None if kind.endswith(":Deployment") else 1


def _target(inputs: Inputs, target: Mapping[str, Any]) -> tuple[str, str, str]:
    namespace = _mapping(inputs.get("metadata")).get("namespace")
    return str(namespace), str(target.get("kind")), str(target.get("name"))


def _requested(pod: Mapping[str, Any], resource: str) -> Decimal | None:
    """What the scheduler keeps free for a pod: its containers and sidecars, or a start that needs more.

    Source: https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
    """
    sidecars, start = Decimal(0), Decimal(0)
    for container in _sequence(pod.get("initContainers")):
        request = _request(container, resource)
        if request is None:
            return None
        if container.get("restartPolicy") == "Always":
            sidecars += request
        start = max(start, sidecars if container.get("restartPolicy") == "Always" else sidecars + request)
    running = sidecars
    for container in _sequence(pod.get("containers")):
        request = _request(container, resource)
        if request is None:
            return None
        running += request
    return max(start, running)


def _request(container: Mapping[str, Any], resource: str) -> Decimal | None:
    resources = _mapping(container.get("resources"))
    limits, requested = _mapping(resources.get("limits")), _mapping(resources.get("requests"))
    # What isn't requested is requested up to its limit.
    return quantity(requested.get(resource, limits.get(resource, 0)))


def _storage(claim: Mapping[str, Any]) -> Decimal | None:
    return quantity(_mapping(_mapping(claim.get("resources")).get("requests")).get("storage", 0))


def _pod(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    job = _mapping(_mapping(spec.get("jobTemplate")).get("spec"))
    return _mapping(_mapping((job or spec).get("template")).get("spec"))


def _plus(total: Decimal | None, each: Decimal | None, times: Decimal | None) -> Decimal | None:
    return None if total is None or each is None or times is None else total + each * times


def _number(value: object) -> str:
    return _cores(quantity(value))


def _cores(number: Decimal | None) -> str:
    return _UNKNOWN if number is None else cores(number)


def _size(number: Decimal | None) -> str:
    return _UNKNOWN if number is None else size(number)


def _mapping(value: object) -> Mapping[str, Any]:
    """Values may also be unknown or secret."""
    return value if isinstance(value, dict) else {}


def _sequence(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
