"""Columns become dimensions."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import cast, get_args

from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.members import CubeDimension, DimensionType
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.quoting import column_sql
from floe_cube_infra.translate.sources import SourceColumn, SourceModel

TypeOf = Callable[[str], DimensionType | None]
"""Gives Cube's type for a warehouse's spelling, or None if it isn't known."""

_DIMENSION_TYPES = get_args(DimensionType)


def dimensions(
    source: SourceModel,
    primary_key: Collection[SourceColumn],
    database_type: DatabaseType,
    type_of: TypeOf,
    issues: IssueLog,
) -> tuple[CubeDimension, ...]:
    """One dimension for each column, in the columns' order."""
    members: dict[str, SourceColumn] = {}
    result: list[CubeDimension] = []
    for column in source.columns.values():
        if column.member in members:
            issues.error(
                source.node,
                f"becomes the dimension {column.member}, as does the column {members[column.member].name}",
                column.name,
            )
            continue
        members[column.member] = column
        try:
            sql = column_sql(column.name, database_type, quoted=column.quoted)
        except ValueError as error:
            issues.error(source.node, f"{error}; rename it in the model", column.name)
            continue
        result.append(
            CubeDimension(
                name=column.member,
                sql=f"{{CUBE}}.{sql}",
                type=_type(source, column, type_of, issues),
                primary_key=column in primary_key,
                title=column.cube.title,
                description=column.cube.description or column.description,
                public=column.cube.public,
                meta=column.cube.meta,
            )
        )
    return tuple(result)


def _type(source: SourceModel, column: SourceColumn, type_of: TypeOf, issues: IssueLog) -> DimensionType:
    if column.cube.type is not None:
        if column.cube.type in _DIMENSION_TYPES:
            return cast(DimensionType, column.cube.type)
        issues.error(
            source.node,
            f"meta.cube.type {column.cube.type!r} is unknown; allowed are: {', '.join(_DIMENSION_TYPES)}",
            column.name,
        )
        return "string"
    if column.data_type is None:
        return "string"
    found = type_of(column.data_type)
    if found is None:
        issues.warning(
            source.node,
            f"its type {column.data_type!r} is unknown here, so it is read as a string; set meta.cube.type",
            column.name,
        )
    return found or "string"
