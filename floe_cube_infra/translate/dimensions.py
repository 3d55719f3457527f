"""Columns become dimensions."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Final, Literal, cast, get_args

from floe_cube_infra.inputs.cube_meta import NO_COLUMN_META, Visibility
from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.members import ClearDimension, CubeDimension, DimensionType
from floe_cube_infra.translate.data_types.text_casts import as_text
from floe_cube_infra.translate.formats import problem_with_format
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.quoting import column_sql
from floe_cube_infra.translate.sources import SourceColumn, SourceModel
from floe_cube_infra.translate.visibility import Classifications

TypeOf = Callable[[str], DimensionType | None]
"""Gives Cube's type for a warehouse's spelling, or None if it isn't known."""

_ARRAY = re.compile(r"\s*(?:array\b|repeated\b)", re.IGNORECASE)
_DIMENSION_TYPES = get_args(DimensionType)

_FORMATTED: Final[Mapping[DimensionType, Literal["number", "time"]]] = {"number": "number", "time": "time"}

MASK = "'***'"
"""The SQL of a masked column."""


def dimensions(
    source: SourceModel,
    primary_key: Collection[SourceColumn],
    database_type: DatabaseType,
    type_of: TypeOf,
    classifications: Classifications,
    issues: IssueLog,
    row_filters: Collection[str] = (),
) -> tuple[CubeDimension, ...]:
    """One dimension for each column, in the columns' order; hidden and masked as their classification says.

    Args:
        source: The node.
        primary_key: The columns of its key.
        database_type: Decides quoting.
        type_of: Gives Cube's type for a warehouse's spelling.
        classifications: What kind of data columns hold, and what that means.
        issues: Takes what is wrong or doubtful.
        row_filters: The dimensions that row-level security filters by.
    """
    members: dict[str, SourceColumn] = {}
    found: list[CubeDimension] = []
    visibility_of = classifications.of_model(source.node.name)
    for column in source.columns.values():
        if column.member in members:
            issues.error(
                source.node,
                f"becomes the dimension {column.member}, as does the column {members[column.member].name}; "
                "rename one of them in the model",
                column.name,
            )
            continue
        members[column.member] = column
        if database_type == "bigquery" and "." in column.name and _is_repeated(source, column.name):
            issues.warning(
                source.node,
                "is a field of an array, which has many values for one row, so it becomes no dimension; "
                "unnest it in a model",
                column.name,
            )
            continue
        try:
            sql = column_sql(column.name, database_type, quoted=column.quoted)
        except ValueError as error:
            issues.error(source.node, f"{error}; rename it in the model", column.name)
            continue
        type_ = _type(source, column, type_of, issues)
        sql = f"{{CUBE}}.{sql}"
        if type_ == "string" and column.data_type is not None:
            sql = as_text(sql, column.data_type, database_type)
        visibility = visibility_of(column)
        is_key = column in primary_key
        if visibility == "expose" and not is_key and column.cube is NO_COLUMN_META:
            # Nearly all columns.
            found.append(CubeDimension(name=column.member, sql=sql, type=type_, description=column.description))
        else:
            # A constant key would make all rows one, and a constant filter none, so these are hidden instead.
            if visibility == "mask" and (is_key or column.member in row_filters):
                visibility = "hide"
            problem = problem_with_format(column.cube.format, _FORMATTED.get(type_, "other"))
            if problem:
                issues.error(source.node, f"meta.cube.format: it {problem}", column.name)
            roles = classifications.roles_for(source.node.name, column) if visibility != "expose" else ()
            found.append(_declared(column, sql, type_, visibility, is_key=is_key, clear_for=roles))
    return tuple(found)


def _declared(
    column: SourceColumn,
    sql: str,
    type_: DimensionType,
    visibility: Visibility,
    *,
    is_key: bool,
    clear_for: tuple[str, ...],
) -> CubeDimension:
    is_masked = visibility == "mask"
    return CubeDimension(
        name=column.member,
        # A constant, so that no way leads to the values: no filter, no sort, no reference.
        sql=MASK if is_masked else sql,
        type="string" if is_masked else type_,
        primary_key=is_key,
        title=column.cube.title or None,
        description=column.cube.description or column.description,
        format=None if is_masked else column.cube.format,
        public=False if visibility == "hide" else column.cube.public,
        meta=column.cube.meta,
        clear=_clear(column, sql, type_, clear_for, is_key=is_key) if clear_for else None,
    )


def _clear(
    column: SourceColumn, sql: str, type_: DimensionType, roles: tuple[str, ...], *, is_key: bool
) -> ClearDimension:
    # Cube hides keys by itself.
    public = True if is_key and column.cube.public is None else column.cube.public
    return ClearDimension(roles=roles, sql=sql, type=type_, format=column.cube.format, public=public)


def _is_repeated(source: SourceModel, name: str) -> bool:
    """Whether a structure around the field is (in) an array."""
    parts = name.split(".")
    around = (source.column(".".join(parts[:count])) for count in range(1, len(parts)))
    return any(column is not None and _ARRAY.match(column.data_type or "") for column in around)


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
