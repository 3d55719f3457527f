"""Cube Store's bucket as the artifacts name it."""

from __future__ import annotations

from floe_cube_infra.components.composition.cube_store import has_own_store
from floe_cube_infra.components.object_storage import ObjectStorage
from floe_cube_infra.errors import SettingsError
from floe_cube_infra.generation import Generated
from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.render.environment import SecretKeyRef


def object_storage(settings: Settings, generated: Generated) -> ObjectStorage | None:
    """The bucket; None where the stack has no Cube Store of its own, or one that keeps its tables on a volume.

    Raises:
        SettingsError: There should be a bucket, and the artifacts name none.
    """
    if not has_own_store(settings) or settings.cube_store.storage == "volume":
        return None
    given, keys = generated.artifacts.consumption.pre_aggregations.cube_store, settings.secret_keys
    if given.s3_bucket is None:
        raise SettingsError(
            "Cube Store has no bucket: cubeStore.storage is bucket, and the artifacts name none in "
            "consumption.pre_aggregations.cube_store.s3_bucket. Name one, or set cubeStore.storage to volume and "
            "cubeStore.workers to 0."
        )
    return ObjectStorage(
        bucket=given.s3_bucket,
        region=given.s3_region,
        endpoint=given.s3_endpoint,
        access_key=_key(given.s3_access_key_ref, keys.s3_access_key),
        secret_key=_key(given.s3_secret_key_ref, keys.s3_secret_key),
    )


def _key(secret: str | None, key: str) -> SecretKeyRef | None:
    return None if secret is None else SecretKeyRef(secret=secret, key=key)
