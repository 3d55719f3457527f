"""The bucket through which a warehouse unloads large pre-aggregations.

https://cube.dev/docs/product/caching/using-pre-aggregations#export-bucket
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.frozen import Frozen
from floe_cube_infra.render.environment.secret_references import EnvironmentVariables, SecretKeyRef

BucketKind = Literal["s3", "gcs"]


class ExportBucketSource(Frozen):
    """The bucket.

    Attributes:
        kind: Whose it is.
        name: Its name, without scheme and folder.
        folder: The folder in it; None for its root.
        scheme: The scheme that its address is given with; None for none.
        region: Where an S3 bucket lies.
        access_key: The id of the access key for an S3 bucket.
        secret_key: That key; for a GCS bucket the service account (base64).
        integration: Snowflake's storage integration, which takes the keys' place.
    """

    kind: BucketKind
    name: str
    folder: str | None = None
    scheme: str | None = None
    region: str | None = None
    access_key: SecretKeyRef | None = None
    secret_key: SecretKeyRef | None = None
    integration: str | None = None


_GIVEN: Final = "consumption.pre_aggregations.export_bucket"
_UNLOADS_TO: Final[dict[DatabaseType, tuple[BucketKind, ...]]] = {
    "postgres": (),
    "snowflake": ("s3", "gcs"),
    "bigquery": ("gcs",),
    "databricks": ("s3", "gcs"),
    "trino": ("s3", "gcs"),
}
"""Into which buckets Cube's driver for each database can unload."""

_ROOT_ONLY: Final[frozenset[DatabaseType]] = frozenset({"bigquery", "trino"})
"""Whose driver takes all that it is given for the bucket's name when it looks for what was unloaded."""

SCHEMES: Final[dict[BucketKind, tuple[str, ...]]] = {"s3": ("s3", "s3a"), "gcs": ("gs", "gcs")}
"""What an address of each kind may begin with; Databricks' own is the first."""


def unusable_bucket(bucket: ExportBucketSource, database: DatabaseType) -> Iterator[str]:
    """What keeps Cube's driver for the database from using the bucket, each as a sentence.

    Source: the drivers' own JavaScript, of which some fail when they start and some only at the first large build.
    """
    kinds = _UNLOADS_TO[database]
    if bucket.kind not in kinds:
        allowed = f"it can into {' and '.join(kinds)}" if kinds else "it needs none"
        yield (
            f"{_GIVEN} is of the type {bucket.kind}, and Cube's driver for {database} can't unload into that; "
            f"{allowed}. Set export_bucket.enabled to false, or name another bucket"
        )
        return
    if bucket.scheme is not None and bucket.scheme not in SCHEMES[bucket.kind]:
        yield (
            f"{_GIVEN}.name begins with {bucket.scheme}://, and bucket_type is {bucket.kind}; allowed are "
            f"{' and '.join(f'{scheme}://' for scheme in SCHEMES[bucket.kind])}, or the bucket's name alone"
        )
    if bucket.folder is not None and database in _ROOT_ONLY:
        yield (
            f"{_GIVEN}.name has the folder {bucket.folder}, and Cube's driver for {database} only finds what is in a "
            "bucket's root. Name the bucket without a folder"
        )
    if bucket.kind == "s3":
        yield from _without_rights_on_s3(bucket, database)
    elif database == "snowflake" and (bucket.integration is None or bucket.secret_key is None):
        yield (
            f"{_GIVEN} is of the type gcs, for which Cube's driver for snowflake needs both integration, with which "
            "Snowflake writes, and secret_key_ref, the service account with which Cube reads. Give both"
        )


def _without_rights_on_s3(bucket: ExportBucketSource, database: DatabaseType) -> Iterator[str]:
    if bucket.region is None:
        yield f"{_GIVEN} is of the type s3 without a region, in which Cube asks for what was unloaded. Give it"
    if (bucket.access_key is None) != (bucket.secret_key is None):
        yield (
            f"{_GIVEN} has one of access_key_ref and secret_key_ref without the other, and Cube's drivers then use "
            "neither. Give both, or neither"
        )
    elif database == "snowflake" and bucket.integration is None and bucket.access_key is None:
        yield (
            f"{_GIVEN} gives Snowflake no right to write: it has neither an integration nor keys. Give integration, "
            "or access_key_ref and secret_key_ref"
        )


def export_bucket(bucket: ExportBucketSource, database: DatabaseType) -> EnvironmentVariables:
    """The variables of Cube's drivers for it; none where the driver couldn't unload into it."""
    if bucket.kind not in _UNLOADS_TO[database]:
        return {}
    # Cube's driver for BigQuery has a name of its own for Google's buckets.
    kind = "gcp" if database == "bigquery" else bucket.kind
    named: EnvironmentVariables = {
        "CUBEJS_DB_EXPORT_BUCKET": _address(bucket, database),
        "CUBEJS_DB_EXPORT_BUCKET_TYPE": kind,
    }
    if bucket.integration is not None and database == "snowflake":
        named["CUBEJS_DB_EXPORT_INTEGRATION"] = bucket.integration
    if bucket.kind == "s3" and bucket.region is not None:
        named["CUBEJS_DB_EXPORT_BUCKET_AWS_REGION"] = bucket.region
    return {**named, **_keys(bucket, database)}


def _address(bucket: ExportBucketSource, database: DatabaseType) -> str:
    """As the driver takes it: Databricks writes into what it is given, the others put the scheme before it."""
    path = bucket.name if bucket.folder is None else f"{bucket.name}/{bucket.folder}"
    return f"{bucket.scheme or SCHEMES[bucket.kind][0]}://{path}" if database == "databricks" else path


def _keys(bucket: ExportBucketSource, database: DatabaseType) -> EnvironmentVariables:
    if bucket.kind == "s3":
        keys = {
            "CUBEJS_DB_EXPORT_BUCKET_AWS_KEY": bucket.access_key,
            "CUBEJS_DB_EXPORT_BUCKET_AWS_SECRET": bucket.secret_key,
        }
    else:
        # BigQuery's own service account writes into the bucket.
        keys = {} if database == "bigquery" else {"CUBEJS_DB_EXPORT_GCS_CREDENTIALS": bucket.secret_key}
    return {name: key for name, key in keys.items() if key is not None}
