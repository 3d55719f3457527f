"""The IAM role that accounts of the cluster take on for a bucket (IRSA), and what it may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import iam

from floe_cube_infra.components.bucket_policies import partition_of, trust_in_accounts, use_of_bucket


@dataclass(frozen=True, kw_only=True)
class BucketAccessArgs:
    """Who may do what.

    Attributes:
        bucket: The bucket's name.
        oidc_provider: The ARN of the cluster's OIDC provider.
        user: Who takes the role on, for its description.
        namespace: The namespace of the service accounts.
        accounts: The service accounts' names.
        writes: Whether it may also write and delete.
        sub_path: The folder of the bucket that it may use; None for all of it.
        kms_key: The ARN of the key that the bucket is encrypted with.
        permissions_boundary: The ARN of a policy that bounds the role.
        tags: The role's tags.
    """

    bucket: str
    oidc_provider: str
    user: str
    namespace: str
    accounts: Sequence[str]
    writes: bool
    sub_path: str | None
    kms_key: str | None
    permissions_boundary: str | None
    tags: Mapping[str, str]


class BucketAccess(pulumi.ComponentResource):
    """The role.

    Attributes:
        role_arn: Its ARN, known once it may do what it needs to.
    """

    role_arn: pulumi.Output[str]

    def __init__(self, name: str, args: BucketAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("floe:cube:BucketAccess", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = iam.Role(
            name,
            # IAM's names are the account's, not the cluster's; 64 characters at most.
            name=f"{args.namespace[:40]}-{name}"[:64],
            description=f"{args.user} in the namespace {args.namespace}: its bucket {args.bucket}",
            assume_role_policy=trust_in_accounts(args.oidc_provider, args.namespace, args.accounts),
            permissions_boundary=args.permissions_boundary,
            tags=args.tags,
            opts=child,
        )
        policy = iam.RolePolicy(
            name,
            name="bucket",
            role=role.name,
            policy=use_of_bucket(
                args.bucket,
                partition_of(args.oidc_provider),
                sub_path=args.sub_path,
                kms_key=args.kms_key,
                writes=args.writes,
            ),
            opts=child,
        )
        self.role_arn = pulumi.Output.all(role.arn, policy.id).apply(lambda values: str(values[0]))
        self.register_outputs({"roleArn": self.role_arn})
