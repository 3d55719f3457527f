"""What artifacts and settings say about the warehouse, beyond where it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from floe_cube_infra.inputs.compiled_artifacts import CompiledArtifacts
from floe_cube_infra.inputs.problems import shown
from floe_cube_infra.inputs.settings import Settings, check_secret_name
from floe_cube_infra.render.environment import (
    ExportBucketSource,
    SecretKeyRef,
    misread_properties,
    unusable_bucket,
)

_EXPORT_BUCKET: Final = "consumption.pre_aggregations.export_bucket"
_ADDRESS: Final = re.compile(
    r"(?:(?P<scheme>[a-z0-9]{1,10})://)?(?P<name>[A-Za-z0-9][\w.-]{1,220}[A-Za-z0-9])"
    r"(?:/(?P<folder>[\w.=-]+(?:/[\w.=-]+)*))?/?",
    re.ASCII,
)
"""`bucket`, `s3://bucket`, `gs://bucket/folder`."""


def warehouse_problems(artifacts: CompiledArtifacts, settings: Settings) -> Iterator[str]:
    """What Cube couldn't be told of it, each as a sentence."""
    yield from misread_properties(artifacts.database_type, artifacts.compute.properties)
    given = artifacts.consumption.pre_aggregations.export_bucket
    if not given.enabled:
        return
    bucket = export_bucket_source(artifacts, settings)
    if bucket is None:
        yield (
            f"{_EXPORT_BUCKET}.enabled is true with the bucket_type {given.bucket_type!r} and the name "
            f"{shown(given.name)}. Give both, the name with or without a scheme (s3://, gs://) and a folder, or set "
            "enabled to false"
        )
        return
    references = (("access_key_ref", bucket.access_key), ("secret_key_ref", bucket.secret_key))
    problems = [
        check_secret_name(reference.secret, f"{_EXPORT_BUCKET}.{key}")
        for key, reference in references
        if reference is not None
    ]
    yield from (problem for problem in problems if problem)
    yield from unusable_bucket(bucket, artifacts.database_type)


def export_bucket_source(artifacts: CompiledArtifacts, settings: Settings) -> ExportBucketSource | None:
    """The bucket through which the warehouse unloads large pre-aggregations, if there is one that can be understood."""
    bucket, keys = artifacts.consumption.pre_aggregations.export_bucket, settings.secret_keys
    address = _ADDRESS.fullmatch(bucket.name or "")
    if not bucket.enabled or bucket.bucket_type is None or address is None:
        return None
    access, secret = bucket.access_key_ref, bucket.secret_key_ref
    secret_key = keys.s3_secret_key if bucket.bucket_type == "s3" else keys.credentials
    return ExportBucketSource(
        kind=bucket.bucket_type,
        name=address["name"],
        folder=address["folder"],
        scheme=address["scheme"],
        region=bucket.region,
        access_key=SecretKeyRef(secret=access, key=keys.s3_access_key) if access else None,
        secret_key=SecretKeyRef(secret=secret, key=secret_key) if secret else None,
        integration=bucket.integration,
    )
