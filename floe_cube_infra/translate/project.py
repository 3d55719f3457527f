"""A dbt project becomes a Cube model: the stages in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

from floe_cube_infra.inputs.dbt_catalog import Catalog
from floe_cube_infra.inputs.dbt_manifest import Manifest
from floe_cube_infra.model.cubes import CubeSchema, RoleCube, SemanticModel
from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.views import CubeView
from floe_cube_infra.translate.access_rules import access_rules
from floe_cube_infra.translate.claim_types import with_claim_types
from floe_cube_infra.translate.cube import CubeParts, build_cube
from floe_cube_infra.translate.cube_graph import CubeGraph
from floe_cube_infra.translate.data_types import adapter_dimension_type
from floe_cube_infra.translate.declared_views import declared_views
from floe_cube_infra.translate.exposure_views import exposure_views
from floe_cube_infra.translate.guards import read_guards
from floe_cube_infra.translate.issues import Issue, IssueLog
from floe_cube_infra.translate.joins import Joining, Joins, join
from floe_cube_infra.translate.joins.roles import title
from floe_cube_infra.translate.metricflow import SemanticMembers, semantic_members, semantic_relations
from floe_cube_infra.translate.primary_keys import primary_key
from floe_cube_infra.translate.rollups import Rollups, hints_of, with_pre_aggregations
from floe_cube_infra.translate.row_access import RowSecurity, row_access
from floe_cube_infra.translate.selection import Selection
from floe_cube_infra.translate.sources import SourceColumn, SourceModel, read_sources
from floe_cube_infra.translate.time_hierarchies import with_time_hierarchies
from floe_cube_infra.translate.unknown_references import report_unknown_references
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
        time_hierarchies: Whether time dimensions become hierarchies of their periods.
        rollups: Defaults for pre-aggregations, and whether to propose some.
    """

    database_type: DatabaseType
    security: RowSecurity
    selection: Selection = field(default_factory=Selection)
    keep_without_columns: bool = False
    classifications: Classifications = field(default_factory=Classifications)
    time_hierarchies: bool = False
    rollups: Rollups = field(default_factory=Rollups)


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
    relations = semantic_relations(manifest, sources, issues)
    keys = {
        unique_id: primary_key(source, guards, relations.keys.get(unique_id, ()), issues)
        for unique_id, source in sources.items()
    }
    joins = join(
        Joining(
            sources=sources,
            keys=keys,
            guards=guards,
            edges=relations.edges,
            security=options.security,
            database_type=options.database_type,
        ),
        issues,
    )
    semantic = semantic_members(
        manifest,
        sources,
        options.database_type,
        issues,
        joins=joins,
        classifications=options.classifications,
    )
    cubes = _cubes(manifest, sources, keys, joins, semantic, options, issues)
    cubes = with_claim_types(cubes, sources, issues)
    _report_unknown_names(options.security, cubes, issues)
    roles = _roles(joins, cubes)
    report_unknown_references(cubes, roles, sources, issues)
    cubes = with_pre_aggregations(
        cubes,
        roles,
        sources,
        options.rollups,
        hints_of(sources, guards, joins, options.classifications) if options.rollups.propose else {},
        issues,
    )
    # All parts have been validated as they were made; doing so again takes as long.
    model = SemanticModel.model_construct(
        cubes=tuple(sorted(cubes.values(), key=lambda cube: cube.name)),
        roles=tuple(roles),
        views=tuple(_views(manifest, sources, CubeGraph(cubes.values(), roles), semantic.views, issues)),
    )
    return Translation(
        model=model.model_copy(update={"access_rules": tuple(access_rules(model, options.security.unequated_joins))}),
        issues=issues.sorted(),
        columns_read=sum(len(source.columns) for source in sources.values()),
    )


def _cubes(
    manifest: Manifest,
    sources: Mapping[str, SourceModel],
    keys: Mapping[str, tuple[SourceColumn, ...]],
    joins: Joins,
    semantic: SemanticMembers,
    options: TranslationOptions,
    issues: IssueLog,
) -> dict[str, CubeSchema]:
    """The cubes by the `unique_id` of their nodes."""
    adapter = manifest.metadata.adapter_type or options.database_type
    type_of = cache(partial(adapter_dimension_type, adapter=adapter))
    cubes: dict[str, CubeSchema] = {}
    for unique_id, source in sources.items():
        access = row_access(source, options.security, issues)
        if access.kind == "refused" and not source.columns:
            continue  # nothing could be asked of it, and it would answer nothing
        parts = CubeParts(
            key=keys[unique_id],
            joins=joins.by_node.get(unique_id, ()),
            access=access,
            semantic_dimensions=semantic.dimensions.get(unique_id, ()),
            semantic_measures=semantic.measures.get(unique_id, ()),
        )
        cube = build_cube(source, parts, options.database_type, type_of, options.classifications, issues)
        if access.kind == "refused" and not cube.dimensions:
            continue  # each of its columns is an error or a warning already
        cubes[unique_id] = with_time_hierarchies(cube) if options.time_hierarchies else cube
    return cubes


def _report_unknown_names(security: RowSecurity, cubes: Mapping[str, CubeSchema], issues: IssueLog) -> None:
    """A name in the security settings that fits nothing does nothing: it is misspelt, or its cube is gone."""
    names = {cube.name for cube in cubes.values()}
    for one in security.filters:
        for place, given in (("unfilteredCubes", one.unfiltered_cubes), ("columns", one.columns)):
            for name in sorted(set(given) - names):
                issues.warning_at(f"{one.setting}.{place}", None, f"names {name!r}, which is no cube here")
    joined = {f"{cube.name}.{join.name}" for cube in cubes.values() for join in cube.joins}
    for name in sorted(set(security.unequated_joins) - joined):
        issues.warning_at("security.unequatedJoins", None, f"names {name!r}, which is no join here; write cube.other")


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
        if unique_id in cubes
    ]


def _views(
    manifest: Manifest,
    sources: Mapping[str, SourceModel],
    graph: CubeGraph,
    saved_queries: Iterable[CubeView],
    issues: IssueLog,
) -> list[CubeView]:
    """All views, sorted by name; where two would have one name, the one that people wrote for Cube is kept."""
    views: dict[str, CubeView] = {}
    for view in declared_views(sources.values(), graph, issues):
        if view.name in views or view.name in graph.cubes:
            message = f"meta.cube.views: the name {view.name!r} is taken by another cube or view"
            issues.error(sources[view.dbt_node].node, message)
        else:
            views[view.name] = view
    exposures = exposure_views(manifest.exposures.values(), sources, graph, issues)
    for view in (*saved_queries, *exposures):
        if view.name in views or view.name in graph.cubes:
            message = f"becomes no view: the name {view.name!r} is taken by another cube or view"
            issues.warning_at(view.dbt_node, view.dbt_file, message)
        else:
            views[view.name] = view
    return [views[name] for name in sorted(views)]
