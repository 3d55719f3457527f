"""What goes wrong on the way, on a real control plane: the stack says what, keeps serving, and goes on afterwards."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.program.engine import Project
from tests.real.cluster.control_plane import NODES, ControlPlane
from tests.real.cluster.stacks import ReadyPods, describe, impatient, started

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("cluster")]

NAMESPACE = "under-test"
REPLICAS = 3
COMPONENT = "api"
API = f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments/cube-api"
PODS = f"/api/v1/namespaces/{NAMESPACE}/pods"
# In a traceback. Pulumi's language host may show one of its own, of where the engine stopped the program.
OURS = "floe_cube_infra/"
UP = ("up", "--yes", "--skip-preview")


@pytest.fixture(scope="module")
def stack(new_stack: Callable[..., Project]) -> Project:
    """A stack like staging with three pods of the Cube API, provisioned."""
    project = new_stack("staging")
    project.edit_settings(lambda settings: settings.update(namespace=NAMESPACE))
    project.edit_settings(lambda settings: settings["api"].update(replicas=REPLICAS))
    project.up()
    return project


def names(control_plane: ControlPlane, plural: str) -> set[str]:
    return {item["metadata"]["name"] for item in control_plane.list(f"/api/v1/namespaces/{NAMESPACE}/{plural}")}


def api_image(control_plane: ControlPlane) -> str:
    containers = control_plane.get(API)["spec"]["template"]["spec"]["containers"]
    (image,) = (container["image"] for container in containers if container["name"] == "cube")
    assert isinstance(image, str)
    return image


def api_is_ready(control_plane: ControlPlane) -> bool:
    live = control_plane.get(API)
    status: dict[str, Any] = live["status"]
    return (
        status.get("observedGeneration") == live["metadata"]["generation"]
        and status.get("updatedReplicas") == status.get("readyReplicas") == status.get("replicas") == REPLICAS
    )


def test_a_changed_model_is_rolled_out_without_a_moment_of_fewer_pods(
    stack: Project, control_plane: ControlPlane
) -> None:
    stack.edit_manifest(lambda manifest: describe(manifest, "Rolled out."))
    with ReadyPods(control_plane, NAMESPACE, COMPONENT).watched() as pods:
        update = stack.up()
    assert (update.changes["create"], update.changes["delete"]) == (1, 1)
    assert pods.events > REPLICAS, "the rollout was watched"
    assert pods.fewest >= REPLICAS, "a new pod is ready before an old one goes"
    assert api_is_ready(control_plane)


def test_an_image_that_cant_be_pulled_stops_the_update_and_nothing_else(
    stack: Project, control_plane: ControlPlane
) -> None:
    program = (stack.folder / "__main__.py").read_text()
    config_maps = names(control_plane, "configmaps")
    good = api_image(control_plane)
    impatient(stack, "8s")
    stack.edit_settings(lambda settings: settings["images"].update(cube="registry.example/cant-be-pulled:1"))
    stack.edit_manifest(lambda manifest: describe(manifest, "Comes with a broken image."))
    try:
        with ReadyPods(control_plane, NAMESPACE, COMPONENT).watched() as pods:
            output = stack.pulumi(*UP, "--stack", stack.stack, expect_failure=True)
        left = names(control_plane, "configmaps")
    finally:
        (stack.folder / "__main__.py").write_text(program)
        stack.edit_settings(lambda settings: settings["images"].update(cube=good))
    assert f"Pod {NAMESPACE}/cube-api-" in output
    assert "ImagePullBackOff" in output
    assert "registry.example/cant-be-pulled:1" in output
    assert OURS not in output
    assert pods.fewest >= REPLICAS, "the pods of before go on"
    assert config_maps <= left, "what the pods of before mount is still there"

    stack.up()
    assert api_image(control_plane) == good
    assert api_is_ready(control_plane)
    now = names(control_plane, "configmaps")
    assert len(now) == len(config_maps), "what the broken update left is gone"
    assert {name for name in config_maps if "-model-" not in name} <= now, "what is as it was before is still there"
    assert stack.up().changes == {}


def test_nodes_that_are_drained_at_the_same_time_cost_one_pod_at_a_time(
    stack: Project, control_plane: ControlPlane
) -> None:
    def evict(pod: dict[str, Any]) -> int:
        metadata = {"name": pod["metadata"]["name"], "namespace": NAMESPACE}
        eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": metadata}
        return control_plane.request("POST", f"{PODS}/{metadata['name']}/eviction", eviction)[0]

    labels = f"app.kubernetes.io/component={COMPONENT}"
    before = control_plane.list(PODS, labelSelector=labels)
    assert len({pod["spec"]["nodeName"] for pod in before}) == len(NODES), "each pod has a node of its own"
    with ReadyPods(control_plane, NAMESPACE, COMPONENT).watched() as pods:
        answers = [evict(pod) for pod in before]
        assert answers[0] == 201
        assert 429 in answers, "the budget allows one at a time"
        for pod in before:
            control_plane.wait(lambda pod=pod: evict(pod) in (201, 404), "a pod is never allowed to go")
        control_plane.wait(lambda: api_is_ready(control_plane), "the pods don't come back")
    assert pods.fewest >= REPLICAS - 1
    gone = {pod["metadata"]["uid"] for pod in before}
    assert not gone & {pod["metadata"]["uid"] for pod in control_plane.list(PODS, labelSelector=labels)}


def test_an_api_server_that_is_gone_for_a_while_is_waited_for(stack: Project, control_plane: ControlPlane) -> None:
    stack.edit_manifest(lambda manifest: describe(manifest, "While the server restarts."))
    generation = control_plane.get(API)["metadata"]["generation"]
    with started(stack, *UP) as update:
        control_plane.wait(lambda: control_plane.get(API)["metadata"]["generation"] > generation, "no rollout began")
        control_plane.api_server.kill()
        threading.Timer(1.0, control_plane.api_server.start).start()
        output, _ = update.communicate()
    assert update.returncode == 0, output
    assert api_is_ready(control_plane)


def test_an_api_server_that_stays_away_is_a_sentence_and_the_next_update_goes_on(
    stack: Project, control_plane: ControlPlane
) -> None:
    stack.edit_manifest(lambda manifest: describe(manifest, "While there is no server."))
    control_plane.api_server.kill()
    try:
        output = stack.pulumi(*UP, "--stack", stack.stack, expect_failure=True)
    finally:
        control_plane.start_api_server()
        control_plane.restart_controllers()
    assert f"The API server {control_plane.url} of the context 'test' can't be reached" in output
    assert OURS not in output
    assert stack.up().changes["create"] == 1
    assert api_is_ready(control_plane)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_update_is_taken_up_again(stack: Project, control_plane: ControlPlane, number: int) -> None:
    stack.edit_manifest(lambda manifest: describe(manifest, f"Interrupted by {number}."))
    generation = control_plane.get(API)["metadata"]["generation"]
    with started(stack, *UP) as update:
        control_plane.wait(lambda: control_plane.get(API)["metadata"]["generation"] > generation, "no rollout began")
        if number == signal.SIGKILL:
            os.killpg(update.pid, number)
        else:
            update.send_signal(number)
        output, _ = update.communicate()
    assert update.returncode != 0, output
    if number == signal.SIGKILL:
        stack.pulumi("cancel", stack.stack, "--yes")
    stack.up()
    assert api_is_ready(control_plane)
    assert stack.up().changes == {}


def test_who_may_do_too_little_is_told_what_is_missing(
    new_stack: Callable[..., Project], control_plane: ControlPlane
) -> None:
    project = new_stack("dev", user="deployer")
    project.edit_settings(lambda settings: settings.update(namespace="not-mine"))
    output = project.pulumi(*UP, "--stack", project.stack, expect_failure=True)
    assert "may not do that with Namespace not-mine (403)" in output
    assert 'User "deployer" cannot' in output
    assert OURS not in output


def test_the_stack_goes_when_it_is_switched_off(stack: Project, control_plane: ControlPlane) -> None:
    stack.edit_artifacts(lambda artifacts: artifacts["consumption"].update(enabled=False))
    stack.up()
    assert control_plane.find(f"/api/v1/namespaces/{NAMESPACE}") is None
    assert stack.outputs() == {"version": 1, "status": "disabled"}
