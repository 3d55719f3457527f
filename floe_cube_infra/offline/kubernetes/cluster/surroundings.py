"""What other objects say about one: endpoints of a Service, the class of a claim, the pods and events of a workload."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import quote

from floe_cube_infra.offline.kubernetes.cluster.api_errors import ApiError
from floe_cube_infra.offline.kubernetes.cluster.discovery import Reader
from floe_cube_infra.offline.kubernetes.cluster.pods import pod_problems
from floe_cube_infra.offline.kubernetes.cluster.readiness import READY, Object, Readiness, readiness
from floe_cube_infra.offline.kubernetes.objects import type_of

# How long the official provider lets endpoints settle before it takes a Service without pods as it is.
_SECONDS_WITHOUT_PODS: Final = 10.0
_OWNERS_OF_PODS: Final = frozenset({"DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet"})
_MOST_TOLD: Final = 6


class Surroundings:
    """Looks at one object and what belongs to it, again and again until it is ready.

    Args:
        api: The server.
        live: The object as it was given back when it was applied.
    """

    def __init__(self, api: Reader, live: Object) -> None:
        self._api = api
        self._namespace = live["metadata"].get("namespace", "")
        self._began = time.monotonic()

    def readiness(self, live: Object) -> Readiness:
        """Says how far the object is."""
        kind = type_of(live)
        if (kind.group, kind.kind) == ("", "Service"):
            return self._service(live)
        if (kind.group, kind.kind) == ("", "PersistentVolumeClaim"):
            return self._claim(live)
        return readiness(live)

    def reasons(self, live: Object) -> list[str]:
        """Gives why an object isn't ready, as its pods and the latest events tell; empty if nothing is known."""
        kind = type_of(live).kind
        try:
            if kind == "Pod":
                return pod_problems(live)[:_MOST_TOLD]
            if kind not in _OWNERS_OF_PODS:
                return self._warnings(live)
            pods = self._pods(live)
            told = [problem for pod in pods for problem in pod_problems(pod)]
            return _without_repeats(told or self._warnings(live, *pods))[:_MOST_TOLD]
        except ApiError as error:
            return [f"its pods can't be looked at: {error.message}"]

    def _service(self, live: Object) -> Readiness:
        spec = live.get("spec") or {}
        if spec.get("type") == "LoadBalancer" and not _load_balancer(live):
            missing = "no address was given to it; does the cluster have a load balancer?"
            return Readiness(missing=(missing,))
        if spec.get("type") == "ExternalName" or spec.get("clusterIP") == "None" or not spec.get("selector"):
            return READY
        slices = self._list(
            f"/apis/discovery.k8s.io/v1/namespaces/{quote(self._namespace)}/endpointslices",
            f"kubernetes.io/service-name={live['metadata']['name']}",
        )
        endpoints = [endpoint for part in slices for endpoint in part.get("endpoints") or []]
        pending = [endpoint for endpoint in endpoints if (endpoint.get("conditions") or {}).get("ready") is False]
        settled = time.monotonic() - self._began >= _SECONDS_WITHOUT_PODS
        if pending:
            return Readiness(missing=(f"{len(pending)} of the {len(endpoints)} pods behind it aren't ready",))
        if not endpoints and not (slices and settled):
            return Readiness(missing=("no pods match its selector yet",))
        return READY

    def _claim(self, live: Object) -> Readiness:
        phase = (live.get("status") or {}).get("phase")
        name = (live.get("spec") or {}).get("storageClassName")
        if phase == "Bound" or (phase == "Pending" and name and self._binds_later(name)):
            return READY
        why = "" if name else ": it names no storage class and the cluster has no default one"
        return Readiness(missing=(f"the claim is {phase or 'not taken up'}{why}",))

    def _binds_later(self, storage_class: str) -> bool:
        try:
            found = self._api.get(f"/apis/storage.k8s.io/v1/storageclasses/{quote(storage_class)}")
        except ApiError:
            return False
        return bool(found.get("volumeBindingMode") == "WaitForFirstConsumer")

    def _pods(self, live: Object) -> list[Object]:
        owners = {live["metadata"]["uid"]}
        labels = _labels(live)
        if type_of(live).kind == "Deployment":
            sets = self._list(f"/apis/apps/v1/namespaces/{quote(self._namespace)}/replicasets", labels)
            revision = (live["metadata"].get("annotations") or {}).get(_REVISION)
            owners = {
                found["metadata"]["uid"]
                for found in _owned(sets, owners)
                if (found["metadata"].get("annotations") or {}).get(_REVISION) == revision
            }
        return list(_owned(self._list(f"/api/v1/namespaces/{quote(self._namespace)}/pods", labels), owners))

    def _warnings(self, *objects: Object) -> list[str]:
        """The warnings among the events of these objects, newest first."""
        found: list[tuple[str, str]] = []
        for item in objects:
            query = {"fieldSelector": f"involvedObject.uid={item['metadata']['uid']},type=Warning"}
            for event in self._api.get(f"/api/v1/namespaces/{quote(self._namespace or 'default')}/events", **query)[
                "items"
            ]:
                when = event.get("lastTimestamp") or event.get("eventTime") or ""
                found.append((when, f"{event.get('reason')}: {event.get('message')}"))
        return _without_repeats(text for _, text in sorted(found, reverse=True))[:_MOST_TOLD]

    def _list(self, path: str, labels: str) -> list[dict[str, Any]]:
        # The items of a list carry no kind of their own.
        items: list[dict[str, Any]] = self._api.get(path, labelSelector=labels)["items"]
        return items


_REVISION: Final = "deployment.kubernetes.io/revision"


def _owned(objects: Iterable[Object], owners: set[str]) -> Iterable[Object]:
    return [
        item
        for item in objects
        if any(owner.get("uid") in owners for owner in item["metadata"].get("ownerReferences") or [])
    ]


def _labels(live: Object) -> str:
    wanted = ((live.get("spec") or {}).get("selector") or {}).get("matchLabels") or {}
    return ",".join(f"{key}={value}" for key, value in sorted(wanted.items()))


def _load_balancer(live: Object) -> bool:
    return bool(((live.get("status") or {}).get("loadBalancer") or {}).get("ingress"))


def _without_repeats(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
