from __future__ import annotations

from typing import Any

import pytest
from floe_cube_policies.privileged_pods import NO_PRIVILEGED_PODS

from tests.policies.judging import changed, judge, workload

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
OF_CONTAINER = ("spec", "template", "spec", "containers", 0, "securityContext")
RESTRICTED = {
    "name": "cube",
    "securityContext": {
        "allowPrivilegeEscalation": False,
        "runAsNonRoot": True,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    },
}


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("privileged", True, "is privileged: set securityContext.privileged to false"),
        ("allowPrivilegeEscalation", True, "may gain rights"),
        ("allowPrivilegeEscalation", None, "may gain rights"),
        ("runAsNonRoot", False, "may run as root"),
        ("runAsUser", 0.0, "runs as root"),
        ("seccompProfile", {"type": "Unconfined"}, "may make any system call"),
        (
            "capabilities",
            {"drop": ["ALL"], "add": ["SYS_ADMIN", "NET_RAW"]},
            "adds the capabilities NET_RAW, SYS_ADMIN",
        ),
        ("capabilities", {"drop": ["NET_RAW"]}, "keeps capabilities"),
    ],
)
def test_a_right_that_no_container_needs_is_refused(key: str, value: object, problem: str) -> None:
    pods = changed(workload([RESTRICTED]), *OF_CONTAINER, key, to=value)
    (message,) = judge(NO_PRIVILEGED_PODS, DEPLOYMENT, pods)

    assert message.startswith("The container cube ")
    assert problem in message


def test_all_that_is_wrong_with_a_container_is_one_sentence() -> None:
    (message,) = judge(NO_PRIVILEGED_PODS, DEPLOYMENT, workload([{"name": "cube"}]))

    assert message.count("securityContext.") == 4


def test_what_the_pod_says_holds_for_its_containers() -> None:
    pods = workload([changed(RESTRICTED, "securityContext", "runAsNonRoot", to=True)])
    del pods["spec"]["template"]["spec"]["containers"][0]["securityContext"]["runAsNonRoot"]
    assert judge(NO_PRIVILEGED_PODS, DEPLOYMENT, pods)

    pods["spec"]["template"]["spec"]["securityContext"] = {"runAsNonRoot": True}
    assert judge(NO_PRIVILEGED_PODS, DEPLOYMENT, pods) == []


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("hostNetwork", True, "has hostNetwork"),
        ("hostPID", True, "has hostPID"),
        ("hostIPC", True, "has hostIPC"),
        ("volumes", [{"name": "root", "hostPath": {"path": "/"}}], "mounts a folder of its node (root)"),
    ],
)
def test_a_pod_stays_out_of_its_node(key: str, value: object, problem: str) -> None:
    pods = changed(workload([RESTRICTED]), "spec", "template", "spec", key, to=value)

    assert judge(NO_PRIVILEGED_PODS, DEPLOYMENT, pods) == [f"The pod {problem}; nothing of the stack needs that."]


def test_a_container_takes_no_port_of_its_node() -> None:
    container: dict[str, Any] = {**RESTRICTED, "ports": [{"containerPort": 4000.0, "hostPort": 80.0}]}

    assert (
        "takes ports of its node (80): use a Service" in judge(NO_PRIVILEGED_PODS, DEPLOYMENT, workload([container]))[0]
    )


def test_a_pod_of_the_standard_restricted_is_allowed() -> None:
    assert judge(NO_PRIVILEGED_PODS, DEPLOYMENT, workload([RESTRICTED])) == []
    assert judge(NO_PRIVILEGED_PODS, "kubernetes:core/v1:Service", {"spec": {}}) == []
