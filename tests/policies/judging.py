"""Policies asked about resources as the engine's protocol hands them over, without an engine."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from pulumi_policy import (
    PolicyCustomTimeouts,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy

UNKNOWN = UNKNOWN_STRING_VALUE
"""What a preview has for a value that it can't know."""

_OPTIONS = PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])


def judge(policy: ResourceValidationPolicy, resource_type: str, properties: Mapping[str, Any]) -> list[str]:
    """What a policy says of a resource; empty if it is content."""
    said: list[str] = []
    props = unknown_checking_proxy(dict(properties))
    policy.validate(
        ResourceValidationArgs(resource_type, props, "urn", "it", _OPTIONS, None),
        lambda message, urn=None: said.append(message),
    )
    return said


def resource(
    resource_type: str, properties: Mapping[str, Any], name: str = "it", **depends: PolicyResource
) -> PolicyResource:
    """A resource of a stack; `depends` says which of its properties were told by which other resource."""
    dependencies = {key: [other] for key, other in depends.items()}
    props = unknown_checking_proxy(dict(properties))
    return PolicyResource(
        resource_type, props, f"urn:{resource_type}::{name}", name, _OPTIONS, None, None, [], dependencies
    )


def judge_stack(policy: StackValidationPolicy, resources: Sequence[PolicyResource]) -> list[tuple[str, str]]:
    """What a policy says of a stack: the name of the resource, and what is wrong with it."""
    said: list[tuple[str, str]] = []
    policy.validate(
        StackValidationArgs(list(resources)),
        lambda message, urn=None: said.append(((urn or "").rpartition("::")[2], message)),
    )
    return said


def workload(
    containers: Sequence[Mapping[str, Any]], *, kind: str = "Deployment", name: str = "cube-api", **spec: Any
) -> dict[str, Any]:
    """An object that makes pods."""
    pod = {"containers": list(containers)}
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": "shop"},
        "spec": {**spec, "template": {"spec": pod}},
    }


def variables(**values: str) -> dict[str, Any]:
    """A container with variables."""
    return {"name": "cube", "env": [{"name": name, "value": value} for name, value in values.items()]}


def changed(thing: Mapping[str, Any], *path: str | int, to: object) -> dict[str, Any]:
    """A copy in which one value is another."""
    copied = copy.deepcopy(dict(thing))
    place: Any = copied
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return copied
