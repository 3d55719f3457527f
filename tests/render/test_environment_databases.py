"""How each database is reached and logged in to."""

from __future__ import annotations

from typing import Any

import pytest

from floe_cube_infra.model.cube_config import CubeConfig
from floe_cube_infra.model.database import DATABASE_TYPES, DatabaseType
from floe_cube_infra.model.gateway import Gateway
from floe_cube_infra.render.environment import (
    EnvironmentVariables,
    ExportBucketSource,
    SecretKeyRef,
    SecretKeys,
    cube_environment,
    misread_properties,
    unusable_bucket,
)

ALL_KEYS = SecretKeys(
    private_key_passphrase="phrase", ca_certificate="ca.crt", client_certificate="tls.crt", client_key="tls.key"
)


def of_the_database(
    database: DatabaseType,
    properties: dict[str, Any],
    *,
    keys: SecretKeys | None = None,
    bucket: ExportBucketSource | None = None,
) -> dict[str, str]:
    """The database's variables; a reference as the key in angle brackets."""
    whole: EnvironmentVariables = cube_environment(
        CubeConfig(database_type=database),
        Gateway(),
        properties,
        "warehouse",
        keys or SecretKeys(),
        sql_api=False,
        heap_mib=1024,
        bucket=bucket,
    )
    return {
        name.removeprefix("CUBEJS_DB_"): f"<{value.key}>" if isinstance(value, SecretKeyRef) else value
        for name, value in whole.items()
        if name.startswith("CUBEJS_DB_")
        and name not in ("CUBEJS_DB_TYPE", "CUBEJS_DB_QUERY_LIMIT", "CUBEJS_DB_QUERY_TIMEOUT")
    }


LOGIN = {"USER": "<username>", "PASS": "<password>"}
CASES: list[tuple[DatabaseType, dict[str, Any], dict[str, str]]] = [
    ("postgres", {"sslmode": "disable"}, LOGIN),
    ("postgres", {"sslmode": "require"}, {**LOGIN, "SSL": "true", "SSL_REJECT_UNAUTHORIZED": "false"}),
    ("postgres", {"sslmode": "verify-full"}, {**LOGIN, "SSL": "true", "SSL_REJECT_UNAUTHORIZED": "true"}),
    ("postgres", {"dbname": "shop"}, {**LOGIN, "NAME": "shop"}),
    ("snowflake", {"account": "ab1.eu-west-1"}, {**LOGIN, "SNOWFLAKE_ACCOUNT": "ab1.eu-west-1"}),
    (
        "snowflake",
        {"authenticator": "snowflake_jwt"},
        {
            "USER": "<username>",
            "SNOWFLAKE_AUTHENTICATOR": "SNOWFLAKE_JWT",
            "SNOWFLAKE_PRIVATE_KEY": "<private-key>",
        },
    ),
    (
        "snowflake",
        {"authenticator": "oauth"},
        {"SNOWFLAKE_AUTHENTICATOR": "OAUTH", "SNOWFLAKE_OAUTH_TOKEN": "<token>"},
    ),
    ("bigquery", {"project": "p-1"}, {"BQ_PROJECT_ID": "p-1", "BQ_CREDENTIALS": "<credentials>"}),
    ("bigquery", {"keyfile": "/var/keys/bq.json"}, {"BQ_KEY_FILE": "/var/keys/bq.json"}),
    ("databricks", {}, {"DATABRICKS_TOKEN": "<token>"}),
    (
        "databricks",
        {"auth_type": "oauth"},
        {"DATABRICKS_OAUTH_CLIENT_ID": "<client-id>", "DATABRICKS_OAUTH_CLIENT_SECRET": "<client-secret>"},
    ),
    ("trino", {"method": "none"}, {"USER": "<username>"}),
    ("trino", {"method": "jwt"}, {"USER": "<username>", "PRESTO_AUTH_TOKEN": "<token>"}),
    (
        "trino",
        {"method": "ldap", "http_scheme": "https", "catalog": "hive"},
        {**LOGIN, "SSL": "true", "SSL_REJECT_UNAUTHORIZED": "true", "PRESTO_CATALOG": "hive"},
    ),
]


@pytest.mark.parametrize(("database", "properties", "variables"), CASES)
def test_every_way_to_log_in_has_its_variables(
    database: DatabaseType, properties: dict[str, Any], variables: dict[str, str]
) -> None:
    assert of_the_database(database, properties) == variables


@pytest.mark.parametrize("database", ["postgres", "trino"])
def test_certificates_come_from_the_secret_and_switch_verification_on(database: DatabaseType) -> None:
    found = of_the_database(database, {}, keys=ALL_KEYS)
    assert {name: value for name, value in found.items() if name.startswith("SSL")} == {
        "SSL": "true",
        "SSL_REJECT_UNAUTHORIZED": "true",
        "SSL_CA": "<ca.crt>",
        "SSL_CERT": "<tls.crt>",
        "SSL_KEY": "<tls.key>",
    }


