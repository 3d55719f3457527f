"""The environment of Cube's containers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.model.cube_config import CubeConfig
from floe_cube_infra.model.database import DATABASE_TYPES, DatabaseType
from floe_cube_infra.model.gateway import Gateway, RequestLimits, TokenChecks
from floe_cube_infra.render.environment import EnvironmentVariables, SecretKeyRef, SecretKeys, cube_environment
from floe_cube_infra.render.environment.properties import READ

KEYS = SecretKeys(api_secret="signing", username="user", password="pass")
CONNECTIONS: dict[DatabaseType, tuple[dict[str, Any], dict[str, str]]] = {
    "postgres": (
        {"host": "db", "port": 5432, "database": "shop"},
        {"CUBEJS_DB_HOST": "db", "CUBEJS_DB_PORT": "5432", "CUBEJS_DB_NAME": "shop"},
    ),
    "snowflake": (
        {"account": "ab1", "warehouse": "wh", "role": "r", "region": "eu", "database": "D"},
        {
            "CUBEJS_DB_SNOWFLAKE_ACCOUNT": "ab1",
            "CUBEJS_DB_SNOWFLAKE_WAREHOUSE": "wh",
            "CUBEJS_DB_SNOWFLAKE_ROLE": "r",
            "CUBEJS_DB_SNOWFLAKE_REGION": "eu",
            "CUBEJS_DB_NAME": "D",
        },
    ),
    "bigquery": (
        {"project": "p", "location": "EU"},
        {"CUBEJS_DB_BQ_PROJECT_ID": "p", "CUBEJS_DB_BQ_LOCATION": "EU"},
    ),
    "databricks": (
        {"host": "https://dbc-1.cloud.databricks.com/", "http_path": "/sql/1.0/warehouses/ab", "catalog": "main"},
        {
            "CUBEJS_DB_DATABRICKS_CATALOG": "main",
            "CUBEJS_DB_DATABRICKS_URL": "jdbc:databricks://dbc-1.cloud.databricks.com:443/default;transportMode=http;"
            "ssl=1;httpPath=/sql/1.0/warehouses/ab",
        },
    ),
    "trino": (
        {"host": "t", "port": 8080, "database": "iceberg", "schema": "marts"},
        {
            "CUBEJS_DB_HOST": "t",
            "CUBEJS_DB_PORT": "8080",
            "CUBEJS_DB_PRESTO_CATALOG": "iceberg",
            "CUBEJS_DB_SCHEMA": "marts",
        },
    ),
}
CREDENTIALS: dict[DatabaseType, dict[str, str]] = {
    "postgres": {"CUBEJS_DB_USER": "user", "CUBEJS_DB_PASS": "pass"},
    "snowflake": {"CUBEJS_DB_USER": "user", "CUBEJS_DB_PASS": "pass"},
    "bigquery": {"CUBEJS_DB_BQ_CREDENTIALS": "credentials"},
    "databricks": {"CUBEJS_DB_DATABRICKS_TOKEN": "token"},
    "trino": {"CUBEJS_DB_USER": "user", "CUBEJS_DB_PASS": "pass"},
}


def environment(
    database: DatabaseType = "postgres",
    properties: dict[str, Any] | None = None,
    secret: str | None = None,
    *,
    sql_api: bool = False,
    gateway: Gateway | None = None,
    **config: Any,
) -> EnvironmentVariables:
    return cube_environment(
        CubeConfig(database_type=database, **config),
        gateway or Gateway(),
        properties or {},
        secret,
        KEYS,
        sql_api=sql_api,
        heap_mib=2304,
    )


def test_a_query_is_cancelled_after_the_seconds_that_are_set() -> None:
    found = environment(gateway=Gateway(limits=RequestLimits(seconds=90)))

    assert found["CUBEJS_DB_QUERY_TIMEOUT"] == "90s"


def test_an_identity_providers_keys_need_no_secret() -> None:
    checks = TokenChecks(algorithms=("RS256",), jwks_uri="https://id.example.com/keys")

    assert "CUBEJS_API_SECRET" not in environment(api_secret_ref="cube-api", gateway=Gateway(tokens=checks))


@pytest.mark.parametrize("database", DATABASE_TYPES)
def test_a_connection_becomes_cubes_variables(database: DatabaseType) -> None:
    properties, variables = CONNECTIONS[database]
    found = environment(database, properties)
    without = environment(database)
    assert {name: value for name, value in found.items() if name not in without} == variables


@pytest.mark.parametrize("database", DATABASE_TYPES)
def test_credentials_are_references_to_the_secret_and_nothing_else(database: DatabaseType) -> None:
    found = environment(database, secret="warehouse")
    without = environment(database)
    assert {name: value for name, value in found.items() if name not in without} == {
        variable: SecretKeyRef(secret="warehouse", key=key) for variable, key in CREDENTIALS[database].items()
    }


def test_databricks_goes_by_cubes_own_name() -> None:
    assert environment("databricks")["CUBEJS_DB_TYPE"] == "databricks-jdbc"
    assert environment("trino")["CUBEJS_DB_TYPE"] == "trino"


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("dbc.example;PWD=secret", "/sql"),
        ("dbc.example", "/sql;PWD=secret"),
        ("user:secret@dbc.example", "/sql"),
        ("dbc.example", None),
        (None, "/sql"),
        ("", ""),
    ],
)
def test_what_is_no_host_or_path_never_becomes_a_url(host: str | None, path: str | None) -> None:
    found = environment("databricks", {"host": host, "http_path": path})
    assert "CUBEJS_DB_DATABRICKS_URL" not in found
    assert "secret" not in repr(found)


SECRET = "s3cr3t-Zq9!"


@given(
    database=st.sampled_from(DATABASE_TYPES),
    key=st.sampled_from(["password", "pass", "token", "private_key", "user", "HOST", "host ", "dsn"]) | st.text(),
    value=st.sampled_from([SECRET, [SECRET], {"a": SECRET}]),
)
def test_no_property_that_is_not_listed_is_ever_read(database: DatabaseType, key: str, value: Any) -> None:
    properties, _ = CONNECTIONS[database]
    if key not in READ[database]:
        assert environment(database, {**properties, key: value}) == environment(database, properties)


@pytest.mark.parametrize("value", [True, None, ["x"], {"x": 1}, 1.5])
def test_a_property_of_an_odd_type_is_left_out(value: Any) -> None:
    assert environment(properties={"host": value}) == environment()


def test_the_signing_key_is_a_reference() -> None:
    assert environment(api_secret_ref="cube-api")["CUBEJS_API_SECRET"] == SecretKeyRef(secret="cube-api", key="signing")
    assert "CUBEJS_API_SECRET" not in environment()


def test_cube_runs_for_production_and_tells_nobody() -> None:
    found = environment()
    assert (found["NODE_ENV"], found["CUBEJS_TELEMETRY"]) == ("production", "false")
    assert found["NODE_OPTIONS"] == "--max-old-space-size=2304"
    assert "CUBEJS_DEV_MODE" not in found
    assert environment(dev_mode=True)["CUBEJS_DEV_MODE"] == "true"


def test_ports_are_as_configured_and_the_sql_apis_only_where_it_is_offered() -> None:
    assert environment(api_port=4100)["PORT"] == "4100"
    assert "CUBEJS_PG_SQL_PORT" not in environment()
    assert environment(sql_api=True, sql_port=15433)["CUBEJS_PG_SQL_PORT"] == "15433"


def test_variables_are_sorted() -> None:
    assert list(environment(secret="s", sql_api=True)) == sorted(environment(secret="s", sql_api=True))
