"""Where Cube Store keeps its tables: one bucket of S3, or of a store that speaks its protocol."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pulumi

from floe_cube_infra.errors import SettingsError
from floe_cube_infra.render.environment import SecretKeyRef


@dataclass(frozen=True, kw_only=True)
class ObjectStorage:
    """A bucket, and how it is reached: with a role for the service account, or with keys from Secrets.

    Attributes:
        bucket: The bucket's name.
        region: Its region, such as `eu-central-1`. Amazon S3 needs it; other stores may do without.
        sub_path: The folder in the bucket; None for its root. No slash first or last.
        endpoint: The address of a store other than Amazon S3, such as `https://minio.example.com:9000`; None is S3.
            A store at an endpoint is asked by path (`/bucket/key`), and needs both keys.
        access_key: Where the access key's id is; None where a role gives the right.
        secret_key: Where the secret access key is; None where a role gives the right.
        role_arn: The IAM role that Cube Store's service account takes on (IRSA); None where keys give the right.
            Cube Store knows no EKS Pod Identity.
    """

    bucket: pulumi.Input[str]
    region: pulumi.Input[str] | None = None
    sub_path: str | None = None
    endpoint: str | None = None
    access_key: SecretKeyRef | None = None
    secret_key: SecretKeyRef | None = None
    role_arn: pulumi.Input[str] | None = None

    def check(self) -> None:
        """Refuses what Cube Store would panic at.

        Raises:
            SettingsError: Amazon S3 without a region, another store without keys, half of the keys, keys and a role.
        """
        problems = [*self._problems()]
        if problems:
            raise SettingsError("Cube Store can't use its bucket:", problems)

    def _problems(self) -> Iterator[str]:
        if (self.access_key is None) != (self.secret_key is None):
            yield ("one of accessKey and secretKey is given without the other; give both, or neither")
        if self.endpoint is None and self.region is None:
            yield ("a bucket of Amazon S3 without its region; give the region")
        if self.endpoint is not None and self.access_key is None:
            yield (f"the store at {self.endpoint} without keys; it knows no roles, so give both keys")
        if self.role_arn is not None and self.access_key is not None:
            yield ("both a role and keys are given, of which Cube Store takes the keys; give either")
