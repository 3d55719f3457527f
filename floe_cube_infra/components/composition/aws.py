"""What the stack has on AWS: Cube Store's bucket, the role for it. Imported only where there is something."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pulumi

from floe_cube_infra.components.bucket import AccessLogs, Bucket, BucketArgs
from floe_cube_infra.components.bucket_access import BucketAccess, BucketAccessArgs
from floe_cube_infra.components.object_storage import ObjectStorage
from floe_cube_infra.inputs.settings import Settings


def aws_storage(
    name: str,
    settings: Settings,
    wanted: ObjectStorage,
    *,
    manage: Literal["create", "adopt", "reference"],
    opts: pulumi.ResourceOptions,
) -> ObjectStorage:
    """Makes what is to be made, and gives the bucket as it is then.

    Args:
        name: The name of what is made; it is also that of Cube Store's service account.
        settings: The stack's settings.
        wanted: The bucket as it is named.
        manage: What is done with it.
        opts: The options of what is made.
    """
    storage, bucket_name, region = wanted, str(wanted.bucket), str(wanted.region)
    if manage != "reference":
        bucket = Bucket(name, bucket_args(settings, bucket_name, region, adopts=manage == "adopt"), opts=opts)
        storage = replace(storage, bucket=bucket.name)
    if settings.bucket.oidc_provider is not None:
        access = BucketAccess(
            name,
            BucketAccessArgs(
                bucket=bucket_name,
                oidc_provider=settings.bucket.oidc_provider,
                namespace=settings.namespace,
                account=name,
                sub_path=settings.bucket.sub_path,
                kms_key=settings.bucket.kms_key,
                permissions_boundary=settings.bucket.permissions_boundary,
                tags=tags(settings),
            ),
            opts=opts,
        )
        storage = replace(storage, role_arn=access.role_arn)
    return storage


def bucket_args(settings: Settings, bucket: str, region: str, *, adopts: bool) -> BucketArgs:
    """Args of a bucket."""
    given = settings.bucket
    return BucketArgs(
        bucket=bucket,
        region=region,
        adopts=adopts,
        protects=settings.data_is_protected,
        kms_key=given.kms_key,
        old_version_days=given.keep_old_versions,
        access_logs=AccessLogs(bucket=given.access_logs, prefix=given.access_logs_prefix)
        if given.access_logs is not None
        else None,
        tags=tags(settings),
    )


def tags(settings: Settings) -> dict[str, str]:
    """The tags of all that is made on AWS; the settings' own go before."""
    return {
        "app.kubernetes.io/part-of": "floe-consumption",
        "environment": settings.environment,
        "namespace": settings.namespace,
        **settings.bucket.tags,
    }
