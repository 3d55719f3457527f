from __future__ import annotations

from typing import Any

import pytest
from floe_cube_policies.shared_queue import SHARED_QUEUE

from tests.policies.judging import judge_stack, resource, variables, workload

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
MEMORY = variables(CUBEJS_CACHE_AND_QUEUE_DRIVER="memory")
SHARED = variables(CUBEJS_CACHE_AND_QUEUE_DRIVER="cubestore")


def autoscaler(target: str, most: float) -> Any:
    spec = {"scaleTargetRef": {"kind": "Deployment", "name": target}, "maxReplicas": most}
    return resource(AUTOSCALER, {"metadata": {"name": target, "namespace": "shop"}, "spec": spec}, "scaler")


def test_two_pods_with_their_own_queues_are_refused() -> None:
    ((name, message),) = judge_stack(SHARED_QUEUE, [resource(DEPLOYMENT, workload([MEMORY], replicas=2.0), "api")])

    assert name == "api"
    assert "There can be 2 pods of Cube with cache and queue in the memory of each" in message


def test_pods_that_an_autoscaler_may_add_count() -> None:
    api = resource(DEPLOYMENT, workload([MEMORY]), "api")

    assert "There can be 10 pods" in judge_stack(SHARED_QUEUE, [api, autoscaler("cube-api", 10.0)])[0][1]
    assert judge_stack(SHARED_QUEUE, [api, autoscaler("another", 10.0)]) == []


@pytest.mark.parametrize(
    "properties", [workload([MEMORY], replicas=1.0), workload([MEMORY]), workload([SHARED], replicas=3.0)]
)
def test_one_pod_or_a_shared_queue_is_allowed(properties: dict[str, Any]) -> None:
    assert judge_stack(SHARED_QUEUE, [resource(DEPLOYMENT, properties)]) == []
