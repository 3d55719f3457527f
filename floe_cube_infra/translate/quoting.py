"""Column names as the warehouse wants them in SQL, and as Cube wants them in a model."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from floe_cube_infra.model.database import DatabaseType

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_QUOTE: Final[dict[DatabaseType, str]] = {
    "postgres": '"',
    "snowflake": '"',
    "bigquery": "`",
    "databricks": "`",
    "trino": '"',
}

# Words of SQL:2016 that warehouses don't take unquoted as a column after a table's name. PostgreSQL is not
# concerned: after a dot it takes every word.
# fmt: off
_RESERVED: Final = frozenset(
    ["all", "alter", "and", "any", "as", "between", "by", "case", "check", "column", "constraint",
     "create", "cross", "current", "current_date", "current_time", "current_timestamp", "current_user",
     "default", "delete", "distinct", "drop", "else", "end", "except", "exists", "false", "for",
     "foreign", "from", "full", "group", "grouping", "having", "in", "inner", "insert", "intersect",
     "into", "is", "join", "left", "like", "limit", "natural", "not", "null", "offset", "on", "or",
     "order", "outer", "primary", "qualify", "references", "right", "row", "rows", "sample", "select",
     "set", "start", "table", "then", "to", "trigger", "true", "union", "unique", "update", "user",
     "using", "values", "view", "when", "where", "window", "with"]
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
    quote = _QUOTE[database_type]
    spelled = name.upper() if database_type == "snowflake" and not quoted and _is_folded(name) else name
    return f"{quote}{spelled.replace(quote, quote * 2)}{quote}"


def _needs_quotes(name: str, database_type: DatabaseType) -> bool:
    return database_type != "postgres" and name.lower() in _RESERVED


def _is_folded(name: str) -> bool:
    """Whether Snowflake stores the name in upper case, since it was made without quotes."""
    return _PLAIN.fullmatch(name) is not None
