from __future__ import annotations

from typing import Any

from floe_cube_policies.single_router import SINGLE_ROUTER

from tests.policies.judging import judge_stack, resource, variables, workload

ROUTER = variables(CUBESTORE_SERVER_NAME="cube-store-router:9999", CUBESTORE_META_PORT="9999")
WORKER = variables(CUBESTORE_WORKER_PORT="9001", CUBESTORE_META_ADDR="cube-store-router:9999")


def nodes(container: dict[str, Any], name: str, kind: str = "StatefulSet", replicas: float = 1.0) -> Any:
    made = workload([container], kind=kind, name=name, replicas=replicas)
    return resource(f"kubernetes:apps/v1:{kind}", made, name)


def test_one_router_and_any_number_of_workers_are_allowed() -> None:
    assert judge_stack(SINGLE_ROUTER, [nodes(ROUTER, "router"), nodes(WORKER, "worker", replicas=4.0)]) == []


def test_a_second_router_is_refused_whatever_it_is_called() -> None:
    ((_, message),) = judge_stack(SINGLE_ROUTER, [nodes(ROUTER, "router"), nodes(ROUTER, "fallback")])

    assert message == "The namespace shop has 2 routers of Cube Store (fallback, router); have one."


def test_a_router_of_another_namespace_is_another_ones() -> None:
    elsewhere = nodes(ROUTER, "router-b")
    elsewhere.props["metadata"]["namespace"] = "another"

    assert judge_stack(SINGLE_ROUTER, [nodes(ROUTER, "router"), elsewhere]) == []


def test_a_router_with_two_pods_is_refused() -> None:
    ((name, message),) = judge_stack(SINGLE_ROUTER, [nodes(ROUTER, "router", replicas=2.0)])

    assert name == "router"
    assert "There can be 2 routers of one Cube Store" in message


def test_a_router_in_a_deployment_is_refused() -> None:
    ((_, message),) = judge_stack(SINGLE_ROUTER, [nodes(ROUTER, "router", "Deployment")])

    assert "outside a StatefulSet" in message
