"""Cube Store's bucket."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from floe_cube_infra.inputs.settings.section import Section

BUCKET_NAME: Final = re.compile(r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"""

BucketName = Annotated[str, Field(pattern=BUCKET_NAME.pattern)]
Secret = Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$")]
RoleArn = Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$")]
OidcProviderArn = Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/.+$")]
KmsKeyArn = Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/.+$")]

_FOLDER = re.compile(r"[^/]+(/[^/]+)*")


class BucketSettings(Section):
    """Cube Store's bucket: on Amazon S3, or on a store of the same protocol. What is given goes before the artifacts.

    Attributes:
        manage: `create` a bucket on Amazon S3; `adopt` one that is there, whose settings are the stack's from then on;
            or only `reference` one. By default created, but referenced in `local` and at an endpoint.
        name: Its name; the artifacts' `s3_bucket` by default.
        region: Its region; the artifacts' `s3_region` by default.
        endpoint: The address of another store, such as MinIO; the artifacts' `s3_endpoint` by default.
        sub_path: The folder in it that Cube Store uses; its root by default.
        access_key_secret: The Secret with the access key's id (under `secretKeys.s3AccessKey`).
        secret_key_secret: The Secret with the secret access key (under `secretKeys.s3SecretKey`).
        role: An IAM role that is there, for Cube Store's account.
        oidc_provider: The ARN of the cluster's OIDC provider in IAM; given, the stack makes the role (IRSA).
        permissions_boundary: The ARN of a policy that bounds the role.
        kms_key: The ARN of the key to encrypt with; by default S3's own keys.
        keep_old_versions: Days until an overwritten or deleted object is gone for good.
        access_logs: The bucket that takes the access logs.
        access_logs_prefix: What their names begin with.
        tags: Tags of all that is made on AWS, such as owner and cost centre.
    """

    manage: Literal["create", "adopt", "reference"] | None = None
    name: BucketName | None = None
    region: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")] | None = None
    endpoint: Annotated[str, Field(min_length=1)] | None = None
    sub_path: Annotated[str, Field(min_length=1)] | None = None
    access_key_secret: Secret | None = None
    secret_key_secret: Secret | None = None
    role: RoleArn | None = None
    oidc_provider: OidcProviderArn | None = None
    permissions_boundary: str | None = None
    kms_key: KmsKeyArn | None = None
    keep_old_versions: Annotated[int, Field(ge=1, le=3650)] = 7
    access_logs: BucketName | None = None
    access_logs_prefix: str = "cube-store/"
    tags: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_coherent(self) -> BucketSettings:
        problems = []
        if self.role is not None and self.oidc_provider is not None:
            problems.append("role and oidcProvider are both given; give the one that is there, or what makes one")
        keys = [key for key in (self.access_key_secret, self.secret_key_secret) if key is not None]
        if len(keys) == 1:
            problems.append("one of accessKeySecret and secretKeySecret is given without the other; give both")
        if keys and (self.role is not None or self.oidc_provider is not None):
            problems.append("keys and a role are both given, of which Cube Store would take the keys; give either")
        if self.endpoint is not None and self.manage in ("create", "adopt"):
            problems.append(f"manage is {self.manage} at the endpoint {self.endpoint}; only Amazon S3's are managed")
        if self.endpoint is not None and (self.role is not None or self.oidc_provider is not None):
            problems.append("endpoint and a role are both given; only Amazon S3 knows roles, so give both keys")
        if self.sub_path is not None and _FOLDER.fullmatch(self.sub_path) is None:
            problems.append(f"subPath is {self.sub_path!r}; it has no slash first or last")
        if problems:
            raise ValueError("; ".join(problems))
        return self
