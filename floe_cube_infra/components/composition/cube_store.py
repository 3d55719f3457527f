"""Args of Cube Store, and where Cube finds it."""

from __future__ import annotations

import pulumi

from floe_cube_infra.components.cube_store.store import CubeStoreArgs, StoreNodeSize
from floe_cube_infra.components.object_storage import ObjectStorage
from floe_cube_infra.components.pod_resources import Size
from floe_cube_infra.inputs.images import image
from floe_cube_infra.inputs.settings import Settings


def has_own_store(settings: Settings) -> bool:
    """Whether the stack has a Cube Store of its own."""
    return settings.cube_store.enabled and settings.cube_store.host is None


def cube_store_args(
    settings: Settings, *, namespace: pulumi.Input[str], storage: ObjectStorage | None
) -> CubeStoreArgs:
    """Args of Cube Store."""
    store = settings.cube_store
    return CubeStoreArgs(
        namespace=namespace,
        instance=settings.namespace,
        image=image("cube_store", settings.images),
        pull_secrets=settings.images.pull_secrets,
        storage=storage,
        workers=store.workers,
        router_size=StoreNodeSize(
            pod=Size(cpu=store.router_cpu, memory_mib=store.router_memory), volume_gib=store.router_volume
        ),
        worker_size=StoreNodeSize(
            pod=Size(cpu=store.worker_cpu, memory_mib=store.worker_memory), volume_gib=store.worker_volume
        ),
        storage_class=store.storage_class,
        keeps_volumes=settings.data_is_protected,
    )
