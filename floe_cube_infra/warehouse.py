"""What artifacts and settings say about the warehouse, beyond where it is."""

from __future__ import annotations

from collections.abc import Iterator

from floe_cube_infra.inputs.compiled_artifacts import CompiledArtifacts
from floe_cube_infra.inputs.settings import Settings, check_secret_name
from floe_cube_infra.render.environment import (
    ExportBucketSource,
    SecretKeyRef,
    misread_properties,
    unusable_bucket,
)


def warehouse_problems(artifacts: CompiledArtifacts, settings: Settings) -> Iterator[str]:
    """What Cube couldn't be told of it, each as a sentence."""
    yield from misread_properties(artifacts.database_type, artifacts.compute.properties)
    bucket = export_bucket_source(artifacts, settings)
    if bucket is None:
        return
    references = (("access_key_ref", bucket.access_key), ("secret_key_ref", bucket.secret_key))
    problems = [
        check_secret_name(reference.secret, f"consumption.pre_aggregations.export_bucket.{key}")
        for key, reference in references
        if reference is not None
    ]
    yield from (problem for problem in (*problems, unusable_bucket(bucket, artifacts.database_type)) if problem)


def export_bucket_source(artifacts: CompiledArtifacts, settings: Settings) -> ExportBucketSource | None:
    """The bucket through which the warehouse unloads large pre-aggregations, if there is one."""
    bucket, keys = artifacts.consumption.pre_aggregations.export_bucket, settings.secret_keys
    if not bucket.enabled or bucket.bucket_type is None or bucket.name is None:
        return None
    access, secret = bucket.access_key_ref, bucket.secret_key_ref
    secret_key = keys.s3_secret_key if bucket.bucket_type == "s3" else keys.credentials
    return ExportBucketSource(
        kind=bucket.bucket_type,
        name=bucket.name,
        region=bucket.region,
        access_key=SecretKeyRef(secret=access, key=keys.s3_access_key) if access else None,
        secret_key=SecretKeyRef(secret=secret, key=secret_key) if secret else None,
        integration=bucket.integration,
    )
