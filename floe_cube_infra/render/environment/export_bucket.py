"""The bucket through which a warehouse unloads large pre-aggregations.

https://cube.dev/docs/product/caching/using-pre-aggregations#export-bucket
"""

from __future__ import annotations

from typing import Final, Literal

from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.frozen import Frozen
from floe_cube_infra.render.environment.secret_references import EnvironmentVariables, SecretKeyRef


class ExportBucketSource(Frozen):
    """The bucket.

    Attributes:
        kind: Whose it is.
        name: Its name.
        region: Where an S3 bucket lies.
        access_key: The id of the access key for an S3 bucket.
        secret_key: That key; for a GCS bucket the service account (base64).
        integration: Snowflake's storage integration, which takes the keys' place.
    """

    kind: Literal["s3", "gcs"]
    name: str
    region: str | None = None
    access_key: SecretKeyRef | None = None
    secret_key: SecretKeyRef | None = None
    integration: str | None = None


_UNLOADS_TO: Final[dict[DatabaseType, tuple[str, ...]]] = {
    "postgres": (),
    "snowflake": ("s3", "gcs"),
    "bigquery": ("gcs",),
    "databricks": ("s3", "gcs"),
    "trino": ("s3", "gcs"),
}
"""Into which buckets Cube's driver for each database can unload."""


def unusable_bucket(bucket: ExportBucketSource, database: DatabaseType) -> str | None:
    """Why the bucket is of no use for the database, if so."""
    kinds = _UNLOADS_TO[database]
    if bucket.kind in kinds:
        return None
    allowed = f"it can into {' and '.join(kinds)}" if kinds else "it needs none"
    return (
        f"consumption.pre_aggregations.export_bucket is of the type {bucket.kind}, and Cube's driver for {database} "
        f"can't unload into that; {allowed}. Set export_bucket.enabled to false, or name another bucket"
    )


def export_bucket(bucket: ExportBucketSource, database: DatabaseType) -> EnvironmentVariables:
    """The variables of Cube's drivers for it; none where the driver couldn't use it."""
    if unusable_bucket(bucket, database):
        return {}
    # Cube's driver for BigQuery has a name of its own for Google's buckets.
    kind = "gcp" if database == "bigquery" else bucket.kind
    named: EnvironmentVariables = {"CUBEJS_DB_EXPORT_BUCKET": bucket.name, "CUBEJS_DB_EXPORT_BUCKET_TYPE": kind}
    if bucket.integration is not None and database == "snowflake":
        named["CUBEJS_DB_EXPORT_INTEGRATION"] = bucket.integration
    if bucket.kind == "s3" and bucket.region is not None:
        named["CUBEJS_DB_EXPORT_BUCKET_AWS_REGION"] = bucket.region
    return {**named, **_keys(bucket, database)}


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
