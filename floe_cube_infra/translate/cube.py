"""One dbt node becomes one cube, from everything that was found out about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from floe_cube_infra.model.access import RowAccess
from floe_cube_infra.model.cubes import CubeSchema
from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.members import CubeDimension, CubeJoin, CubeMeasure
from floe_cube_infra.translate.dimensions import TypeOf, dimensions
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.measures import measures
from floe_cube_infra.translate.segments import hierarchies, segments
from floe_cube_infra.translate.sources import SourceColumn, SourceModel
from floe_cube_infra.translate.visibility import Classifications


@dataclass(frozen=True, kw_only=True)
class CubeParts:
    """What was found out about a node.

    Attributes:
        key: The columns of its primary key.
        joins: Its joins.
        access: Which of its rows a query may see.
        semantic_dimensions: Dimensions of dbt's semantic layer, beside the columns' own.
        semantic_measures: Measures of dbt's semantic layer.
    """

    key: Sequence[SourceColumn]
    joins: tuple[CubeJoin, ...]
    access: RowAccess
    semantic_dimensions: tuple[CubeDimension, ...] = ()
    semantic_measures: tuple[CubeMeasure, ...] = ()


def build_cube(
    source: SourceModel,
    parts: CubeParts,
    database_type: DatabaseType,
    type_of: TypeOf,
    classifications: Classifications,
    issues: IssueLog,
) -> CubeSchema:
    """Puts a cube together; pre-aggregations come later, since they look at other cubes, too."""
    row_filters = [each.member for each in parts.access.filters] if parts.access.kind == "filter" else []
    columns = dimensions(source, parts.key, database_type, type_of, classifications, issues, row_filters)
    columns += parts.semantic_dimensions
    semantic_names = [measure.name for measure in parts.semantic_measures]
    aggregations = measures(source, [*(column.name for column in columns), *semantic_names], issues)
    aggregations += parts.semantic_measures
    node = source.node
    return CubeSchema(
        name=source.cube_name,
        sql_table=relation(source),
        dimensions=columns,
        measures=aggregations,
        segments=segments(source, (*columns, *aggregations), issues),
        hierarchies=hierarchies(source, columns, issues),
        joins=parts.joins,
        filter_column=row_filters[0] if row_filters else None,
        access=parts.access,
        title=source.cube.title or None,
        description=source.cube.description or node.description or None,
        public=source.cube.public,
        meta=source.cube.meta,
        dbt_node=node.unique_id,
        dbt_file=node.original_file_path,
    )


def relation(source: SourceModel) -> str:
    """The table, spelled and quoted as dbt made it."""
    node = source.node
    if node.relation_name:
        return node.relation_name
    return ".".join(part for part in (node.database, node.schema, node.alias or node.name) if part)
