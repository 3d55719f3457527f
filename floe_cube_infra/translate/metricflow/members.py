"""Everything that the semantic layer gives to cubes and views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from floe_cube_infra.inputs.dbt_manifest import Manifest
from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.members import CubeDimension, CubeMeasure
from floe_cube_infra.model.views import CubeView
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.joins import Edge, Joins
from floe_cube_infra.translate.metricflow.dimensions import element_members
from floe_cube_infra.translate.metricflow.index import SemanticIndex, place, read_index
from floe_cube_infra.translate.metricflow.joined import JoinedCubes
from floe_cube_infra.translate.metricflow.measure_store import MeasureStore
from floe_cube_infra.translate.metricflow.member_names import MemberNames
from floe_cube_infra.translate.metricflow.metrics import MetricTranslator
from floe_cube_infra.translate.metricflow.relations import relations_of
from floe_cube_infra.translate.metricflow.resolver import Resolver
from floe_cube_infra.translate.metricflow.saved_queries import saved_query_views
from floe_cube_infra.translate.metricflow.unsupported import CannotSay, NoCube
from floe_cube_infra.translate.metricflow.visible import Visible
from floe_cube_infra.translate.sources import SourceModel
from floe_cube_infra.translate.visibility import Classifications


@dataclass(frozen=True, kw_only=True)
class SemanticMembers:
    """What the semantic layer has become; mappings are by the `unique_id` of the node.

    Attributes:
        dimensions: Those beside the columns' own: elements that are expressions or undocumented columns.
        measures: The metrics', and hidden ones that they are computed from.
        edges: References by entities.
        keys: The columns, lower case, of primary entities.
        views: The saved queries'.
    """

    dimensions: Mapping[str, tuple[CubeDimension, ...]]
    measures: Mapping[str, tuple[CubeMeasure, ...]]
    edges: tuple[Edge, ...]
    keys: Mapping[str, tuple[str, ...]]
    views: tuple[CubeView, ...]


def semantic_members(
    manifest: Manifest,
    sources: Mapping[str, SourceModel],
    database_type: DatabaseType,
    issues: IssueLog,
    *,
    joins: Joins | None = None,
    classifications: Classifications | None = None,
) -> SemanticMembers:
    """Translates semantic models, metrics and saved queries.

    No name collides with a column's, or with one in `meta.cube`. What Cube has no words for becomes a warning.

    Args:
        manifest: The dbt project.
        sources: The nodes that become cubes, by `unique_id`.
        database_type: Whose SQL.
        issues: Takes what is wrong or doubtful.
        joins: What the edges and everything else have become; references go only where these lead. Without them,
            every edge is taken for a join.
        classifications: What kind of data columns hold; nothing shows what they hide.
    """
    index = read_index(manifest, sources)
    relations = relations_of(index, issues)
    names = MemberNames(sources)
    visible = Visible(classifications=classifications or Classifications())
    joined = JoinedCubes(sources, relations.edges, joins, database_type)
    elements = element_members(index, names, database_type, visible, issues)
    store = MeasureStore(names=names, issues=issues)
    translator = MetricTranslator(
        index=index,
        resolver=Resolver(index=index, members=elements, joined=joined, visible=visible, database_type=database_type),
        store=store,
        joined=joined,
        visible=visible,
        database_type=database_type,
        issues=issues,
    )
    _translate_all(index, translator, issues)
    cubes = {source.cube_name for source in sources.values()}
    queries = saved_query_views(manifest.saved_queries, translator, cubes, issues)
    return SemanticMembers(
        dimensions=elements.dimensions,
        measures=store.used(queries.measures),
        edges=relations.edges,
        keys=relations.keys,
        views=queries.views,
    )


def _translate_all(index: SemanticIndex, translator: MetricTranslator, issues: IssueLog) -> None:
    without_cube: dict[str, list[str]] = {}
    for name, metric in index.metrics.items():
        try:
            translator.place(name)
        except NoCube as reason:
            without_cube.setdefault(reason.semantic_model, []).append(name)
        except CannotSay as reason:
            issues.warning(place(metric), f"becomes no measure: {reason}")
    for semantic_model, metrics in without_cube.items():
        issues.warning(
            place(index.unbound[semantic_model]),
            f"its node becomes no cube, so that its metrics become no measures: {', '.join(sorted(metrics))}",
        )
