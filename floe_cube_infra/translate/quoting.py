"""Column names as the warehouse wants them in SQL, and as Cube wants them in a model."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from floe_cube_infra.model.database import DatabaseType

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_UNQUOTED_IN_SNOWFLAKE = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")
_QUOTE: Final[dict[DatabaseType, str]] = {
    "postgres": '"',
    "snowflake": '"',
    "bigquery": "`",
    "databricks": "`",
    "trino": '"',
}

# Words that Snowflake or Trino reserve, and so may not take unquoted as a column after a table's name. The others
# don't mind the quotes, and PostgreSQL takes every word after a dot.
# https://docs.snowflake.com/en/sql-reference/reserved-keywords, https://trino.io/docs/current/language/reserved.html
# fmt: off
_RESERVED: Final = frozenset(
    ["all", "alter", "and", "any", "as", "between", "by", "case", "cast", "check", "column", "connect", "constraint",
     "create", "cross", "cube", "current", "current_catalog", "current_date", "current_path", "current_role",
     "current_schema", "current_time", "current_timestamp", "current_user", "deallocate", "default", "delete",
     "describe", "distinct", "drop", "else", "end", "escape", "except", "execute", "exists", "extract", "false",
     "following", "for", "foreign", "from", "full", "grant", "group", "grouping", "having", "ilike", "in", "increment",
     "inner", "insert", "intersect", "into", "is", "join", "json_array", "json_exists", "json_object", "json_query",
     "json_table", "json_value", "lateral", "left", "like", "limit", "listagg", "localtime", "localtimestamp", "minus",
     "natural", "normalize", "not", "null", "of", "offset", "on", "or", "order", "outer", "prepare", "primary",
     "qualify", "recursive", "references", "regexp", "revoke", "right", "rlike", "rollup", "row", "rows", "sample",
     "select", "set", "skip", "some", "start", "table", "tablesample", "then", "to", "trigger", "trim", "true",
     "try_cast", "uescape", "union", "unique", "unnest", "update", "user", "using", "values", "view", "when",
     "whenever", "where", "window", "with"]
)
# fmt: on


@lru_cache(maxsize=1 << 16)
def column_sql(name: str, database_type: DatabaseType, *, quoted: bool = False) -> str:
    """A column's name in SQL.

    Args:
        name: The name as dbt has it.
        database_type: Decides the quote character.
        quoted: dbt's `quote: true`: the name is spelled exactly so in the warehouse.

    Raises:
        ValueError: The name has a brace, which Cube would take for a reference in SQL.
    """
    if "{" in name or "}" in name:
        raise ValueError(f"the column name {name!r} has a brace, which Cube reads as a reference")
    if not quoted and _PLAIN.fullmatch(name) and not _needs_quotes(name, database_type):
        return name
    if database_type == "bigquery" and "." in name:
        # No column has a dot there: it is a field of a structure.
        return ".".join(column_sql(part, database_type, quoted=quoted) for part in name.split("."))
    quote = _QUOTE[database_type]
    spelled = name.upper() if database_type == "snowflake" and not quoted and _is_folded(name) else name
    return f"{quote}{spelled.replace(quote, quote * 2)}{quote}"


def _needs_quotes(name: str, database_type: DatabaseType) -> bool:
    return database_type != "postgres" and name.lower() in _RESERVED


def _is_folded(name: str) -> bool:
    """Whether Snowflake stores the name in upper case, since it was made without quotes."""
    return _UNQUOTED_IN_SNOWFLAKE.fullmatch(name) is not None
