"""What an autoscaler may make of another object."""

from __future__ import annotations

from collections.abc import Iterable

from pulumi_policy import PolicyResource

from floe_cube_policies.pods import kind_of


def most_pods(workload: PolicyResource, resources: Iterable[PolicyResource]) -> int:
    """The most pods that a workload can have: its own number, or what an autoscaler may choose.

    Args:
        workload: A Deployment or StatefulSet.
        resources: All resources of the stack.
    """
    replicas = (workload.props.get("spec") or {}).get("replicas")
    return max([1 if replicas is None else int(replicas), *(_most(each, workload) for each in resources)])


def _most(autoscaler: PolicyResource, workload: PolicyResource) -> int:
    if kind_of(autoscaler.resource_type) != "HorizontalPodAutoscaler":
        return 0
    spec = autoscaler.props.get("spec") or {}
    target, metadata = spec.get("scaleTargetRef") or {}, workload.props.get("metadata") or {}
    same = (
        target.get("kind") == kind_of(workload.resource_type)
        and target.get("name") == metadata.get("name")
        and (autoscaler.props.get("metadata") or {}).get("namespace") == metadata.get("namespace")
    )
    return int(spec.get("maxReplicas", 1)) if same else 0
