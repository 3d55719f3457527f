"""The databases that Cube queries."""

from __future__ import annotations

from typing import Final, Literal, get_args

DatabaseType = Literal["postgres", "snowflake", "bigquery", "databricks", "trino"]
"""A warehouse by the name that floe, dbt's adapter and this project share."""

DATABASE_TYPES: Final[tuple[DatabaseType, ...]] = get_args(DatabaseType)

USUAL_PORTS: Final[dict[DatabaseType, int]] = {
    "postgres": 5432,
    "snowflake": 443,
    "bigquery": 443,
    "databricks": 443,
    "trino": 8080,
}
"""Where each answers unless it is told to answer elsewhere."""
