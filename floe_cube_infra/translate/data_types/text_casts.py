"""Columns whose values are no texts although Cube treats them so: JSON, arrays and structures.

Drivers give their values as objects, on which GraphQL's `String` fails and by which some warehouses can't group. So the
warehouse itself makes texts of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.translate.data_types.spelling import base_name


class _Cast(NamedTuple):
    types: frozenset[str]
    before: str
    after: str


_CASTS: Final[Mapping[DatabaseType, _Cast]] = {
    # https://www.postgresql.org/docs/current/sql-expressions.html#SQL-SYNTAX-TYPE-CASTS
    "postgres": _Cast(frozenset({"json", "jsonb", "array"}), "CAST(", " AS TEXT)"),
    # https://docs.snowflake.com/en/sql-reference/functions/to_json
    "snowflake": _Cast(frozenset({"variant", "object", "array", "map"}), "TO_JSON(", ")"),
    # https://cloud.google.com/bigquery/docs/reference/standard-sql/json_functions#to_json_string
    "bigquery": _Cast(frozenset({"json", "array", "struct", "record"}), "TO_JSON_STRING(", ")"),
    # https://docs.databricks.com/en/sql/language-manual/functions/to_json.html
    "databricks": _Cast(frozenset({"array", "map", "struct", "variant", "object"}), "TO_JSON(", ")"),
    # https://trino.io/docs/current/functions/json.html#cast-to-json
    "trino": _Cast(frozenset({"json", "array", "map", "row"}), "JSON_FORMAT(CAST(", " AS JSON))"),
}


def as_text(sql: str, data_type: str, database_type: DatabaseType) -> str:
    """The expression whose value is a text.

    Args:
        sql: The column.
        data_type: Its type, as written.
        database_type: The warehouse.

    Returns:
        The column itself, unless drivers give its values as objects.
    """
    cast = _cast(data_type, database_type)
    return sql if cast is None else f"{cast.before}{sql}{cast.after}"


# A project has some dozens of spellings and up to hundreds of thousands of columns.
@lru_cache(maxsize=8192)
def _cast(data_type: str, database_type: DatabaseType) -> _Cast | None:
    cast = _CASTS[database_type]
    return cast if base_name(data_type) in cast.types else None
