"""The workers: as many as are asked for, each with a cache of what is in the bucket."""

from __future__ import annotations

import pulumi
from pulumi_kubernetes.apps.v1 import (
    StatefulSet,
    StatefulSetPersistentVolumeClaimRetentionPolicyArgs,
    StatefulSetSpecArgs,
    StatefulSetUpdateStrategyArgs,
)
from pulumi_kubernetes.core.v1 import PodTemplateSpecArgs, ProbeArgs, TCPSocketActionArgs
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

from floe_cube_infra.components.cube_store.addresses import WORKER_PORT
from floe_cube_infra.components.cube_store.pods import NodeArgs, data_volume, headless_service, store_pod
from floe_cube_infra.components.disruption_budget import disruption_budget


class CubeStoreWorkers(pulumi.ComponentResource):
    """The workers. There is no autoscaler: every node knows all workers by name, so another number is a new start.

    Attributes:
        stateful_set: For what has to come after it.
    """

    stateful_set: StatefulSet

    def __init__(self, name: str, args: NodeArgs, *, count: int, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("floe:cube:CubeStoreWorkers", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        metadata = ObjectMetaArgs(name=name, namespace=args.namespace, labels=args.labels)
        ports = {"worker": WORKER_PORT}
        service = headless_service(name, args, ports=ports, opts=child)
        self.stateful_set = StatefulSet(
            name,
            metadata=metadata,
            spec=StatefulSetSpecArgs(
                replicas=count,
                service_name=service.metadata.name,
                # Nobody waits for anybody: a query needs whoever holds its data.
                pod_management_policy="Parallel",
                selector=LabelSelectorArgs(match_labels=args.labels),
                update_strategy=StatefulSetUpdateStrategyArgs(type="RollingUpdate"),
                # A cache: whoever comes back without it fetches it again.
                persistent_volume_claim_retention_policy=StatefulSetPersistentVolumeClaimRetentionPolicyArgs(
                    when_deleted="Delete", when_scaled="Delete"
                ),
                template=PodTemplateSpecArgs(
                    metadata=ObjectMetaArgs(labels=args.labels),
                    # Only the router has an endpoint for its health.
                    spec=store_pod(args, ports=ports, startup=_listens(60), alive=_listens(6)),
                ),
                volume_claim_templates=[data_volume(args)],
            ),
            opts=child,
        )
        disruption_budget(name, metadata, args.labels, child)
        self.register_outputs({"statefulSetName": self.stateful_set.metadata.name})


def _listens(failure_threshold: int) -> ProbeArgs:
    return ProbeArgs(
        tcp_socket=TCPSocketActionArgs(port="worker"),
        period_seconds=5,
        timeout_seconds=5,
        failure_threshold=failure_threshold,
    )
