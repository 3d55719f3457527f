"""Where pods run: spread over zones and nodes, so that losing one of them doesn't lose all."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi_kubernetes.core.v1 import (
    AffinityArgs,
    PodAffinityTermArgs,
    PodAntiAffinityArgs,
    TopologySpreadConstraintArgs,
    WeightedPodAffinityTermArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs


def apart(labels: Mapping[str, str]) -> AffinityArgs:
    """Rather on a node that has no pod with these labels; on a small cluster, all the same."""
    return AffinityArgs(
        pod_anti_affinity=PodAntiAffinityArgs(
            preferred_during_scheduling_ignored_during_execution=[
                WeightedPodAffinityTermArgs(
                    weight=100,
                    pod_affinity_term=PodAffinityTermArgs(
                        topology_key="kubernetes.io/hostname", label_selector=LabelSelectorArgs(match_labels=labels)
                    ),
                )
            ]
        )
    )


def over_zones(labels: Mapping[str, str], revision_label: str) -> list[TopologySpreadConstraintArgs]:
    """Evenly over zones, counting the pods of one revision only, so that those that are leaving don't matter.

    Args:
        labels: Which pods are counted.
        revision_label: The label that Kubernetes gives the pods of one revision.
    """
    return [
        TopologySpreadConstraintArgs(
            max_skew=1,
            topology_key="topology.kubernetes.io/zone",
            when_unsatisfiable="ScheduleAnyway",
            label_selector=LabelSelectorArgs(match_labels=labels),
            match_label_keys=[revision_label],
        )
    ]
