"""Cube Store's bucket from settings and artifacts: what it is, and what of it the stack makes."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pulumi

from floe_cube_infra.components.composition.cube_store import has_own_store
from floe_cube_infra.components.object_storage import ObjectStorage
from floe_cube_infra.errors import SettingsError
from floe_cube_infra.generation import Generated
from floe_cube_infra.inputs.compiled_artifacts import CompiledArtifacts
from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.render.environment import SecretKeyRef


def object_storage(
    name: str, settings: Settings, generated: Generated, opts: pulumi.ResourceOptions
) -> ObjectStorage | None:
    """The bucket, and what is to be made of it; None where Cube Store keeps its tables elsewhere.

    Args:
        name: The name of what is made; it is also that of Cube Store's service account.
        settings: The stack's settings.
        generated: What was generated.
        opts: The options of what is made.

    Raises:
        SettingsError: There should be a bucket, and none is named, or one that can't be reached.
    """
    if not has_own_store(settings) or settings.cube_store.storage == "volume":
        return None
    wanted = wanted_storage(settings, generated.artifacts)
    manage, bucket = managed(settings, wanted), settings.bucket
    # A role that is to be made can't be checked yet, but for what it goes with.
    replace(wanted, role_arn=bucket.oidc_provider or bucket.role).check()
    if manage == "reference" and bucket.oidc_provider is None:
        return wanted
    # Only now: a stack without anything on AWS doesn't wait for its SDK.
    from floe_cube_infra.components.composition.aws import aws_storage  # noqa: PLC0415

    return aws_storage(name, settings, wanted, manage=manage, opts=opts)


def manages_bucket(settings: Settings, artifacts: CompiledArtifacts) -> bool:
    """Whether the stack makes or adopts Cube Store's bucket, or would if its artifacts switched it on."""
    if not has_own_store(settings) or settings.cube_store.storage == "volume":
        return False
    given = artifacts.consumption.pre_aggregations.cube_store
    if (settings.bucket.name or given.s3_bucket) is None or (settings.bucket.region or given.s3_region) is None:
        return False  # nothing that could be made
    return managed(settings, wanted_storage(settings, artifacts)) != "reference"


def wanted_storage(settings: Settings, artifacts: CompiledArtifacts) -> ObjectStorage:
    """The bucket as settings and artifacts name it; settings go before.

    Raises:
        SettingsError: None is named.
    """
    given, bucket = artifacts.consumption.pre_aggregations.cube_store, settings.bucket
    name = bucket.name or given.s3_bucket
    if name is None:
        raise SettingsError(
            "Cube Store has no bucket: cubeStore.storage is bucket, and neither the settings name one in bucket.name "
            "nor the artifacts in consumption.pre_aggregations.cube_store.s3_bucket. Name one, or set "
            "cubeStore.storage to volume and cubeStore.workers to 0."
        )
    has_role = bucket.role is not None or bucket.oidc_provider is not None
    access, secret = (
        # A role in the settings goes before keys in the artifacts, as all settings do.
        (None, None)
        if has_role
        else (bucket.access_key_secret or given.s3_access_key_ref, bucket.secret_key_secret or given.s3_secret_key_ref)
    )
    return ObjectStorage(
        bucket=name,
        region=bucket.region or given.s3_region,
        sub_path=bucket.sub_path,
        endpoint=bucket.endpoint or given.s3_endpoint,
        access_key=_key(access, settings.secret_keys.s3_access_key),
        secret_key=_key(secret, settings.secret_keys.s3_secret_key),
        role_arn=bucket.role,
    )


def managed(settings: Settings, wanted: ObjectStorage) -> Literal["create", "adopt", "reference"]:
    """What the stack does with the bucket.

    Raises:
        SettingsError: A bucket of another store should be created or adopted.
    """
    manage = settings.bucket.manage
    if wanted.endpoint is not None:
        if manage in ("create", "adopt"):
            raise SettingsError(
                f"bucket.manage is {manage}, but the artifacts' s3_endpoint is {wanted.endpoint}, and only buckets of "
                "Amazon S3 are managed. Set bucket.manage to reference, or drop the endpoint."
            )
        return "reference"
    return manage or ("reference" if settings.environment == "local" else "create")


def _key(secret: str | None, key: str) -> SecretKeyRef | None:
    return None if secret is None else SecretKeyRef(secret=secret, key=key)
