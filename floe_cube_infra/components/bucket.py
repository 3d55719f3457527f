"""A bucket on Amazon S3, as Security Hub wants it: created, or adopted by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import s3

from floe_cube_infra.components.bucket_policies import partition_in, tls_only


@dataclass(frozen=True, kw_only=True)
class AccessLogs:
    """Where accesses are logged.

    Attributes:
        bucket: The bucket that takes the logs.
        prefix: What their names begin with.
    """

    bucket: str
    prefix: str


@dataclass(frozen=True, kw_only=True)
class BucketArgs:
    """What the bucket is like.

    Attributes:
        bucket: Its name.
        region: Its region.
        adopts: Whether it is there already, and is taken over.
        protects: Whether `pulumi destroy` refuses to delete it, and it stays where the program drops it.
        kms_key: The ARN of the key that encrypts it; None for S3's own keys.
        old_version_days: Days until an overwritten or deleted object is gone for good.
        keep_days: Days until any object is gone; None keeps them. Those that go by themselves also go with the bucket.
        access_logs: Where accesses are logged; None if they aren't.
        tags: Its tags.
    """

    bucket: str
    region: str
    adopts: bool
    protects: bool
    kms_key: str | None
    old_version_days: int
    keep_days: int | None = None
    access_logs: AccessLogs | None
    tags: Mapping[str, str]


class Bucket(pulumi.ComponentResource):
    """The bucket and its settings; nobody's data goes before they are set.

    Attributes:
        name: Its name, known once every setting is made.
        arn: Its ARN.
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("floe:cube:Bucket", name, None, opts)
        self._args = args
        bucket = s3.Bucket(
            name,
            bucket=args.bucket,
            region=args.region,
            # What others tagged stays theirs.
            tags=None if args.adopts else args.tags,
            force_destroy=True if args.keep_days is not None else None,
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.protects or None,
                retain_on_delete=args.protects or args.adopts or None,
                import_=args.bucket if args.adopts else None,
                ignore_changes=["tags", "tagsAll", "forceDestroy"] if args.adopts else None,
            ),
        )
        settings = self._settings(name, bucket.bucket)
        self.name = pulumi.Output.all(bucket.bucket, *(setting.id for setting in settings)).apply(
            lambda values: str(values[0])
        )
        self.arn = bucket.arn
        self.register_outputs({"name": self.name, "arn": self.arn})

    def _settings(self, name: str, bucket: pulumi.Output[str]) -> list[pulumi.CustomResource]:
        args, region = self._args, self._args.region
        # What guards a bucket that stays has to stay with it.
        child = pulumi.ResourceOptions(parent=self, retain_on_delete=args.protects or args.adopts or None)
        blocked = s3.BucketPublicAccessBlock(
            name,
            bucket=bucket,
            region=region,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        # S3 refuses two changes of one bucket's access at a time.
        after_block = pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[blocked]))
        settings: list[pulumi.CustomResource] = [
            blocked,
            s3.BucketPolicy(
                name,
                bucket=bucket,
                region=region,
                policy=tls_only(args.bucket, partition_in(region)),
                opts=after_block,
            ),
            s3.BucketOwnershipControls(
                name,
                bucket=bucket,
                region=region,
                rule=s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
                opts=after_block,
            ),
            s3.BucketServerSideEncryptionConfiguration(
                name, bucket=bucket, region=region, rules=[_encryption(args.kms_key)], opts=child
            ),
        ]
        versioning = s3.BucketVersioning(
            name,
            bucket=bucket,
            region=region,
            versioning_configuration=s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
            opts=child,
        )
        settings += [versioning, self._life_cycle(name, bucket, child, versioning)]
        if args.access_logs is not None:
            settings.append(
                s3.BucketLogging(
                    name,
                    bucket=bucket,
                    region=region,
                    target_bucket=args.access_logs.bucket,
                    target_prefix=args.access_logs.prefix,
                    opts=child,
                )
            )
        return settings

    def _life_cycle(
        self, name: str, bucket: pulumi.Output[str], child: pulumi.ResourceOptions, versioning: s3.BucketVersioning
    ) -> pulumi.CustomResource:
        days = self._args.keep_days
        rule = s3.BucketLifecycleConfigurationRuleArgs(
            id="old-versions" if days is None else "all-versions",
            status="Enabled",
            # An empty prefix is every object.
            filter=s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
            expiration=None if days is None else s3.BucketLifecycleConfigurationRuleExpirationArgs(days=days),
            noncurrent_version_expiration=s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                noncurrent_days=self._args.old_version_days
            ),
            abort_incomplete_multipart_upload=s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                days_after_initiation=1
            ),
        )
        return s3.BucketLifecycleConfiguration(
            name,
            bucket=bucket,
            region=self._args.region,
            rules=[rule],
            opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[versioning])),
        )


def _encryption(kms_key: str | None) -> s3.BucketServerSideEncryptionConfigurationRuleArgs:
    by_default = (
        s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(sse_algorithm="AES256")
        if kms_key is None
        else s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="aws:kms", kms_master_key_id=kms_key
        )
    )
    return s3.BucketServerSideEncryptionConfigurationRuleArgs(
        apply_server_side_encryption_by_default=by_default,
        # One request to KMS a bucket, not one an object.
        bucket_key_enabled=None if kms_key is None else True,
    )
