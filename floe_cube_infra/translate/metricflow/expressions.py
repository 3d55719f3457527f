"""SQL from the semantic layer as Cube wants it: every column belongs to a cube, every name to a member.

Only names are exchanged, at the places where a parser of the warehouse's dialect found them; everything else stays as
people wrote it. The parser is loaded when the first SQL that is more than a name or a number comes along.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from floe_cube_infra.inputs.dbt_semantics import Expression
from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.translate.metricflow.unsupported import CannotSay
from floe_cube_infra.translate.quoting import column_sql
from floe_cube_infra.translate.sources import SourceColumn, SourceModel

_NAME = re.compile(r'[A-Za-z_][A-Za-z0-9_$]*|"[^"]+"|`[^`]+`')
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_OPERAND = re.compile(r"\{CUBE\}\.(\w+|\"[^\"]+\"|`[^`]+`)|[0-9.]+|(?i:case\b(?:(?!\bend\b).)*\bend)", re.DOTALL)
_LIKE_A_REFERENCE = re.compile(r"\{\s*[A-Za-z_]")
_BEFORE, _AFTER = "SELECT (", "\n)"

# Words that warehouses write where a column could stand: constants, and units of time in functions.
# fmt: off
_NO_COLUMNS: Final = frozenset(
    ["true", "false", "null", "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp",
     "current_user", "session_user", "user", "sysdate", "systimestamp",
     "microsecond", "millisecond", "second", "minute", "hour", "day", "dayofweek", "dayofyear", "dow", "doy",
     "week", "isoweek", "month", "quarter", "year", "isoyear", "epoch"]
)
# fmt: on


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """A column's name in SQL.

    Attributes:
        parts: The name's parts without quotes: `("orders", "amount")`; a struct's fields are parts, too.
        text: The first part as it is written.
    """

    parts: tuple[str, ...]
    text: str


def text_of(expr: Expression | None) -> str | None:
    """An expression as SQL; None if there is none."""
    if isinstance(expr, bool):
        return str(expr).lower()
    text = "" if expr is None else str(expr).strip()
    return text or None


def plain_name(expr: str) -> str | None:
    """The name without quotes, if the expression is nothing but a column's name."""
    if _NAME.fullmatch(expr) is None or expr.lower() in _NO_COLUMNS:
        return None
    return expr.strip('"`')


def is_number(expr: str) -> bool:
    """Whether the expression is nothing but a number."""
    return _NUMBER.fullmatch(expr) is not None


def plain_column(expr: str, source: SourceModel) -> SourceColumn | None:
    """The known column that the expression is, if it is nothing else."""
    name = plain_name(expr)
    return source.column(name) if name else None


def of_cube(expr: str, source: SourceModel, database_type: DatabaseType) -> str:
    """The expression with `{CUBE}.` before each column.

    A name that is no known column is one all the same: most projects document only some.

    Raises:
        CannotSay: It can't be parsed, has a sub-query, or would be read by Cube as a reference.
    """

    def replacement(name: Name) -> str:
        column = source.column(name.parts[0])
        if column is not None:
            return column_of_cube(column, database_type)
        if len(name.parts) > 1:
            raise CannotSay(
                f"it refers to {'.'.join(name.parts)}, and {name.parts[0]} is no known column of "
                f"{source.node.unique_id}; document the column, or write the column's name alone"
            )
        return name.text if name.text.lower() in _NO_COLUMNS else f"{{CUBE}}.{name.text}"

    if is_number(expr):
        return expr
    name = plain_name(expr)
    if name is not None and "{" not in name:
        return replacement(Name(parts=(name,), text=expr))
    return rewritten(expr, database_type, replacement)


def column_of_cube(column: SourceColumn, database_type: DatabaseType) -> str:
    """A column of the cube's own table.

    Raises:
        CannotSay: Its name has a brace.
    """
    try:
        return f"{{CUBE}}.{column_sql(column.name, database_type, quoted=column.quoted)}"
    except ValueError as error:
        raise CannotSay(str(error)) from None


def in_parentheses(sql: str) -> str:
    """The SQL as one operand, whatever stands around it."""
    return sql if _OPERAND.fullmatch(sql) else f"({sql})"


def rewritten(expr: str, database_type: DatabaseType, replacement: Callable[[Name], str]) -> str:
    """The expression with its columns' names exchanged.

    Args:
        expr: One SQL expression.
        database_type: Decides the dialect.
        replacement: What stands for a column's first part.

    Raises:
        CannotSay: It can't be parsed, has a sub-query, or would be read by Cube as a reference.
    """
    import sqlglot  # noqa: PLC0415 - takes longer to load than small projects take to translate
    from sqlglot import exp  # noqa: PLC0415

    if _LIKE_A_REFERENCE.search(expr):
        raise CannotSay(f"Cube would read the braces in {_short(expr)} as a reference; write it without braces")
    text = f"{_BEFORE}{expr}{_AFTER}"
    try:
        statements = sqlglot.parse(text, read=database_type)
    except (sqlglot.errors.SqlglotError, RecursionError):
        raise CannotSay(f"{_short(expr)} is no expression in the SQL of {database_type}") from None
    statement = statements[0] if len(statements) == 1 else None
    if not isinstance(statement, exp.Select) or [key for key, value in statement.args.items() if value] != [
        "expressions"
    ]:
        raise CannotSay(f"{_short(expr)} is not one expression")
    if sum(1 for _ in statement.find_all(exp.Query)) > 1:
        raise CannotSay(f"{_short(expr)} has a sub-query")
    if [type(one) for one in statement.expressions] != [exp.Paren] or isinstance(
        statement.expressions[0].this, exp.Alias
    ):
        raise CannotSay(f"{_short(expr)} is not one expression")
    places: list[tuple[int, int, str]] = []
    for column in statement.find_all(exp.Column):
        first = column.parts[0]
        start, end = first.meta.get("start"), first.meta.get("end")
        if start is None or end is None or text[start : end + 1].strip('"`[]') != first.name:
            raise CannotSay(f"the place of {column.sql()} in {_short(expr)} can't be made out")
        name = Name(parts=tuple(part.name for part in column.parts), text=text[start : end + 1])
        places.append((start, end + 1, replacement(name)))
    for start, end, new in sorted(places, reverse=True):
        text = text[:start] + new + text[end:]
    inner = text[len(_BEFORE) : -len(_AFTER)]
    # What follows in Cube's SQL must not become part of a comment.
    return f"{inner}\n" if "--" in inner.rpartition("\n")[2] else inner


def _short(expr: str) -> str:
    line = " ".join(expr.split())
    return repr(line if len(line) <= 80 else f"{line[:77]}...")
