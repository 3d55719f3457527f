from __future__ import annotations

import pytest

from floe_cube_infra.offline.kubernetes.cluster.pods import pod_problems
from floe_cube_infra.offline.kubernetes.cluster.readiness import readiness
from floe_cube_infra.offline.kubernetes.cluster.surroundings import Surroundings

APPS = "apps/v1"


def thing(api_version, kind, spec=None, status=None, generation=1, **metadata):
    status = {"observedGeneration": 1} | (status or {})
    metadata = {"name": "x", "namespace": "shop", "uid": "u", "generation": generation} | metadata
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec or {}, "status": status}


def conditions(**states):
    return [{"type": name, "status": status, "message": f"{name} says why"} for name, status in states.items()]


ROLLED = {"replicas": 2, "updatedReplicas": 2, "availableReplicas": 2, "conditions": conditions(Available="True")}
SET = {"readyReplicas": 2, "updatedReplicas": 2, "currentRevision": "a", "updateRevision": "a"}


@pytest.mark.parametrize(
    "live",
    [
        thing("v1", "ConfigMap"),
        thing(APPS, "Deployment", {"replicas": 2}, ROLLED),
        thing(APPS, "Deployment", {"replicas": 0}),
        thing(APPS, "StatefulSet", {"replicas": 2}, SET),
        thing(APPS, "StatefulSet", {"replicas": 2, "updateStrategy": {"type": "OnDelete"}}, {"readyReplicas": 2}),
        thing(APPS, "DaemonSet", {}, {"desiredNumberScheduled": 0}),
        thing("batch/v1", "Job", {}, {"conditions": conditions(Complete="True")}),
        thing("batch/v1", "Job", {"suspend": True}),
        thing("v1", "Pod", {}, {"phase": "Succeeded"}),
        thing("v1", "PersistentVolume", {}, {"phase": "Bound"}),
        thing("networking.k8s.io/v1", "Ingress", {}, {"loadBalancer": {"ingress": [{"ip": "1.2.3.4"}]}}),
    ],
)
def test_ready(live):
    assert readiness(live).is_ready


@pytest.mark.parametrize(
    ("live", "told"),
    [
        (thing(APPS, "Deployment", generation=2), "hasn't begun the rollout"),
        (thing(APPS, "Deployment", {"replicas": 2}, {"updatedReplicas": 1}), "0 of 2 pods of the new version"),
        (thing(APPS, "Deployment", {"replicas": 2}, ROLLED | {"replicas": 3}), "1 pods of the version before"),
        (
            thing(APPS, "Deployment", {"replicas": 2}, ROLLED | {"conditions": conditions(Available="False")}),
            "Available says why",
        ),
        (
            thing(APPS, "Deployment", {"replicas": 2}, {"conditions": conditions(ReplicaFailure="True")}),
            "ReplicaFailure says why",
        ),
        (thing(APPS, "StatefulSet", generation=2), "hasn't begun the rollout"),
        (thing(APPS, "StatefulSet", {"replicas": 2}, {"readyReplicas": 1}), "1 of 2 pods are ready"),
        (thing(APPS, "StatefulSet", {"replicas": 2}, SET | {"updatedReplicas": 1}), "1 of 2 pods are of the new"),
        (thing(APPS, "StatefulSet", {"replicas": 2}, SET | {"updateRevision": "b"}), "the rollout isn't over"),
        (thing(APPS, "DaemonSet", {}, {"desiredNumberScheduled": 2, "numberAvailable": 1}), "0 of 2 pods"),
        (thing(APPS, "DaemonSet", generation=2), "hasn't begun the rollout"),
        (thing("batch/v1", "Job", {}, {"active": 1}), "1 active, 0 failed"),
        (thing("v1", "Pod", {}, {"phase": "Pending"}), "the pod is Pending"),
        (thing("v1", "PersistentVolume"), "the volume is not taken up"),
        (thing("networking.k8s.io/v1", "Ingress"), "no ingress controller gave it an address"),
        (thing("apiextensions.k8s.io/v1", "CustomResourceDefinition"), "isn't served yet"),
    ],
)
def test_not_ready(live, told):
    seen = readiness(live)
    assert told in " ".join(seen.missing)
    assert not seen.hopeless


@pytest.mark.parametrize(
    "live",
    [
        thing(APPS, "Deployment", {}, {"conditions": [{"type": "Progressing", "reason": "ProgressDeadlineExceeded"}]}),
        thing("batch/v1", "Job", {}, {"conditions": conditions(Failed="True")}),
        thing("v1", "Pod", {}, {"phase": "Failed"}),
    ],
)
def test_hopeless(live):
    assert readiness(live).hopeless


