"""What is refused of an export bucket is what Cube's own drivers couldn't unload into, and nothing else."""

from __future__ import annotations

import base64
import itertools
import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from floe_cube_infra.local_cube.node import find_node
from floe_cube_infra.local_cube.packages import own_lock, provide_packages
from floe_cube_infra.model.cube_config import CubeConfig
from floe_cube_infra.model.database import DATABASE_TYPES, DatabaseType
from floe_cube_infra.model.gateway import Gateway
from floe_cube_infra.render.environment import (
    ExportBucketSource,
    SecretKeyRef,
    SecretKeys,
    cube_environment,
    unusable_bucket,
)

pytestmark = pytest.mark.real

PROPERTIES: Final = {
    "host": "db.example.com",
    "http_path": "/sql/1.0/warehouses/1",
    "catalog": "main",
    "account": "a",
    "project": "p",
}
KEY, SECRET = SecretKeyRef(secret="a", key="id"), SecretKeyRef(secret="b", key="secret")
OF_GOOGLE: Final = base64.b64encode(b'{"client_email": "cube", "private_key": "pem"}').decode()


@dataclass(frozen=True)
class Case:
    """A bucket, as it is given for a database, and what its driver did with it."""

    database: DatabaseType
    bucket: ExportBucketSource
    did: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.database}, {self.bucket!r}: {self.did}"


def buckets() -> list[ExportBucketSource]:
    """All there are: of both kinds, with and without anything that may be given."""
    return [
        ExportBucketSource(
            kind=kind,
            name="unloaded",
            folder=folder,
            scheme=scheme,
            region=region,
            access_key=access_key,
            secret_key=secret_key,
            integration=integration,
        )
        for kind, scheme, folder, region, access_key, secret_key, integration in itertools.product(
            ("s3", "gcs"),
            (None, "s3", "gs"),
            (None, "of/cube"),
            (None, "eu-central-1"),
            (None, KEY),
            (None, SECRET),
            (None, "EXPORTS"),
        )
    ]


def variables(database: DatabaseType, bucket: ExportBucketSource) -> dict[str, str]:
    """What the driver finds in its pod, whose Secrets hold anything that will do."""
    secret = OF_GOOGLE if bucket.kind == "gcs" else "anything"
    environment = cube_environment(
        CubeConfig(database_type=database), Gateway(), PROPERTIES, "w", SecretKeys(), sql_api=False, heap_mib=1,
        bucket=bucket,
    )  # fmt: skip
    found = {name: value if isinstance(value, str) else secret for name, value in environment.items()}
    # Where BigQuery lies is no matter of its bucket.
    return found | ({"CUBEJS_DB_BQ_CREDENTIALS": OF_GOOGLE} if database == "bigquery" else {})


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    node = find_node()
    asked = [
        (database, bucket)
        for database, bucket in itertools.product(DATABASE_TYPES, buckets())
        if database != "postgres"
    ]
    result = subprocess.run(
        [node.program, Path(__file__).with_name("unloading.js")],
        input=json.dumps([{"database": each, "variables": variables(each, bucket)} for each, bucket in asked]),
        env={"PATH": os.defpath, "NODE_PATH": str(provide_packages(own_lock("drivers"), node))},
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    did = json.loads(result.stdout)
    return [Case(database, bucket, each) for (database, bucket), each in zip(asked, did, strict=True)]


def works(case: Case) -> bool:
    """Whether the warehouse may write, and Cube finds it where it was written."""
    bucket, did = case.bucket, case.did
    if "error" in did or did["written"] is None or did.get("listed") is None:
        return False
    scheme, written = did["written"].split("://")
    listed = did["listed"]
    is_found = written.startswith(f"{listed['bucket']}/{listed['prefix']}") and "/" not in listed["bucket"]
    is_of_its_kind = (listed["kind"] == bucket.kind) and (scheme in ("s3", "s3a")) == (bucket.kind == "s3")
    # Elsewhere the warehouse's own role writes.
    may_write = case.database != "snowflake" or re.search("STORAGE_INTEGRATION|CREDENTIALS", did["sql"]) is not None
    may_read = bucket.kind == "gcs" or bool(did["options"].get("region"))
    return is_found and is_of_its_kind and may_write and may_read


def test_a_bucket_is_refused_where_its_driver_could_not_use_it_and_nowhere_else(cases: list[Case]) -> None:
    wrong = []
    for case in cases:
        told = list(unusable_bucket(case.bucket, case.database))
        is_contrary = case.bucket.scheme not in (None, "s3" if case.bucket.kind == "s3" else "gs")
        is_half = case.bucket.kind == "s3" and (case.bucket.access_key is None) != (case.bucket.secret_key is None)
        # These drivers overlook, but whoever gave them meant something.
        if works(case) == bool(told) and not (told and (is_contrary or is_half)):
            wrong.append(f"{case}\n  {told}")
    assert wrong == [], f"{len(wrong)} of {len(cases)}\n" + "\n".join(wrong[:10])
    assert {case.database for case in cases if works(case)} == set(DATABASE_TYPES) - {"postgres"}


def test_keys_that_are_given_are_those_that_cube_reads_with(cases: list[Case]) -> None:
    working = [case for case in cases if works(case) and case.bucket.kind == "s3" and case.bucket.secret_key]
    for case in working:
        given = case.did["options"].get("credentials")
        has_both = case.bucket.access_key is not None
        assert given == ({"accessKeyId": "anything", "secretAccessKey": "anything"} if has_both else None), str(case)
    assert working


def test_nothing_is_told_to_a_driver_that_unloads_nothing() -> None:
    for bucket in buckets():
        assert not any("EXPORT" in name for name in variables("postgres", bucket))
        assert list(unusable_bucket(bucket, "postgres"))
