"""The reviewed objects of the sample stacks keep every policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from floe_cube_policies import POLICIES
from pulumi_policy import ResourceValidationPolicy, StackValidationPolicy

from tests.components.reviewed import reviewed
from tests.policies.judging import judge, judge_stack, resource


def type_of(thing: dict[str, Any]) -> str:
    version = thing["apiVersion"]
    return f"kubernetes:{version if '/' in version else f'core/{version}'}:{thing['kind']}"


@pytest.mark.parametrize("environment", ["local", "dev", "staging", "prod"])
def test_a_sample_stack_keeps_every_policy(in_environment: Callable[[str], None], environment: str) -> None:
    in_environment(environment)
    things = [yaml.safe_load(text) for text in reviewed(environment).values()]
    # What was generated for Cube isn't among what is reviewed.
    stack = [resource(type_of(thing), thing) for thing in things if thing["kind"] != "ConfigMap"]
    assert len(stack) > 10

    for policy in POLICIES:
        if isinstance(policy, ResourceValidationPolicy):
            assert [said for each in stack for said in judge(policy, each.resource_type, each.props)] == []
        else:
            assert isinstance(policy, StackValidationPolicy)
            assert judge_stack(policy, stack) == []
