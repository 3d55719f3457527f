"""Cube Store's variables, pure: storage, nodes, and what keeps its traps shut.

Names: https://cube.dev/docs/product/configuration/reference/environment-variables#cube-store
"""

from __future__ import annotations

from typing import Final

import pulumi

from floe_cube_infra.components.cube_store.addresses import (
    META_PORT,
    WORKER_PORT,
    own_address,
    router_address,
    worker_addresses,
)
from floe_cube_infra.components.object_storage import ObjectStorage
from floe_cube_infra.components.pod_security import TEMPORARY_PATH
from floe_cube_infra.render.environment import SecretKeyRef

StoreVariables = dict[str, pulumi.Input[str] | SecretKeyRef]
"""Variables by name: a value that may still be unknown, or where Kubernetes finds the secret one."""

DATA_PATH: Final = "/cube/data"

# A session of a role lasts an hour, and is renewed by this timer only; left alone it comes every three hours.
_RENEW_MINUTES: Final = "30"


def router_environment(storage: ObjectStorage | None, *, router: str, worker: str, workers: int) -> StoreVariables:
    """The router's variables, sorted by name. It gets no META_ADDR, at which it would refuse to start.

    Args:
        storage: The bucket; None keeps the tables on the router's volume.
        router: The router's StatefulSet and Service.
        worker: The workers' StatefulSet and Service.
        workers: How many workers there are.
    """
    return _sorted(
        _common(storage, worker, workers)
        | {"CUBESTORE_SERVER_NAME": router_address(router), "CUBESTORE_META_PORT": str(META_PORT)}
    )


def worker_environment(storage: ObjectStorage | None, *, router: str, worker: str, workers: int) -> StoreVariables:
    """A worker's variables, sorted by name; they need POD_NAME before them. Arguments as for the router."""
    return _sorted(
        _common(storage, worker, workers)
        | {
            "CUBESTORE_SERVER_NAME": own_address(worker),
            "CUBESTORE_WORKER_PORT": str(WORKER_PORT),
            "CUBESTORE_META_ADDR": router_address(router),
        }
    )


def _common(storage: ObjectStorage | None, worker: str, workers: int) -> StoreVariables:
    variables: StoreVariables = {
        "CUBESTORE_DATA_DIR": DATA_PATH,
        # Selects fail where temporary files can't be written.
        "TMPDIR": TEMPORARY_PATH,
        # Only `true` and `false` are understood; anything else is a panic.
        "CUBESTORE_TELEMETRY": "false",
    }
    if workers > 0:
        variables["CUBESTORE_WORKERS"] = ",".join(worker_addresses(worker, workers))
    return variables | storage_environment(storage)


def storage_environment(storage: ObjectStorage | None) -> StoreVariables:
    """The variables by which Cube Store finds its bucket."""
    if storage is None:
        return {"CUBESTORE_REMOTE_DIR": f"{DATA_PATH}/remote"}
    prefix = "CUBESTORE_S3" if storage.endpoint is None else "CUBESTORE_MINIO"
    key_names = (
        ("CUBESTORE_AWS_ACCESS_KEY_ID", "CUBESTORE_AWS_SECRET_ACCESS_KEY")
        if storage.endpoint is None
        else ("CUBESTORE_MINIO_ACCESS_KEY_ID", "CUBESTORE_MINIO_SECRET_ACCESS_KEY")
    )
    variables: StoreVariables = {f"{prefix}_BUCKET": storage.bucket}
    if storage.region is not None:
        variables[f"{prefix}_REGION"] = storage.region
    if storage.sub_path is not None:
        variables[f"{prefix}_SUB_PATH"] = storage.sub_path
    if storage.endpoint is not None:
        variables["CUBESTORE_MINIO_SERVER_ENDPOINT"] = storage.endpoint
    for name, key in zip(key_names, (storage.access_key, storage.secret_key), strict=True):
        if key is not None:
            variables[name] = key
    if storage.role_arn is not None:
        variables["CUBESTORE_AWS_CREDS_REFRESH_EVERY_MINS"] = _RENEW_MINUTES
    return variables


def _sorted(variables: StoreVariables) -> StoreVariables:
    return dict(sorted(variables.items()))
