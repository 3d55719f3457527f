"""What a bucket can be told, each a resource of its own: how it is put, got and taken back.

Pulumi's names differ from those of S3's API by their first letter, but for the few that stand here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from floe_cube_infra.offline.aws.clients import Clients
from floe_cube_infra.offline.aws.refusals import refused
from floe_cube_infra.offline.kinds import Kind, Plains
from floe_cube_infra.offline.wire import Plain

# S3's API -> Pulumi, at any depth.
_OTHER_NAMES: Final = {
    "ID": "id",
    "SSEAlgorithm": "sseAlgorithm",
    "KMSMasterKeyID": "kmsMasterKeyId",
}
_APIS_NAMES: Final = {pulumi: api for api, pulumi in _OTHER_NAMES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How S3's API spells a setting.

    Attributes:
        method: What its methods end with, after `put_`, `get_` and `delete_`.
        argument: The argument of `put_` that holds it, and where `get_` gives it.
        inside: The one property of Pulumi's that is all of the argument, where there is such a one.
        renamed: Pulumi's properties that the API has as lists of another name.
        gone: The error that says that nothing is set.
        deleted: What is put in place of a deletion that the API doesn't have; None where it has one.
        properties: Pulumi's properties beside the bucket and its region.
    """

    method: str
    argument: str
    properties: frozenset[str]
    inside: str | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    deleted: Mapping[str, Plain] | None = None


BUCKET_SETTINGS: Final[Mapping[str, Shape]] = {
    "aws:s3/bucketVersioning:BucketVersioning": Shape(
        method="bucket_versioning",
        argument="VersioningConfiguration",
        properties=frozenset({"versioningConfiguration"}),
        inside="versioningConfiguration",
        deleted={"Status": "Suspended"},
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": Shape(
        method="bucket_encryption",
        argument="ServerSideEncryptionConfiguration",
        properties=frozenset({"rules"}),
        gone=("ServerSideEncryptionConfigurationNotFoundError",),
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": Shape(
        method="bucket_lifecycle_configuration",
        argument="LifecycleConfiguration",
        properties=frozenset({"rules"}),
        gone=("NoSuchLifecycleConfiguration",),
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Shape(
        method="public_access_block",
        argument="PublicAccessBlockConfiguration",
        properties=frozenset({"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"}),
        gone=("NoSuchPublicAccessBlockConfiguration",),
    ),
    "aws:s3/bucketPolicy:BucketPolicy": Shape(
        method="bucket_policy",
        argument="Policy",
        properties=frozenset({"policy"}),
        inside="policy",
        gone=("NoSuchBucketPolicy",),
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": Shape(
        method="bucket_ownership_controls",
        argument="OwnershipControls",
        properties=frozenset({"rule"}),
        renamed={"rule": "Rules"},
        gone=("OwnershipControlsNotFoundError",),
    ),
    "aws:s3/bucketLogging:BucketLogging": Shape(
        method="bucket_logging",
        argument="BucketLoggingStatus",
        properties=frozenset({"targetBucket", "targetPrefix"}),
        deleted={},
    ),
}
"""The settings by their type tokens."""


class BucketSetting(Kind):
    """One of the settings of a bucket.

    Args:
        clients: The clients.
        shape: How S3's API spells it.
    """

    fixed = frozenset({"bucket", "region"})

    def __init__(self, clients: Clients, shape: Shape) -> None:
        self._clients = clients
        self._shape = shape
        self.takes = shape.properties | {"bucket", "region"}  # type: ignore[misc]  # it differs from shape to shape

    def problems(self, inputs: Plains) -> Iterator[str]:
        """A setting of no bucket."""
        if not inputs.get("bucket"):
            yield "bucket: give the name of the bucket that this is a setting of"

    def create(self, inputs: Plains) -> str:
        """Puts it; what was set before is overwritten."""
        name = str(inputs["bucket"])
        self.update(name, inputs)
        return name

    def read(self, identifier: str, state: Plains) -> Plains | None:
        """The setting as it is."""
        region = state.get("region") or self._clients.region
        s3, shape = self._clients.of("s3", region), self._shape
        try:
            answer = getattr(s3, f"get_{shape.method}")(Bucket=identifier)
        except Exception as error:
            if not refused(error, "NoSuchBucket", "404", *shape.gone):
                raise
            return None
        found = _from_api(self._answered(answer))
        return None if not found else {"bucket": identifier, "region": region, **found}

    def update(self, identifier: str, inputs: Plains) -> None:
        """Puts it."""
        given = {key: value for key, value in inputs.items() if key in self._shape.properties}
        self._put(identifier, inputs.get("region"), self._asked(given))

    def delete(self, identifier: str, state: Plains) -> None:
        """Takes it back; where the API can't, puts what comes nearest."""
        region, shape = state.get("region"), self._shape
        try:
            if shape.deleted is not None:
                self._put(identifier, region, dict(shape.deleted))
            else:
                method = shape.method.replace("_lifecycle_configuration", "_lifecycle")
                getattr(self._clients.of("s3", region), f"delete_{method}")(Bucket=identifier)
        except Exception as error:
            if not refused(error, "NoSuchBucket", *shape.gone):
                raise

    def _put(self, bucket: str, region: str | None, value: Plain) -> None:
        method = getattr(self._clients.of("s3", region), f"put_{self._shape.method}")
        method(Bucket=bucket, **{self._shape.argument: value})

    def _asked(self, given: Plains) -> Plain:
        """Pulumi's properties as the API wants them."""
        if self._shape.argument == "BucketLoggingStatus":
            return {"LoggingEnabled": _to_api(given)}
        if self._shape.inside is not None:
            return _to_api(given[self._shape.inside])
        return _to_api(
            {
                self._shape.renamed.get(key, key): [value] if key in self._shape.renamed else value
                for key, value in given.items()
            }
        )

    def _answered(self, answer: Mapping[str, Any]) -> Plain:
        """The API's answer under Pulumi's first names."""
        shape = self._shape
        told = {key: value for key, value in answer.items() if key != "ResponseMetadata"}
        if shape.argument == "BucketLoggingStatus":
            return told.get("LoggingEnabled") or {}
        if shape.argument == "VersioningConfiguration":
            return {"versioningConfiguration": {"status": told["Status"]}} if "Status" in told else {}
        value = told.get(shape.argument)
        if shape.inside is not None:
            return {shape.inside: value} if value else {}
        if value is None:
            value = told
        names = {api: pulumi for pulumi, api in shape.renamed.items()}
        return {names.get(key, key): item[0] if key in names else item for key, item in value.items()}


def _to_api(value: Plain) -> Plain:
    if isinstance(value, dict):
        return {_APIS_NAMES.get(key, key[:1].upper() + key[1:]): _to_api(item) for key, item in value.items()}
    return [_to_api(item) for item in value] if isinstance(value, list) else value


def _from_api(value: Plain) -> Plain:
    if isinstance(value, dict):
        return {_OTHER_NAMES.get(key, key[:1].lower() + key[1:]): _from_api(item) for key, item in value.items()}
    return [_from_api(item) for item in value] if isinstance(value, list) else value
