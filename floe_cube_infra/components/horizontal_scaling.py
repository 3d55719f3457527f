"""How many pods there are, as the load asks for."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apps.v1 import Deployment
from pulumi_kubernetes.autoscaling.v2 import (
    CrossVersionObjectReferenceArgs,
    HorizontalPodAutoscaler,
    HorizontalPodAutoscalerBehaviorArgs,
    HorizontalPodAutoscalerSpecArgs,
    HPAScalingRulesArgs,
    MetricSpecArgs,
    MetricTargetArgs,
    ResourceMetricSourceArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """How the number of pods follows the load.

    Attributes:
        max_replicas: The most pods.
        target_cpu_percent: The share of the CPU request that is aimed at.
    """

    max_replicas: int
    target_cpu_percent: int


def horizontal_pod_autoscaler(
    name: str,
    metadata: ObjectMetaArgs,
    deployment: Deployment,
    min_replicas: int,
    scaling: Scaling,
    *,
    opts: pulumi.ResourceOptions,
) -> HorizontalPodAutoscaler:
    """Scales a Deployment by its CPU. The Deployment itself must not say how many replicas it has."""
    return HorizontalPodAutoscaler(
        name,
        metadata=metadata,
        spec=HorizontalPodAutoscalerSpecArgs(
            scale_target_ref=CrossVersionObjectReferenceArgs(
                api_version="apps/v1", kind="Deployment", name=deployment.metadata.name
            ),
            min_replicas=min_replicas,
            max_replicas=scaling.max_replicas,
            metrics=[
                MetricSpecArgs(
                    type="Resource",
                    resource=ResourceMetricSourceArgs(
                        name="cpu",
                        target=MetricTargetArgs(type="Utilization", average_utilization=scaling.target_cpu_percent),
                    ),
                )
            ],
            # A new pod compiles the whole model first: none is given up for a short lull.
            behavior=HorizontalPodAutoscalerBehaviorArgs(
                scale_down=HPAScalingRulesArgs(stabilization_window_seconds=600)
            ),
        ),
        opts=opts,
    )
