from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from floe_cube_policies.dev_mode import NO_DEV_MODE

from tests.policies.judging import judge, variables, workload

DEPLOYMENT = "kubernetes:apps/v1:Deployment"


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_developer_mode_is_refused_everywhere_but_in_local(
    in_environment: Callable[[str], None], environment: str
) -> None:
    in_environment(environment)
    (message,) = judge(NO_DEV_MODE, DEPLOYMENT, workload([variables(CUBEJS_DEV_MODE="true")]))

    assert "The container cube has CUBEJS_DEV_MODE on" in message
    assert f"not in {environment}; set consumption.dev_mode to false" in message


def test_developer_mode_is_for_local(in_environment: Callable[[str], None]) -> None:
    in_environment("local")

    assert judge(NO_DEV_MODE, DEPLOYMENT, workload([variables(CUBEJS_DEV_MODE="true")])) == []


def test_a_stack_that_doesnt_say_what_it_is_is_held_to_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("floe_cube_policies.environments.pulumi.Config.get", lambda self, key: None)

    assert judge(NO_DEV_MODE, DEPLOYMENT, workload([variables(CUBEJS_DEV_MODE="true")]))


@pytest.mark.parametrize(
    ("container", "what"),
    [
        (variables(CUBEJS_DEV_MODE="True"), "CUBEJS_DEV_MODE on"),
        (variables(NODE_ENV="development"), "NODE_ENV other than production"),
        (
            {"name": "cube", "env": [{"name": "CUBEJS_DEV_MODE", "valueFrom": {"configMapKeyRef": {"key": "a"}}}]},
            "from somewhere that can't be looked at",
        ),
    ],
)
def test_each_way_into_developer_mode_is_seen(container: dict[str, Any], what: str) -> None:
    (message,) = judge(NO_DEV_MODE, DEPLOYMENT, workload([container]))

    assert what in message


def test_a_config_map_that_holds_variables_is_looked_into() -> None:
    config_map = {"kind": "ConfigMap", "data": {"CUBEJS_DEV_MODE": "true"}}

    assert "The ConfigMap has CUBEJS_DEV_MODE on" in judge(NO_DEV_MODE, "kubernetes:core/v1:ConfigMap", config_map)[0]


@pytest.mark.parametrize("container", [variables(CUBEJS_DEV_MODE="false", NODE_ENV="production"), variables()])
def test_what_leaves_it_off_is_allowed(container: dict[str, Any]) -> None:
    assert judge(NO_DEV_MODE, DEPLOYMENT, workload([container])) == []
