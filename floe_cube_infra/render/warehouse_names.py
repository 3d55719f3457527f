"""How lineage names the warehouse: as dbt's own OpenLineage integration does by the same properties.

Source: `extract_namespace` and `fix_account_name` of openlineage-integration-common, and
https://openlineage.io/docs/spec/naming
"""

from __future__ import annotations

from typing import Final

from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.dataset_lineage import WarehouseNames
from floe_cube_infra.render.environment.properties import Properties, read

_DEFAULT_PORTS: Final = {"postgres": "5432", "trino": "8080"}
_DATABASE_KEYS: Final = ("database", "dbname", "catalog", "project")


def warehouse_names(database: DatabaseType, properties: Properties) -> WarehouseNames:
    """The namespace of the warehouse's tables, and the database of those that are named without one.

    Args:
        database: What Cube queries.
        properties: `compute.properties`; only listed keys are read.

    Returns:
        Where the address is not among the properties, a namespace without one: then lineage stands, but apart from
        dbt's.
    """
    default = next((value for key in _DATABASE_KEYS if (value := read(properties, key)) is not None), None)
    return WarehouseNames(namespace=_namespace(database, properties), database=default)


def _namespace(database: DatabaseType, properties: Properties) -> str:
    host = read(properties, "host")
    match database:
        case "bigquery":
            return "bigquery"
        case "snowflake":
            account = read(properties, "account")
            return f"snowflake://{_snowflake_account(account)}" if account else "snowflake"
        case "databricks":
            return f"databricks://{host}" if host else "databricks"
        case _:
            port = read(properties, "port") or _DEFAULT_PORTS[database]
            return f"{database}://{host}:{port}" if host else database


def _snowflake_account(account: str) -> str:
    own, *where = account.split(".")
    if "-" in own:
        return own
    # An account by its locator: region and cloud are part of its name.
    return ".".join((own, *(where or ["us-west-1"]), *(["aws"] if len(where) < 2 else [])))
