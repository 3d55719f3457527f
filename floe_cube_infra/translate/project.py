"""A dbt project becomes a Cube model: the stages in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from floe_cube_infra.inputs.dbt_catalog import Catalog
from floe_cube_infra.inputs.dbt_manifest import Manifest
from floe_cube_infra.model.cubes import CubeSchema, RoleCube, SemanticModel
from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.members import CubeDimension, CubeJoin, CubeMeasure, DimensionType
from floe_cube_infra.model.views import CubeView
from floe_cube_infra.translate.access_rules import access_rules
from floe_cube_infra.translate.data_types import adapter_dimension_type
from floe_cube_infra.translate.dimensions import dimensions
from floe_cube_infra.translate.guards import read_guards
from floe_cube_infra.translate.issues import Issue, IssueLog
from floe_cube_infra.translate.joins import Joining, Joins, join
from floe_cube_infra.translate.joins.roles import title
from floe_cube_infra.translate.measures import measures
from floe_cube_infra.translate.primary_keys import primary_key
from floe_cube_infra.translate.row_access import RowSecurity, row_access
from floe_cube_infra.translate.segments import hierarchies, segments
from floe_cube_infra.translate.selection import Selection
from floe_cube_infra.translate.sources import SourceColumn, SourceModel, read_sources
from floe_cube_infra.translate.views import CubeGraph, declared_views
from floe_cube_infra.translate.visibility import Classifications


@dataclass(frozen=True, kw_only=True)
class TranslationOptions:
    """What artifacts and settings say about the translation.

    Attributes:
        database_type: What Cube queries; decides quoting, and types where the manifest names no adapter.
        security: What row-level security demands.
        selection: Which nodes become cubes.
        keep_without_columns: Whether a node without columns becomes a cube that only counts its rows.
        classifications: What kind of data columns hold, and what that means.
    """

    database_type: DatabaseType
    security: RowSecurity
    selection: Selection = field(default_factory=Selection)
    keep_without_columns: bool = False
    classifications: Classifications = field(default_factory=Classifications)


@dataclass(frozen=True, kw_only=True)
class Translation:
    """What a dbt project has become.

    Attributes:
        model: The cubes and views.
        issues: What is wrong or doubtful; with an error among them the model must not be used.
        columns_read: How many columns the cubes' nodes have.
    """

    model: SemanticModel
    issues: Sequence[Issue]
    columns_read: int


def translate(manifest: Manifest, catalog: Catalog, options: TranslationOptions) -> Translation:
    """Translates a dbt project; pure, and the same for the same input.

    Args:
        manifest: The project.
        catalog: What the warehouse reports; `dbt_catalog.EMPTY` if there is none.
        options: What artifacts and settings say.
    """
    issues = IssueLog()
    sources = read_sources(
        manifest, catalog, options.selection, issues, keep_without_columns=options.keep_without_columns
    )
    guards = read_guards(manifest)
    keys = {unique_id: primary_key(source, guards, issues) for unique_id, source in sources.items()}
    joins = join(
        Joining(
            sources=sources,
            keys=keys,
            guards=guards,
            edges=(),
            security=options.security,
            database_type=options.database_type,
        ),
        issues,
    )
    cubes = _cubes(manifest, sources, keys, joins, options, issues)
    roles = _roles(joins, cubes)
    views = _views(sources, cubes, roles, issues)
    model = SemanticModel(
        cubes=tuple(sorted(cubes.values(), key=lambda cube: cube.name)), roles=tuple(roles), views=tuple(views)
    )
    return Translation(
        model=model.model_copy(update={"access_rules": tuple(access_rules(model))}),
        issues=issues.sorted(),
        columns_read=sum(len(source.columns) for source in sources.values()),
    )


def _cubes(
    manifest: Manifest,
    sources: Mapping[str, SourceModel],
    keys: Mapping[str, tuple[SourceColumn, ...]],
    joins: Joins,
    options: TranslationOptions,
    issues: IssueLog,
) -> dict[str, CubeSchema]:
    """The cubes by the `unique_id` of their nodes."""
    adapter = manifest.metadata.adapter_type or options.database_type

    def type_of(data_type: str) -> DimensionType | None:
        return adapter_dimension_type(data_type, adapter)

    cubes: dict[str, CubeSchema] = {}
    for unique_id, source in sources.items():
        columns = dimensions(source, keys[unique_id], options.database_type, type_of, options.classifications, issues)
        if not columns and options.security.enabled and source.cube_name not in options.security.unfiltered_cubes:
            issues.warning(
                source.node,
                "has no columns and so no filter column: it becomes no cube; document its columns, or list "
                f"{source.cube_name} under security.unfilteredCubes",
            )
            continue
        aggregations = measures(source, [column.name for column in columns], issues)
        cubes[unique_id] = _cube(
            source, columns, aggregations, joins.by_node.get(unique_id, ()), options.security, issues
        )
    return cubes


def _cube(
    source: SourceModel,
    columns: tuple[CubeDimension, ...],
    aggregations: tuple[CubeMeasure, ...],
    joined: tuple[CubeJoin, ...],
    security: RowSecurity,
    issues: IssueLog,
) -> CubeSchema:
    access = row_access(source, security, issues)
    taken = {member.name for part in (columns, aggregations) for member in part}
    return CubeSchema(
        name=source.cube_name,
        sql_table=relation(source),
        dimensions=columns,
        measures=aggregations,
        segments=segments(source, taken, issues),
        hierarchies=hierarchies(source, columns, issues),
        joins=joined,
        filter_column=access.member if access.kind == "filter" else None,
        access=access,
        title=source.cube.title,
        description=source.cube.description or source.node.description or None,
        public=source.cube.public,
        meta=source.cube.meta,
        dbt_node=source.node.unique_id,
        dbt_file=source.node.original_file_path,
    )


def _roles(joins: Joins, cubes: Mapping[str, CubeSchema]) -> list[RoleCube]:
    return [
        RoleCube(
            name=name,
            extends=cubes[unique_id].name,
            access=cubes[unique_id].access,
            title=title(name),
            description=cubes[unique_id].description,
            public=cubes[unique_id].public,
            dbt_node=unique_id,
            dbt_file=cubes[unique_id].dbt_file,
        )
        for name, unique_id in joins.roles.items()
    ]


def _views(
    sources: Mapping[str, SourceModel],
    cubes: Mapping[str, CubeSchema],
    roles: Sequence[RoleCube],
    issues: IssueLog,
) -> list[CubeView]:
    """All views, sorted by name; where two would have one name, the one that people wrote is kept."""
    graph = CubeGraph(cubes.values(), roles)
    views: dict[str, CubeView] = {}
    for view in declared_views(sources.values(), graph, issues):
        source = sources[view.dbt_node]
        if view.name in views or view.name in graph.cubes:
            issues.error(source.node, f"meta.cube.views: the name {view.name!r} is taken by another cube or view")
        else:
            views[view.name] = view
    return [views[name] for name in sorted(views)]


def relation(source: SourceModel) -> str:
    """The table, spelled and quoted as dbt made it."""
    node = source.node
    if node.relation_name:
        return node.relation_name
    return ".".join(part for part in (node.database, node.schema, node.alias or node.name) if part)
