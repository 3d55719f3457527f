"""Cube Store as a whole: the account, the router, then the workers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_kubernetes.core.v1 import ServiceAccount
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from floe_cube_infra.components.cube_store.environment import (
    StoreVariables,
    router_environment,
    worker_environment,
)
from floe_cube_infra.components.cube_store.pods import NodeArgs
from floe_cube_infra.components.cube_store.router import CubeStoreRouter
from floe_cube_infra.components.cube_store.workers import CubeStoreWorkers
from floe_cube_infra.components.object_storage import ObjectStorage
from floe_cube_infra.components.pod_resources import Size
from floe_cube_infra.components.role_annotations import role_annotations
from floe_cube_infra.errors import SettingsError
from floe_cube_infra.naming import recommended_labels

ROUTER: Final = "store-router"
"""The component label of the router's pod."""

WORKER: Final = "store-worker"
"""The component label of the workers' pods."""


@dataclass(frozen=True, kw_only=True)
class StoreNodeSize:
    """How large a kind of node is.

    Attributes:
        pod: The pod.
        volume_gib: Its volume.
    """

    pod: Size
    volume_gib: int


@dataclass(frozen=True, kw_only=True)
class CubeStoreArgs:
    """What Cube Store runs with.

    Attributes:
        namespace: The namespace.
        instance: The instance label.
        image: Cube Store's image.
        pull_secrets: Secrets that it is pulled with.
        storage: The bucket; None keeps tables on the router's volume, where no worker can read them.
        workers: How many workers there are; none where there is no bucket.
        router_size: How large the router is.
        worker_size: How large a worker is.
        storage_class: The volumes' StorageClass; None for the cluster's default one.
        keeps_volumes: Whether the router's volume stays when the stack goes.
    """

    namespace: pulumi.Input[str]
    instance: str
    image: str
    pull_secrets: Sequence[str]
    storage: ObjectStorage | None
    workers: int
    router_size: StoreNodeSize
    worker_size: StoreNodeSize
    storage_class: str | None
    keeps_volumes: bool

    def __post_init__(self) -> None:
        """Refuses what Cube Store would only fail at later.

        Raises:
            SettingsError: Workers without a bucket; a bucket that can't be reached.
        """
        if self.storage is None and self.workers > 0:
            raise SettingsError(
                f"Cube Store can't have {self.workers} workers without a bucket, since they can't read the router's "
                "volume. Set cubeStore.storage to bucket, or cubeStore.workers to 0."
            )
        if self.storage is not None:
            self.storage.check()


class CubeStore(pulumi.ComponentResource):
    """Cube Store.

    Attributes:
        host: The name under which Cube reaches it.
        account_name: Its ServiceAccount, which an IAM role may trust.
    """

    host: pulumi.Output[str]
    account_name: pulumi.Output[str]

    def __init__(self, name: str, args: CubeStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("floe:cube:CubeStore", name, None, opts)
        role = args.storage.role_arn if args.storage is not None else None
        account = ServiceAccount(
            name,
            metadata=ObjectMetaArgs(
                name=name,
                namespace=args.namespace,
                labels=recommended_labels("store", args.instance),
                annotations=role_annotations(role),
            ),
            automount_service_account_token=False,
            opts=pulumi.ResourceOptions(parent=self),
        )
        names = {"router": f"{name}-router", "worker": f"{name}-worker"}

        def node(component: str, environment: StoreVariables, size: StoreNodeSize) -> NodeArgs:
            return NodeArgs(
                namespace=args.namespace,
                labels=recommended_labels(component, args.instance),
                image=args.image,
                pull_secrets=args.pull_secrets,
                account=account.metadata.name,
                environment=environment,
                size=size.pod,
                volume_gib=size.volume_gib,
                storage_class=args.storage_class,
                keeps_volumes=args.keeps_volumes,
            )

        router = CubeStoreRouter(
            names["router"],
            node(ROUTER, router_environment(args.storage, workers=args.workers, **names), args.router_size),
            opts=pulumi.ResourceOptions(parent=self),
        )
        if args.workers > 0:
            CubeStoreWorkers(
                names["worker"],
                node(WORKER, worker_environment(args.storage, workers=args.workers, **names), args.worker_size),
                count=args.workers,
                # The router first: a worker of a new version asks it, and it asks no worker until there is a query.
                opts=pulumi.ResourceOptions(parent=self, depends_on=[router.stateful_set]),
            )
        self.host = router.host
        self.account_name = account.metadata.name
        self.register_outputs({"host": self.host, "accountName": self.account_name})
