"""The databases that Cube queries."""

from __future__ import annotations

from typing import Final, Literal, get_args

DatabaseType = Literal["postgres", "snowflake", "bigquery", "databricks", "trino"]
"""A warehouse by the name that floe, dbt's adapter and this project share."""

DATABASE_TYPES: Final[tuple[DatabaseType, ...]] = get_args(DatabaseType)
