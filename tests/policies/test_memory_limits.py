from __future__ import annotations

from typing import Any

import pytest
from floe_cube_policies.memory_limits import MEMORY_LIMITS

from tests.policies.judging import judge, workload

DEPLOYMENT = "kubernetes:apps/v1:Deployment"


@pytest.mark.parametrize(
    ("resources", "missing"),
    [
        ({}, "no memory limit and no CPU request and no memory request"),
        ({"requests": {"cpu": "1", "memory": "1Gi"}}, "no memory limit"),
        ({"limits": {"memory": "1Gi"}}, "no CPU request"),
    ],
)
def test_what_a_container_has_to_say_of_its_resources(resources: dict[str, Any], missing: str) -> None:
    (message,) = judge(MEMORY_LIMITS, DEPLOYMENT, workload([{"name": "cube", "resources": resources}]))

    assert message == f"The container cube has {missing}; give it what it needs, in resources."


def test_a_limit_of_memory_and_a_request_for_cpu_are_enough() -> None:
    resources = {"limits": {"memory": "1Gi"}, "requests": {"cpu": "1"}}

    assert judge(MEMORY_LIMITS, DEPLOYMENT, workload([{"name": "cube", "resources": resources}])) == []


def test_containers_that_run_first_are_held_to_it() -> None:
    pod = {"initContainers": [{"name": "first"}]}

    assert "The container first" in judge(MEMORY_LIMITS, "kubernetes:core/v1:Pod", {"spec": pod})[0]
