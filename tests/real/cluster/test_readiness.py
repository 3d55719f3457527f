"""When the provider takes an object as ready, and what it tells of one that isn't."""

from __future__ import annotations

import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from google.protobuf import empty_pb2

from tests.offline.conftest import Client
from tests.real.cluster.control_plane import ControlPlane
from tests.real.cluster.objects import config_map, deployment, job, quota, service, stateful_set
from tests.real.cluster.requests import create, delete, unfinished, update

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("cluster")]

SOON = 2.0
BROKEN = "registry.example/cant-be-pulled:1"


def test_workloads_are_awaited_until_their_pods_are_ready(
    provider: Client, control_plane: ControlPlane, namespace: str
) -> None:
    live = create(provider, deployment(namespace))
    assert live["status"]["availableReplicas"] == 2

    updated = update(provider, live, deployment(namespace, image="web:2"))
    assert updated["status"]["updatedReplicas"] == updated["status"]["replicas"] == 2
    pods = control_plane.list(f"/api/v1/namespaces/{namespace}/pods")
    running = [pod for pod in pods if "deletionTimestamp" not in pod["metadata"]]
    assert {pod["spec"]["containers"][0]["image"] for pod in running} == {"web:2"}

    delete(provider, updated)
    left = control_plane.list(f"/api/v1/namespaces/{namespace}/pods")
    assert left == [], "a deleted Deployment takes its pods along"


def test_stateful_sets_jobs_and_claims_are_awaited(provider: Client, namespace: str) -> None:
    store = create(provider, stateful_set(namespace))
    assert store["status"]["readyReplicas"] == 2
    update(provider, store, stateful_set(namespace, image="web:2"))
    once = create(provider, job(namespace))
    assert once["status"]["succeeded"] == 1
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data", "namespace": namespace},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    }
    assert create(provider, claim)["status"]["phase"] == "Bound"


def test_a_service_waits_for_the_pods_behind_it(provider: Client, namespace: str) -> None:
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(create, provider, service(namespace))
        create(provider, deployment(namespace))
        assert waiting.result()["spec"]["clusterIP"].startswith("10.0.0.")


@pytest.mark.parametrize("spec", [{"clusterIP": "None"}, {"selector": {}}])
def test_a_service_that_needs_no_pods_waits_for_none(provider: Client, namespace: str, spec: dict[str, object]) -> None:
    create(provider, service(namespace, **spec), timeout=1)


def test_an_image_that_cant_be_pulled_is_told_with_pod_and_reason(
    provider: Client, control_plane: ControlPlane, namespace: str
) -> None:
    state = create(provider, deployment(namespace))
    with pytest.raises(grpc.RpcError) as refused:
        update(provider, state, deployment(namespace, image=BROKEN), timeout=SOON)
    heard = unfinished(refused)
    assert "was applied, but it isn't ready after 2 s" in heard.message
    assert f"Pod {namespace}/web-" in heard.told
    assert f'container web waits: ImagePullBackOff: Back-off pulling image "{BROKEN}"' in heard.told
    assert "check the image's name and digest, and the pull secret" in heard.told
    assert heard.identifier == f"{namespace}/web"
    live = control_plane.get(control_plane.path_of(deployment(namespace)))
    assert live["status"]["availableReplicas"] >= 2, "the pods of before go on"

    mended = update(provider, heard.state, deployment(namespace, image="web:3"))
    assert mended["status"]["updatedReplicas"] == 2


def test_a_crash_loop_is_told_with_how_it_ended(provider: Client, namespace: str) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        create(provider, deployment(namespace, image="crashes:1"), timeout=SOON)
    told = unfinished(refused).told
    assert "waits: CrashLoopBackOff" in told
    assert "it ended with exit code 137 (OOMKilled)" in told
    assert "--previous" in told


