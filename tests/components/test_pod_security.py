"""Every pod, whatever it runs, keeps to the Pod Security Standard "restricted" and to what we promise on top.

The rules: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
"""

from __future__ import annotations

from typing import Any

import pytest

from floe_cube_infra.inputs.images import images
from tests.components.conftest import OBSERVER
from tests.components.recording import Objects, pod_of

ALLOWED_VOLUMES = {
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
}


@pytest.fixture(params=["everything", "lineage", "least"])
def objects(request: pytest.FixtureRequest) -> Objects:
    found: Objects = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def pods(objects: Objects) -> dict[str, dict[str, Any]]:
    workloads = [name for name in objects if name.split("/")[0] in {"Deployment", "StatefulSet"}]
    assert len(workloads) >= 3
    return {name: pod_of(objects, name) for name in workloads}


def containers(pod: dict[str, Any]) -> list[dict[str, Any]]:
    return [*pod.get("initContainers", []), *pod["containers"]]


def test_the_namespace_enforces_the_standard(objects: Objects) -> None:
    (namespace,) = (thing for name, thing in objects.items() if name.startswith("Namespace/"))
    labels = namespace["metadata"]["labels"]
    assert {labels[f"pod-security.kubernetes.io/{mode}"] for mode in ("audit", "enforce", "warn")} == {"restricted"}


def test_pods_are_restricted(pods: dict[str, dict[str, Any]]) -> None:
    for pod in pods.values():
        context = pod["securityContext"]
        assert context["runAsNonRoot"] is True
        assert context["runAsUser"] > 0
        assert context["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
        for volume in pod["volumes"]:
            assert set(volume) - {"name"} <= ALLOWED_VOLUMES
        for container in containers(pod):
            assert container["securityContext"]["allowPrivilegeEscalation"] is False
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            assert all("hostPort" not in port for port in container.get("ports", []))


def test_nothing_can_write_but_into_volumes_of_limited_size(pods: dict[str, dict[str, Any]]) -> None:
    for pod in pods.values():
        for container in containers(pod):
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            for mount in container["volumeMounts"]:
                assert mount.get("readOnly") is True or mount["name"] in {"tmp", "data", "socket"}
        for volume in pod["volumes"]:
            assert "emptyDir" not in volume or volume["emptyDir"]["sizeLimit"]


def test_pods_know_neither_the_api_server_nor_other_services(pods: dict[str, dict[str, Any]], objects: Objects) -> None:
    for pod in pods.values():
        assert pod["automountServiceAccountToken"] is False
        assert pod["enableServiceLinks"] is False
        assert objects[f"ServiceAccount/{pod['serviceAccountName']}"]["automountServiceAccountToken"] is False


def test_every_container_has_requests_a_memory_limit_and_a_probe(pods: dict[str, dict[str, Any]]) -> None:
    for pod in pods.values():
        for container in pod["containers"]:
            resources = container["resources"]
            assert set(resources["requests"]) == {"cpu", "memory"}
            assert resources["limits"]["memory"] == resources["requests"]["memory"]
            assert {"startupProbe", "livenessProbe"} <= container.keys()


def test_a_pods_grace_period_is_longer_than_its_work_at_the_end(pods: dict[str, dict[str, Any]]) -> None:
    for pod in pods.values():
        for container in pod["containers"]:
            variables = {variable["name"]: variable.get("value") for variable in container["env"]}
            work = int(variables.get("CUBEJS_GRACEFUL_SHUTDOWN") or 0)
            waiting = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {"seconds": 0})["seconds"]
            assert pod["terminationGracePeriodSeconds"] > work + waiting


def test_images_are_those_of_the_one_list_from_the_mirror_with_pull_secrets(
    everything: Objects, lineage: Objects
) -> None:
    mirrored = {image.reference("registry.example.com/mirror") for image in images().values()}
    found = set()
    for stack in (everything, lineage):
        for name in (name for name in stack if name.split("/")[0] in {"Deployment", "StatefulSet"}):
            pod = pod_of(stack, name)
            assert pod["imagePullSecrets"] == [{"name": "registry"}]
            found |= {container["image"] for container in containers(pod)}
    # Whose image is our own is named whole.
    assert found == mirrored | {OBSERVER}
    assert "registry.example.com/mirror/cubejs/cube:v1.7.43" in found


def test_every_object_carries_the_recommended_labels(objects: Objects) -> None:
    for thing in objects.values():
        labels = thing["metadata"]["labels"]
        names = {"name", "instance", "component", "part-of", "managed-by"}
        assert {f"app.kubernetes.io/{name}" for name in names} <= labels.keys()


def test_everything_but_the_namespace_is_in_the_namespace(everything: Objects) -> None:
    for name, thing in everything.items():
        if not name.startswith("Namespace/"):
            assert thing["metadata"]["namespace"] == "analytics"
