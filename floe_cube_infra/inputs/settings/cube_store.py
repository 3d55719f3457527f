"""Cube Store."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from floe_cube_infra.inputs.settings.quantities import Cpu
from floe_cube_infra.inputs.settings.section import Section

Mebibytes = Annotated[int, Field(ge=256, le=1048576)]
Gibibytes = Annotated[int, Field(ge=1, le=65536)]


class CubeStoreSettings(Section):
    """Cube Store, which keeps pre-aggregations, and the cache and queue that all of Cube's pods share.

    Attributes:
        enabled: Whether there is one. Without, pre-aggregations stay in the warehouse, and the API has one pod.
        host: An existing Cube Store's host, in place of one of the stack's own.
        port: Where it speaks HTTP.
        storage: Where its tables are: in a `bucket`, or on the router's `volume`, which takes no workers.
        workers: Pods that hold and query partitions, beside the one router.
        router_cpu: CPU request of the router, as a Kubernetes quantity.
        router_memory: Memory request and limit of the router, in MiB.
        router_volume: The router's volume, in GiB.
        worker_cpu: CPU request of a worker, as a Kubernetes quantity.
        worker_memory: Memory request and limit of a worker, in MiB.
        worker_volume: Each worker's volume, in GiB; a cache of what is in the bucket.
        storage_class: The volumes' StorageClass; the cluster's default one by default. No XFS.
    """

    enabled: bool = True
    host: Annotated[str, Field(min_length=1)] | None = None
    port: Annotated[int, Field(ge=1, le=65535)] = 3030
    storage: Literal["bucket", "volume"] = "bucket"
    workers: Annotated[int, Field(ge=0, le=64)] = 2
    router_cpu: Cpu = "4"
    router_memory: Mebibytes = 6144
    router_volume: Gibibytes = 20
    worker_cpu: Cpu = "4"
    worker_memory: Mebibytes = 8192
    worker_volume: Gibibytes = 50
    storage_class: str | None = None

    @model_validator(mode="after")
    def _workers_share_tables(self) -> CubeStoreSettings:
        if self.storage == "volume" and self.workers > 0:
            raise ValueError(
                f"storage is volume and workers {self.workers}; workers can't read the router's volume. Set workers "
                "to 0, or storage to bucket"
            )
        return self
