"""What the stack has on AWS: buckets, and the roles for them. Imported only where there is something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import pulumi

from floe_cube_infra.components.bucket import AccessLogs, Bucket, BucketArgs
from floe_cube_infra.components.bucket_access import BucketAccess, BucketAccessArgs
from floe_cube_infra.components.object_storage import ObjectStorage
from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.render.environment import ExportBucketSource


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
                user="Cube Store",
                namespace=settings.namespace,
                accounts=[name],
                writes=True,
                sub_path=settings.bucket.sub_path,
                kms_key=settings.bucket.kms_key,
                permissions_boundary=settings.bucket.permissions_boundary,
                tags=tags(settings),
            ),
            opts=opts,
        )
        storage = replace(storage, role_arn=access.role_arn)
    return storage


def aws_export_bucket(
    name: str, settings: Settings, bucket: str, region: str, *, opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    """Makes the bucket that the warehouse unloads into, and gives its name.

    What is in it is a copy that nobody needs for long, so it isn't protected as Cube Store's bucket is.

    Args:
        name: The name of what is made.
        settings: The stack's settings.
        bucket: The bucket's name.
        region: Its region.
        opts: The options of what is made.
    """
    given = settings.export_bucket
    logs = settings.bucket.access_logs
    args = replace(
        bucket_args(settings, bucket, region, adopts=False),
        protects=False,
        kms_key=given.kms_key,
        old_version_days=1,
        keep_days=given.keep_days,
        access_logs=AccessLogs(bucket=logs, prefix=f"{name}/") if logs is not None else None,
    )
    return Bucket(name, args, opts=opts).name


def aws_export_role(
    name: str, settings: Settings, bucket: ExportBucketSource, accounts: Sequence[str], *, opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    """Makes the role with which Cube reads what the warehouse unloaded, and gives its ARN; the warehouse has its own.

    Args:
        name: The name of what is made.
        settings: The stack's settings, with the cluster's OIDC provider.
        bucket: The bucket.
        accounts: The service accounts of Cube's pods.
        opts: The options of what is made.
    """
    access = BucketAccessArgs(
        bucket=bucket.name,
        oidc_provider=str(settings.bucket.oidc_provider),
        user="Cube",
        namespace=settings.namespace,
        accounts=accounts,
        writes=False,
        sub_path=bucket.folder,
        kms_key=settings.export_bucket.kms_key,
        permissions_boundary=settings.bucket.permissions_boundary,
        tags=tags(settings),
    )
    return BucketAccess(name, access, opts=opts).role_arn


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
