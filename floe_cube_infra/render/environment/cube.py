"""All variables of Cube's containers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from floe_cube_infra.model.cube_config import CubeConfig
from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.gateway import Gateway
from floe_cube_infra.render.environment.bigquery import bigquery
from floe_cube_infra.render.environment.databricks import databricks
from floe_cube_infra.render.environment.export_bucket import ExportBucketSource, export_bucket
from floe_cube_infra.render.environment.postgres import postgres
from floe_cube_infra.render.environment.properties import Properties
from floe_cube_infra.render.environment.secret_references import (
    Credentials,
    EnvironmentVariables,
    SecretKeyRef,
    SecretKeys,
)
from floe_cube_infra.render.environment.snowflake import snowflake
from floe_cube_infra.render.environment.trino import trino

# Cube's names for its drivers, where they differ from ours.
_DRIVERS: Final[dict[DatabaseType, str]] = {"databricks": "databricks-jdbc"}
_CONNECTIONS: Final[dict[DatabaseType, Callable[[Properties, Credentials], EnvironmentVariables]]] = {
    "postgres": postgres,
    "snowflake": snowflake,
    "bigquery": bigquery,
    "databricks": databricks,
    "trino": trino,
}


def cube_environment(
    config: CubeConfig,
    gateway: Gateway,
    compute_properties: Properties,
    connection_secret: str | None,
    keys: SecretKeys,
    *,
    sql_api: bool,
    heap_mib: int,
    bucket: ExportBucketSource | None = None,
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
        bucket: Through which the warehouse unloads large pre-aggregations.
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
        **_CONNECTIONS[database](compute_properties, Credentials(secret=connection_secret, keys=keys)),
        **(export_bucket(bucket, database) if bucket else {}),
    }
    if config.dev_mode:
        variables["CUBEJS_DEV_MODE"] = "true"
    if sql_api:
        variables["CUBEJS_PG_SQL_PORT"] = str(config.sql_port)
    if config.api_secret_ref is not None and gateway.tokens.jwks_uri is None:
        variables["CUBEJS_API_SECRET"] = SecretKeyRef(secret=config.api_secret_ref, key=keys.api_secret)
    return dict(sorted(variables.items()))