def test_an_encrypted_private_key_comes_with_its_passphrase() -> None:
    found = of_the_database("snowflake", {"authenticator": "SNOWFLAKE_JWT"}, keys=ALL_KEYS)
    assert found["SNOWFLAKE_PRIVATE_KEY_PASS"] == "<phrase>"


KEY, SECRET = SecretKeyRef(secret="a", key="id"), SecretKeyRef(secret="b", key="secret")
S3 = ExportBucketSource(kind="s3", name="out", region="eu-west-1", access_key=KEY, secret_key=SECRET)
GCS = ExportBucketSource(kind="gcs", name="out", secret_key=SECRET)


@pytest.mark.parametrize(
    ("database", "bucket", "variables"),
    [
        (
            "snowflake",
            S3.model_copy(update={"integration": "cube"}),
            {
                "BUCKET": "out",
                "BUCKET_TYPE": "s3",
                "BUCKET_AWS_REGION": "eu-west-1",
                "BUCKET_AWS_KEY": "<id>",
                "BUCKET_AWS_SECRET": "<secret>",
                "INTEGRATION": "cube",
            },
        ),
        # Databricks writes into the address that it is given; without a scheme that would be one of its own folders.
        ("databricks", GCS, {"BUCKET": "gs://out", "BUCKET_TYPE": "gcs", "GCS_CREDENTIALS": "<secret>"}),
        ("bigquery", GCS, {"BUCKET": "out", "BUCKET_TYPE": "gcp"}),
    ],
)
def test_an_export_bucket_has_the_variables_of_the_databases_driver(
    database: DatabaseType, bucket: ExportBucketSource, variables: dict[str, str]
) -> None:
    found = of_the_database(database, {}, bucket=bucket)
    exported = {name.removeprefix("EXPORT_"): value for name, value in found.items() if name.startswith("EXPORT_")}
    assert exported == variables


@pytest.mark.parametrize(
    ("database", "bucket", "told"),
    [
        ("postgres", S3, ["driver for postgres can't unload into that; it needs none"]),
        ("bigquery", S3, ["driver for bigquery can't unload into that; it can into gcs"]),
        ("bigquery", GCS.model_copy(update={"folder": "of/cube"}), ["only finds what is in a bucket's root"]),
        ("trino", S3.model_copy(update={"folder": "of/cube", "region": None}), ["bucket's root", "without a region"]),
        ("databricks", S3.model_copy(update={"scheme": "gs"}), ["begins with gs://, and bucket_type is s3"]),
        ("databricks", S3.model_copy(update={"secret_key": None}), ["access_key_ref and secret_key_ref without"]),
        ("snowflake", GCS, ["needs both integration, with which Snowflake writes, and secret_key_ref"]),
        (
            "snowflake",
            S3.model_copy(update={"access_key": None, "secret_key": None}),
            ["neither an integration nor keys"],
        ),
        ("snowflake", S3, []),
        ("bigquery", GCS, []),
    ],
)
def test_what_keeps_a_driver_from_unloading_is_told(
    database: DatabaseType, bucket: ExportBucketSource, told: list[str]
) -> None:
    found = list(unusable_bucket(bucket, database))
    assert [part for part, whole in zip(told, found, strict=True) if part not in whole] == []
    if told and "can't unload" in told[0]:
        assert not any(name.startswith("EXPORT_") for name in of_the_database(database, {}, bucket=bucket))


@pytest.mark.parametrize(
    ("database", "key", "value"),
    [
        ("postgres", "host", "ada:s3cr3t@db"),
        ("postgres", "database", "shop?password=s3cr3t"),
        ("postgres", "port", "s3cr3t"),
        ("snowflake", "account", "s3cr3t@account"),
        ("databricks", "http_path", "/sql/1.0/warehouses/1;PWD=s3cr3t"),
        ("databricks", "http_path", "sql/protocolv1/o/1/s3cr3t"),
        ("trino", "host", ["s3cr3t"]),
    ],
)
def test_what_cant_be_what_it_is_called_is_told_and_never_shown(
    database: DatabaseType, key: str, value: object
) -> None:
    (told,) = misread_properties(database, {key: value})
    assert told.startswith(f"compute.properties.{key} is not ")
    assert "s3cr3t" not in told
    assert "s3cr3t" not in repr(of_the_database(database, {key: value}))


@pytest.mark.parametrize("database", DATABASE_TYPES)
def test_properties_as_they_are_are_not_complained_of(database: DatabaseType) -> None:
    properties = {"host": "https://db.example.com/", "port": 5432, "database": "Shop_1", "account": "a.b", "role": ""}
    assert list(misread_properties(database, properties)) == []
