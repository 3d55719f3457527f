"""A dbt project becomes a Cube model: the stages in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from floe_cube_infra.inputs.dbt_catalog import Catalog
from floe_cube_infra.inputs.dbt_manifest import Manifest
from floe_cube_infra.model.cubes import CubeSchema, SemanticModel
from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.members import DimensionType
from floe_cube_infra.translate.data_types import adapter_dimension_type
from floe_cube_infra.translate.dimensions import dimensions
from floe_cube_infra.translate.guards import read_guards
from floe_cube_infra.translate.issues import Issue, IssueLog
from floe_cube_infra.translate.joins import JoinContext, joins
from floe_cube_infra.translate.measures import measures
from floe_cube_infra.translate.primary_keys import primary_key
from floe_cube_infra.translate.row_access import RowSecurity, row_access
from floe_cube_infra.translate.sources import SourceModel, read_sources


@dataclass(frozen=True, kw_only=True)
class Translation:
    """What a dbt project has become.

    Attributes:
        model: The cubes.
        issues: What is wrong or doubtful; with an error among them the model must not be used.
        columns_read: How many columns the cubes' models have.
    """

    model: SemanticModel
    issues: Sequence[Issue]
    columns_read: int


def translate(manifest: Manifest, catalog: Catalog, database_type: DatabaseType, security: RowSecurity) -> Translation:
    """Translates a dbt project; pure, and the same for the same input.

    Args:
        manifest: The project.
        catalog: What the warehouse reports; `dbt_catalog.EMPTY` if there is none.
        database_type: What Cube queries; decides quoting, and types where the manifest names no adapter.
        security: What row-level security demands.
    """
    issues = IssueLog()
    sources = read_sources(manifest, catalog, issues)
    guards = read_guards(manifest)
    adapter = manifest.metadata.adapter_type or database_type

    def type_of(data_type: str) -> DimensionType | None:
        return adapter_dimension_type(data_type, adapter)

    keys = {unique_id: primary_key(source, guards, issues) for unique_id, source in sources.items()}
    joined = joins(
        JoinContext(sources=sources, keys=keys, guards=guards, security=security, database_type=database_type),
        issues,
    )
    cubes: list[CubeSchema] = []
    for unique_id, source in sources.items():
        members = dimensions(source, keys[unique_id], database_type, type_of, issues)
        if not members:
            continue
        access = row_access(source, security, issues)
        cubes.append(
            CubeSchema(
                name=source.cube_name,
                sql_table=relation(source),
                dimensions=members,
                measures=measures(source, [member.name for member in members], issues),
                joins=joined.get(unique_id, ()),
                filter_column=access.member if access.kind == "filter" else None,
                access=access,
                title=source.cube.title,
                description=source.cube.description or source.node.description or None,
                public=source.cube.public,
                meta=source.cube.meta,
                dbt_node=unique_id,
                dbt_file=source.node.original_file_path,
            )
        )
    return Translation(
        model=SemanticModel(cubes=tuple(sorted(cubes, key=lambda cube: cube.name))),
        issues=issues.sorted(),
        columns_read=sum(len(source.columns) for source in sources.values()),
    )


def relation(source: SourceModel) -> str:
    """The table, spelled and quoted as dbt made it."""
    node = source.node
    if node.relation_name:
        return node.relation_name
    return ".".join(part for part in (node.database, node.schema, node.alias or node.name) if part)
