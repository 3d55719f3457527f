"""When an object counts as ready, by kind, as the official provider and `kubectl rollout status` see it.

Source: `provider/pkg/await` of pulumi/pulumi-kubernetes. Kinds without a rule are ready as soon as they are there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from floe_cube_infra.offline.kubernetes.objects import type_of

Object: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """How far an object is.

    Attributes:
        missing: What it still waits for, in words; empty once it is ready.
        hopeless: Whether waiting longer is of no use.
    """

    missing: tuple[str, ...] = ()
    hopeless: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether there is nothing left to wait for."""
        return not self.missing


READY: Final = Readiness()


def readiness(live: Object) -> Readiness:
    """Says how far an object is, by what it tells of itself.

    What other objects tell (endpoints of a Service, the binding mode of a claim's class) is in `surroundings`.
    """
    kind = type_of(live)
    rule = _RULES.get((kind.group, kind.kind))
    return READY if rule is None else rule(live)


def condition(live: Object, name: str) -> dict[str, Any]:
    """Gives the condition of this type in an object's status, empty if it isn't there."""
    conditions = (live.get("status") or {}).get("conditions") or []
    return next((item for item in conditions if item.get("type") == name), {})


def _waits(*missing: str, hopeless: bool = False) -> Readiness:
    return Readiness(missing=missing, hopeless=hopeless)


def _seen(live: Object) -> bool:
    """Whether the controller has looked at this version of the object."""
    return int((live.get("status") or {}).get("observedGeneration") or 0) >= int(live["metadata"].get("generation", 0))


def _deployment(live: Object) -> Readiness:
    spec, status = live.get("spec") or {}, live.get("status") or {}
    if not _seen(live):
        return _waits("the Deployment's controller hasn't begun the rollout")
    wanted = spec.get("replicas", 1)
    updated, total = status.get("updatedReplicas", 0), status.get("replicas", 0)
    available = status.get("availableReplicas", 0)
    progressing, failure = condition(live, "Progressing"), condition(live, "ReplicaFailure")
    told = [failure["message"]] if failure.get("status") == "True" else []
    if progressing.get("reason") == "ProgressDeadlineExceeded":
        return _waits(str(progressing.get("message")), *told, hopeless=True)
    if updated < wanted or available < updated:
        return _waits(f"{min(available, updated)} of {wanted} pods of the new version are available", *told)
    if total > updated:
        return _waits(f"{total - updated} pods of the version before are still there")
    if wanted and condition(live, "Available").get("status") != "True":
        return _waits(str(condition(live, "Available").get("message") or "the Deployment isn't available"))
    return READY


def _stateful_set(live: Object) -> Readiness:
    spec, status = live.get("spec") or {}, live.get("status") or {}
    if not _seen(live):
        return _waits("the StatefulSet's controller hasn't begun the rollout")
    wanted = spec.get("replicas", 1)
    ready, updated = status.get("readyReplicas", 0), status.get("updatedReplicas", 0)
    if ready < wanted:
        return _waits(f"{ready} of {wanted} pods are ready")
    strategy = spec.get("updateStrategy") or {}
    if strategy.get("type") == "OnDelete":
        return READY
    partition = (strategy.get("rollingUpdate") or {}).get("partition") or 0
    if updated < wanted - partition:
        return _waits(f"{updated} of {wanted - partition} pods are of the new version")
    if not partition and status.get("currentRevision") != status.get("updateRevision"):
        return _waits("the rollout isn't over")
    return READY


def _daemon_set(live: Object) -> Readiness:
    status = live.get("status") or {}
    if not _seen(live):
        return _waits("the DaemonSet's controller hasn't begun the rollout")
    wanted = status.get("desiredNumberScheduled", 0)
    updated, available = status.get("updatedNumberScheduled", 0), status.get("numberAvailable", 0)
    if min(updated, available) < wanted:
        return _waits(f"{min(updated, available)} of {wanted} pods of the new version are available")
    return READY


def _job(live: Object) -> Readiness:
    failed = condition(live, "Failed")
    if failed.get("status") == "True":
        return _waits(f"the Job failed ({failed.get('reason')}): {failed.get('message')}", hopeless=True)
    if condition(live, "Complete").get("status") == "True" or (live.get("spec") or {}).get("suspend"):
        return READY
    status = live.get("status") or {}
    return _waits(f"the Job isn't complete: {status.get('active', 0)} active, {status.get('failed', 0)} failed")


def _pod(live: Object) -> Readiness:
    phase = (live.get("status") or {}).get("phase")
    if phase == "Succeeded" or condition(live, "Ready").get("status") == "True":
        return READY
    if phase == "Failed":
        return _waits("the pod failed", hopeless=True)
    return _waits(f"the pod is {phase or 'not started'}")


def _persistent_volume(live: Object) -> Readiness:
    phase = (live.get("status") or {}).get("phase")
    return READY if phase in ("Available", "Bound") else _waits(f"the volume is {phase or 'not taken up'}")


def _ingress(live: Object) -> Readiness:
    if ((live.get("status") or {}).get("loadBalancer") or {}).get("ingress"):
        return READY
    return _waits(
        "no ingress controller gave it an address; is one installed for its class? "
        '(The annotation pulumi.com/skipAwait: "true" goes on without.)'
    )


def _definition(live: Object) -> Readiness:
    return READY if condition(live, "Established").get("status") == "True" else _waits("the kind isn't served yet")


_RULES: Final[dict[tuple[str, str], Callable[[Object], Readiness]]] = {
    ("", "PersistentVolume"): _persistent_volume,
    ("", "Pod"): _pod,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _definition,
    ("apps", "DaemonSet"): _daemon_set,
    ("apps", "Deployment"): _deployment,
    ("apps", "StatefulSet"): _stateful_set,
    ("batch", "Job"): _job,
    ("networking.k8s.io", "Ingress"): _ingress,
}
