"""The SQL of joins; where rows of both sides are filtered, they must also belong to the same owner.

Cube filters no cube through which a query only passes, nor inside `sub_query` dimensions; equal filter columns close
both.
"""

from __future__ import annotations

import re

from floe_cube_infra.translate.joins.edges import Edge
from floe_cube_infra.translate.joins.given import Joining
from floe_cube_infra.translate.quoting import column_sql
from floe_cube_infra.translate.row_access import equal_columns
from floe_cube_infra.translate.sources import SourceColumn, SourceModel

_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_NO_PLAIN_AND = re.compile(r"\b(?:or|case|not|select|between)\b|--|/\*", re.IGNORECASE)


def condition(source: SourceModel, target: SourceModel, name: str, edge: Edge, joining: Joining) -> str:
    """The SQL that joins the cube `name`, which is the target in one of its roles, by the edge's columns."""
    conditions = [
        _equal(source.columns[column], target.columns[to_column], name, joining)
        for column, to_column in zip(edge.columns, edge.to_columns, strict=True)
    ]
    for mine, theirs in equal_columns(source, target, joining.security):
        same_owner = _equal(mine, theirs, name, joining)
        if same_owner not in conditions:
            conditions.append(same_owner)
    return " AND ".join(conditions)


def with_same_owner(sql: str, source: SourceModel, target: SourceModel, joining: Joining) -> str:
    """A condition that people wrote, with equal filter columns unless it plainly says so already."""
    said = _conjuncts(sql)
    same_owners = (
        _equal(mine, theirs, target.cube_name, joining)
        for mine, theirs in equal_columns(source, target, joining.security)
    )
    added = [same_owner for same_owner in same_owners if _squeezed(same_owner) not in said]
    return " AND ".join([f"({sql})", *added]) if added else sql


def _conjuncts(sql: str) -> list[str]:
    """The conditions of which all must hold, without blanks; none where that isn't plain to see."""
    parts = _AND.split(sql)
    is_plain = not _NO_PLAIN_AND.search(sql) and all(part.count("(") == part.count(")") for part in parts)
    return [_squeezed(part) for part in parts] if is_plain else []


def _squeezed(sql: str) -> str:
    return "".join(sql.split())


def _equal(left: SourceColumn, right: SourceColumn, name: str, joining: Joining) -> str:
    return f"{{CUBE}}.{_column(left, joining)} = {{{name}}}.{_column(right, joining)}"


def _column(column: SourceColumn, joining: Joining) -> str:
    try:
        return column_sql(column.name, joining.database_type, quoted=column.quoted)
    except ValueError:
        return column.name  # an error already, where the column should become a dimension
