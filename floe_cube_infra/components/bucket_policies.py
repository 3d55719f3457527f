"""The policies of IAM around a bucket, pure: who must come over TLS, who may take the role on, what it may do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

_VERSION: Final = "2012-10-17"

_WRITING: Final = ("s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload")

AUDIENCE: Final = "sts.amazonaws.com"
"""Whom the token of a service account is made out to."""


def partition_of(arn: str) -> str:
    """AWS's partition: `aws`, `aws-cn` or `aws-us-gov`."""
    return arn.split(":")[1]


def partition_in(region: str) -> str:
    """The partition of a region."""
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"


def tls_only(bucket: str, partition: str) -> str:
    """Denies everyone, the owner included, what doesn't come over TLS (Security Hub's S3.5)."""
    arn = f"arn:{partition}:s3:::{bucket}"
    return _document(
        {
            "Sid": "DenyInsecureTransport",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [arn, f"{arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    )


def trust_in_accounts(oidc_provider: str, namespace: str, accounts: Sequence[str]) -> str:
    """Lets some service accounts of one cluster take the role on, and nobody else.

    Args:
        oidc_provider: The ARN of the cluster's OIDC provider.
        namespace: The accounts' namespace.
        accounts: Their names.
    """
    subjects = [f"system:serviceaccount:{namespace}:{account}" for account in accounts]
    issuer = oidc_provider.partition(":oidc-provider/")[2]
    return _document(
        {
            "Effect": "Allow",
            "Principal": {"Federated": oidc_provider},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {
                    f"{issuer}:aud": AUDIENCE,
                    f"{issuer}:sub": subjects[0] if len(subjects) == 1 else subjects,
                }
            },
        }
    )


def use_of_bucket(
    bucket: str, partition: str, *, sub_path: str | None, kms_key: str | None, writes: bool = True
) -> str:
    """Lets the role list and read in one bucket (or one folder of it), and use its key.

    Args:
        bucket: The bucket's name.
        partition: AWS's partition.
        sub_path: The folder.
        kms_key: The ARN of the key that the bucket is encrypted with.
        writes: Whether it may also write and delete.
    """
    arn = f"arn:{partition}:s3:::{bucket}"
    folder = "" if sub_path is None else f"{sub_path}/"
    listing: dict[str, object] = {"Sid": "List", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": arn}
    if folder:
        listing["Condition"] = {"StringLike": {"s3:prefix": [f"{folder}*"]}}
    statements: list[Mapping[str, object]] = [
        listing,
        {
            "Sid": "Objects",
            "Effect": "Allow",
            "Action": ["s3:GetObject", *(_WRITING if writes else ())],
            "Resource": f"{arn}/{folder}*",
        },
    ]
    if kms_key is not None:
        actions = ["kms:Decrypt", *(["kms:GenerateDataKey"] if writes else [])]
        statements.append({"Sid": "Key", "Effect": "Allow", "Action": actions, "Resource": kms_key})
    return _document(*statements)


def _document(*statements: Mapping[str, object]) -> str:
    return json.dumps({"Version": _VERSION, "Statement": statements})
