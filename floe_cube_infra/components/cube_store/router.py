"""The router: exactly one, with a volume of its own for what it knows of all tables."""

from __future__ import annotations

import pulumi
from pulumi_kubernetes.apps.v1 import (
    StatefulSet,
    StatefulSetPersistentVolumeClaimRetentionPolicyArgs,
    StatefulSetSpecArgs,
    StatefulSetUpdateStrategyArgs,
)
from pulumi_kubernetes.core.v1 import HTTPGetActionArgs, PodTemplateSpecArgs, ProbeArgs
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

from floe_cube_infra.components.cube_store.addresses import HTTP_PORT, META_PORT, STATUS_PORT
from floe_cube_infra.components.cube_store.pods import NodeArgs, data_volume, headless_service, store_pod


class CubeStoreRouter(pulumi.ComponentResource):
    """The router.

    Its catalogue reaches the bucket every few minutes only. Without its volume, a new router would start from the
    last copy, or from nothing, and everything since would be built again.

    Attributes:
        host: The name under which Cube reaches it.
        stateful_set: For what has to come after it.
    """

    host: pulumi.Output[str]
    stateful_set: StatefulSet

    def __init__(self, name: str, args: NodeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("floe:cube:CubeStoreRouter", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        ports = {"http": HTTP_PORT, "status": STATUS_PORT, "meta": META_PORT}
        service = headless_service(name, args, ports=ports, opts=child)
        keep = "Retain" if args.keeps_volumes else "Delete"
        self.stateful_set = StatefulSet(
            name,
            metadata=ObjectMetaArgs(name=name, namespace=args.namespace, labels=args.labels),
            spec=StatefulSetSpecArgs(
                # Never two: each would overwrite what the other knows.
                replicas=1,
                service_name=service.metadata.name,
                selector=LabelSelectorArgs(match_labels=args.labels),
                update_strategy=StatefulSetUpdateStrategyArgs(type="RollingUpdate"),
                persistent_volume_claim_retention_policy=StatefulSetPersistentVolumeClaimRetentionPolicyArgs(
                    when_deleted=keep, when_scaled="Retain"
                ),
                template=PodTemplateSpecArgs(
                    metadata=ObjectMetaArgs(labels=args.labels),
                    spec=store_pod(
                        args,
                        ports=ports,
                        # A large catalogue takes a while to come back from the bucket.
                        startup=_status("/readyz", failure_threshold=120),
                        alive=_status("/livez", failure_threshold=6),
                    ),
                ),
                volume_claim_templates=[data_volume(args)],
            ),
            opts=child,
        )
        self.host = service.metadata.name
        self.register_outputs({"host": self.host})


def _status(path: str, *, failure_threshold: int) -> ProbeArgs:
    return ProbeArgs(
        http_get=HTTPGetActionArgs(path=path, port="status"),
        period_seconds=5,
        timeout_seconds=5,
        failure_threshold=failure_threshold,
    )
