"""What a column's type in the warehouse is to Cube.

Cube knows five types of dimensions (https://cube.dev/docs/product/data-modeling/reference/types-and-formats).
Four are used here, and where a warehouse's type fits none exactly, the choice is the same everywhere:

- A time of day without a date is a string: Cube truncates a `time` dimension to days, weeks, months and
  compares it with dates, which needs a point in time.
- An interval is a string: it is no point in time, and no warehouse gives it as a number.
- A place (geography, geometry) is a string: Cube's `geo` is made of two expressions, latitude and
  longitude, and can't be derived from one column's type.
- Arrays, structures, JSON, binary values, ranges and sketches are strings: what is shown is their text.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.members import DimensionType
from floe_cube_infra.translate.data_types.bigquery import BIGQUERY
from floe_cube_infra.translate.data_types.databricks import DATABRICKS
from floe_cube_infra.translate.data_types.duckdb import DUCKDB
from floe_cube_infra.translate.data_types.postgres import POSTGRES
from floe_cube_infra.translate.data_types.redshift import REDSHIFT
from floe_cube_infra.translate.data_types.snowflake import SNOWFLAKE
from floe_cube_infra.translate.data_types.spelling import base_name
from floe_cube_infra.translate.data_types.trino import TRINO

__all__ = ["adapter_dimension_type", "dimension_type"]

_Table = Mapping[str, DimensionType]

_BY_DATABASE: Final[Mapping[DatabaseType, _Table]] = {
    "postgres": POSTGRES,
    "snowflake": SNOWFLAKE,
    "bigquery": BIGQUERY,
    "databricks": DATABRICKS,
    "trino": TRINO,
}
_BY_ADAPTER: Final[Mapping[str, _Table]] = {
    **{str(database): table for database, table in _BY_DATABASE.items()},
    "duckdb": DUCKDB,
    "redshift": REDSHIFT,
    "spark": DATABRICKS,
    # Both speak PostgreSQL's protocol and use its type names.
    "greenplum": POSTGRES,
    "materialize": POSTGRES,
}
_EVERY_TABLE: Final = (*_BY_DATABASE.values(), DUCKDB, REDSHIFT)

# A project has some dozens of spellings and up to hundreds of thousands of columns; the bound keeps a
# process that watches manifests for months from growing.
_REMEMBERED: Final = 8192


def dimension_type(data_type: str, database_type: DatabaseType) -> DimensionType | None:
    """The Cube type of a column of one of the warehouses that this project provisions for.

    Args:
        data_type: The type as written: any case, with sizes, arguments, nullability, schema and the like.
        database_type: The warehouse whose names to go by.

    Returns:
        The type, or None when the warehouse has no such type built in: an enum or a domain of the
        user's, a misspelling. Treat it as a string then, and say so. No text raises.
    """
    return _database_lookup(data_type, database_type)


def adapter_dimension_type(data_type: str, adapter: str) -> DimensionType | None:
    """The Cube type of a column in the manifest of any dbt adapter.

    Args:
        data_type: The type as written.
        adapter: dbt's name of the adapter (`metadata.adapter_type`), in any case.

    Returns:
        As `dimension_type`. For an adapter that isn't known, what the first warehouse says that has a
        type of this name, in the order Postgres, Snowflake, BigQuery, Databricks, Trino, DuckDB, Redshift.
    """
    return _adapter_lookup(data_type, adapter)


# The public functions are plain ones since a cached function's arguments are not type-checked.
@lru_cache(maxsize=_REMEMBERED)
def _database_lookup(data_type: str, database_type: DatabaseType) -> DimensionType | None:
    return _BY_DATABASE[database_type].get(base_name(data_type))


@lru_cache(maxsize=_REMEMBERED)
def _adapter_lookup(data_type: str, adapter: str) -> DimensionType | None:
    name = base_name(data_type)
    known = _BY_ADAPTER.get(adapter.strip().lower())
    for table in (known,) if known is not None else _EVERY_TABLE:
        if name in table:
            return table[name]
    return None