def test_pods_without_a_node_are_told_with_the_schedulers_words(provider: Client, namespace: str) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        create(provider, deployment(namespace, cpu="5000"), timeout=SOON)
    told = unfinished(refused).told
    assert "has no node (Unschedulable)" in told
    assert "Insufficient cpu" in told


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "Job"])
def test_a_quota_that_is_used_up_is_told(
    provider: Client, control_plane: ControlPlane, namespace: str, kind: str
) -> None:
    control_plane.apply(quota(namespace, pods="0"))
    made = {"Deployment": deployment, "StatefulSet": stateful_set, "Job": job}[kind](namespace)
    with pytest.raises(grpc.RpcError) as refused:
        create(provider, made, timeout=SOON)
    assert "exceeded quota" in unfinished(refused).told


def test_the_server_may_refuse_for_a_quota_itself(
    provider: Client, control_plane: ControlPlane, namespace: str
) -> None:
    control_plane.apply(quota(namespace, **{"count/configmaps": "0"}))
    control_plane.wait(
        lambda: "used" in control_plane.get(control_plane.path_of(quota(namespace))).get("status", {}), "no quota"
    )
    with pytest.raises(grpc.RpcError, match=r"doesn't fit the namespace's limits.*exceeded quota"):
        create(provider, config_map(namespace, a="1"))


def test_a_rollout_past_its_own_deadline_isnt_waited_for(provider: Client, namespace: str) -> None:
    broken = deployment(namespace, image=BROKEN)
    broken["spec"]["progressDeadlineSeconds"] = 2
    with pytest.raises(grpc.RpcError) as refused:
        create(provider, broken)
    heard = unfinished(refused)
    assert "waiting longer is of no use" in heard.message
    assert "ImagePullBackOff" in heard.told


def test_who_asks_not_to_wait_isnt_kept_waiting(provider: Client, namespace: str) -> None:
    broken = deployment(namespace, image=BROKEN)
    broken["metadata"]["annotations"] = {"pulumi.com/skipAwait": "true"}
    create(provider, broken, timeout=SOON)


def test_an_interrupt_ends_the_waiting_and_keeps_what_was_applied(
    provider: Client, control_plane: ControlPlane, namespace: str
) -> None:
    inputs = deployment(namespace, image=BROKEN)
    path = control_plane.path_of(inputs)
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(create, provider, inputs)
        control_plane.wait(lambda: control_plane.find(path) is not None, "nothing was applied")
        provider.stub.Cancel(empty_pb2.Empty())
        with pytest.raises(grpc.RpcError) as refused:
            waiting.result()
    heard = unfinished(refused)
    assert "the update was interrupted while waiting" in heard.message
    assert heard.state["metadata"]["uid"] == control_plane.get(path)["metadata"]["uid"]


def test_what_keeps_a_deletion_is_told(provider: Client, control_plane: ControlPlane, namespace: str) -> None:
    inputs = config_map(namespace, a="1")
    inputs["metadata"]["finalizers"] = ["example.com/not-yet"]
    state = create(provider, inputs)
    with pytest.raises(grpc.RpcError, match=r"still there after 1 s; finalizers: example.com/not-yet"):
        delete(provider, state, timeout=1)
    control_plane.request(
        "PATCH",
        control_plane.path_of(inputs),
        {"metadata": {"finalizers": None}},
        content_type="application/merge-patch+json",
    )
    delete(provider, state)


def test_a_namespace_is_gone_with_all_that_is_in_it(provider: Client, control_plane: ControlPlane) -> None:
    inputs = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "short-lived"}}
    state = create(provider, inputs)
    create(provider, deployment("short-lived"))
    delete(provider, state)
    assert control_plane.find("/api/v1/namespaces/short-lived") is None


def test_a_server_that_is_silent_or_gone_for_a_while_is_asked_again(
    provider: Client, control_plane: ControlPlane, namespace: str
) -> None:
    control_plane.api_server.signal(signal.SIGSTOP)
    awake = threading.Timer(2, control_plane.api_server.signal, [signal.SIGCONT])
    awake.start()
    state = create(provider, deployment(namespace))
    awake.join()
    control_plane.api_server.kill()
    back = threading.Timer(1, control_plane.start_api_server)
    back.start()
    state = update(provider, state, deployment(namespace, image="web:2"))
    back.join()
    assert state["status"]["updatedReplicas"] == 2
