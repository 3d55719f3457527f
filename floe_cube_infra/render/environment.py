"""The environment of Cube's containers: plain values, and references to Secrets for every credential.

Names: https://cube.dev/docs/product/configuration/reference/environment-variables
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from floe_cube_infra.model.cube_config import CubeConfig
from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.frozen import Frozen
from floe_cube_infra.model.gateway import Gateway

# Cube's names for its drivers, where they differ from ours.
_DRIVERS: Final[dict[DatabaseType, str]] = {"databricks": "databricks-jdbc"}

# Which keys of `compute.properties` become which variables. Only these are ever read: the properties are free
# form, and a password among them must not reach a manifest.
_PROPERTIES: Final[dict[DatabaseType, dict[str, str]]] = {
    "postgres": {"host": "CUBEJS_DB_HOST", "port": "CUBEJS_DB_PORT", "database": "CUBEJS_DB_NAME"},
    "snowflake": {
        "account": "CUBEJS_DB_SNOWFLAKE_ACCOUNT",
        "warehouse": "CUBEJS_DB_SNOWFLAKE_WAREHOUSE",
        "role": "CUBEJS_DB_SNOWFLAKE_ROLE",
        "region": "CUBEJS_DB_SNOWFLAKE_REGION",
        "database": "CUBEJS_DB_NAME",
    },
    "bigquery": {"project": "CUBEJS_DB_BQ_PROJECT_ID", "location": "CUBEJS_DB_BQ_LOCATION"},
    "databricks": {"catalog": "CUBEJS_DB_DATABRICKS_CATALOG"},
    "trino": {
        "host": "CUBEJS_DB_HOST",
        "port": "CUBEJS_DB_PORT",
        "database": "CUBEJS_DB_PRESTO_CATALOG",
        "schema": "CUBEJS_DB_SCHEMA",
    },
}

# Which credentials each database takes from the connection's Secret: the setting that names the key, the variable.
_USER_AND_PASSWORD: Final = (("username", "CUBEJS_DB_USER"), ("password", "CUBEJS_DB_PASS"))
_CREDENTIALS: Final[dict[DatabaseType, tuple[tuple[str, str], ...]]] = {
    "postgres": _USER_AND_PASSWORD,
    "snowflake": _USER_AND_PASSWORD,
    "bigquery": (("password", "CUBEJS_DB_BQ_CREDENTIALS"),),
    "databricks": (("password", "CUBEJS_DB_DATABRICKS_TOKEN"),),
    "trino": _USER_AND_PASSWORD,
}


_HOST: Final = re.compile(r"(?:https://)?([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)/?")
_PATH: Final = re.compile(r"(/?[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*)")


class SecretKeys(Frozen):
    """The keys under which Secrets hold what Cube needs; see the settings of the same names."""

    api_secret: str
    username: str
    password: str


class SecretKeyRef(Frozen):
    """A key of a Kubernetes Secret."""

    secret: str
    key: str


EnvironmentVariables = dict[str, str | SecretKeyRef]
"""Variables by name: a plain value, or where Kubernetes finds the secret one."""


def cube_environment(
    config: CubeConfig,
    gateway: Gateway,
    compute_properties: Mapping[str, object],
    connection_secret: str | None,
    keys: SecretKeys,
    *,
    sql_api: bool,
    heap_mib: int,
) -> EnvironmentVariables:
    """The variables of the Cube API, sorted by name.

    Args:
        config: How Cube is set up.
        gateway: What every request meets.
        compute_properties: Where the warehouse is; only allow-listed keys are read.
        connection_secret: The Secret with the warehouse's credentials.
        keys: The keys in the Secrets.
        sql_api: Whether the SQL API is offered.
        heap_mib: The size of Node's heap.
    """
    database = config.database_type
    variables: EnvironmentVariables = {
        # Above this Cube answers 500; cube.js refuses large queries before that, with a hint at paging.
        "CUBEJS_DB_QUERY_LIMIT": "1000000",
        "CUBEJS_DB_QUERY_TIMEOUT": f"{gateway.limits.seconds}s",
        "CUBEJS_DB_TYPE": _DRIVERS.get(database, database),
        "PORT": str(config.api_port),
        "CUBEJS_PRE_AGGREGATIONS_SCHEMA": config.pre_aggregations_schema,
        "CUBEJS_TELEMETRY": "false",
        "NODE_ENV": "production",
        "NODE_OPTIONS": f"--max-old-space-size={heap_mib}",
    }
    if config.dev_mode:
        variables["CUBEJS_DEV_MODE"] = "true"
    if sql_api:
        variables["CUBEJS_PG_SQL_PORT"] = str(config.sql_port)
    if config.api_secret_ref is not None and gateway.tokens.jwks_uri is None:
        variables["CUBEJS_API_SECRET"] = SecretKeyRef(secret=config.api_secret_ref, key=keys.api_secret)
    for key, variable in _PROPERTIES[database].items():
        value = compute_properties.get(key)
        if isinstance(value, str | int) and not isinstance(value, bool):
            variables[variable] = str(value)
    if database == "databricks" and (url := _databricks_url(compute_properties)):
        variables["CUBEJS_DB_DATABRICKS_URL"] = url
    if connection_secret is not None:
        for credential, variable in _CREDENTIALS[database]:
            variables[variable] = SecretKeyRef(secret=connection_secret, key=getattr(keys, credential))
    return dict(sorted(variables.items()))


def _databricks_url(properties: Mapping[str, object]) -> str | None:
    """Where the SQL warehouse is; its token comes from the Secret.

    Both parts must be what they are called, since the URL would take a password after a semicolon.
    https://cube.dev/docs/product/configuration/data-sources/databricks-jdbc
    """
    host, path = (_matched(pattern, properties.get(key)) for pattern, key in ((_HOST, "host"), (_PATH, "http_path")))
    if host is None or path is None:
        return None
    return f"jdbc:databricks://{host}:443/default;transportMode=http;ssl=1;AuthMech=3;httpPath={path};UID=token"


def _matched(pattern: re.Pattern[str], value: object) -> str | None:
    match = pattern.fullmatch(value) if isinstance(value, str) else None
    return match[1] if match else None
