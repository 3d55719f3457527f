"""How many pods of a component Kubernetes may take away at once, when it drains nodes: one."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget, PodDisruptionBudgetSpecArgs


def disruption_budget(
    name: str, metadata: ObjectMetaArgs, labels: Mapping[str, str], opts: pulumi.ResourceOptions
) -> PodDisruptionBudget:
    """A budget of one pod.

    Args:
        name: The resource's name.
        metadata: Its metadata.
        labels: Those of the pods.
        opts: Its options.
    """
    return PodDisruptionBudget(
        name,
        metadata=metadata,
        spec=PodDisruptionBudgetSpecArgs(
            max_unavailable=1,
            selector=LabelSelectorArgs(match_labels=labels),
            # A pod that isn't ready serves nobody.
            unhealthy_pod_eviction_policy="AlwaysAllow",
        ),
        opts=opts,
    )