class Answers:
    """A server that gives these lists by the end of their paths."""

    def __init__(self, **lists):
        self.lists = lists

    def get(self, path, **query):
        name = path.rpartition("/")[2]
        return {"items": self.lists[name]} if name in self.lists else self.lists["one"]


def slices(*ready):
    return [{"endpoints": [{"conditions": {"ready": state}} for state in ready]}]


@pytest.mark.parametrize(
    ("spec", "found", "told"),
    [
        ({"selector": {"a": "b"}}, slices(True, True), ""),
        ({"selector": {"a": "b"}}, slices(True, False), "1 of the 2 pods behind it aren't ready"),
        ({"selector": {"a": "b"}}, [], "no pods match its selector yet"),
        ({"selector": {"a": "b"}, "clusterIP": "None"}, [], ""),
        ({"type": "ExternalName"}, [], ""),
        ({"type": "LoadBalancer"}, [], "no address was given"),
    ],
)
def test_a_service_is_as_ready_as_what_is_behind_it(spec, found, told):
    live = thing("v1", "Service", spec)
    seen = Surroundings(Answers(endpointslices=found), live).readiness(live)
    assert " ".join(seen.missing).find(told) >= 0
    assert seen.is_ready is (told == "")


@pytest.mark.parametrize(
    ("mode", "phase", "ready"),
    [("Immediate", "Bound", True), ("Immediate", "Pending", False), ("WaitForFirstConsumer", "Pending", True)],
)
def test_a_claim_is_bound_unless_its_class_waits_for_a_pod(mode, phase, ready):
    live = thing("v1", "PersistentVolumeClaim", {"storageClassName": "fast"}, {"phase": phase})
    assert Surroundings(Answers(one={"volumeBindingMode": mode}), live).readiness(live).is_ready is ready


def test_the_newest_pods_say_why_a_deployment_isnt_ready_and_events_where_they_say_nothing():
    revision = {"annotations": {"deployment.kubernetes.io/revision": "2"}}
    live = thing(APPS, "Deployment", {"selector": {"matchLabels": {"a": "b"}}}, **revision)
    sets = [
        thing(APPS, "ReplicaSet", uid="old", ownerReferences=[{"uid": "u"}]),
        thing(APPS, "ReplicaSet", uid="new", ownerReferences=[{"uid": "u"}], **revision),
    ]
    waiting = {"containerStatuses": [{"name": "c", "state": {"waiting": {"reason": "ErrImagePull"}}}]}
    pods = [
        thing("v1", "Pod", {}, waiting, name="of-before", ownerReferences=[{"uid": "old"}]),
        thing("v1", "Pod", {}, waiting, name="of-now", ownerReferences=[{"uid": "new"}]),
    ]
    told = Surroundings(Answers(replicasets=sets, pods=pods), live).reasons(live)
    assert len(told) == 1
    assert told[0].startswith("Pod shop/of-now: container c waits: ErrImagePull")
    events = [
        {"reason": "Old", "message": "m", "lastTimestamp": "1"},
        {"reason": "FailedCreate", "message": "quota", "lastTimestamp": "2"},
    ]
    told = Surroundings(Answers(replicasets=[], pods=[], events=events), live).reasons(live)
    assert told == ["FailedCreate: quota", "Old: m"]


def container(**state):
    return {"containerStatuses": [{"name": "c", "image": "i:1", "restartCount": 2} | state]}


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (container(state={"waiting": {"reason": "ContainerCreating"}}), None),
        (container(state={"running": {}}, ready=True), None),
        (container(state={"running": {}}, ready=False), "runs and isn't ready (its probes fail; restarted 2 times)"),
        (container(state={"terminated": {"exitCode": 1, "reason": "Error"}}), "ended with exit code 1 (Error)"),
        (container(state={"waiting": {"reason": "CreateContainerConfigError", "message": "no key"}}), "is missing"),
        (
            container(state={"waiting": {"reason": "CrashLoopBackOff"}}, lastState={"terminated": {"exitCode": 137}}),
            "it ended with exit code 137",
        ),
        ({"phase": "Failed", "reason": "Evicted", "message": "disk"}, "failed (Evicted): disk"),
        (
            {"conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "m"}]},
            "has no node (Unschedulable): m",
        ),
        ({"initContainerStatuses": [{"name": "i", "state": {"running": {}}, "ready": False}]}, None),
    ],
)
def test_what_is_wrong_with_a_pod_is_a_line_that_names_it(status, told):
    problems = pod_problems(thing("v1", "Pod", {}, status))
    if told is None:
        assert problems == []
    else:
        (problem,) = problems
        assert problem.startswith("Pod shop/x")
        assert told in problem
