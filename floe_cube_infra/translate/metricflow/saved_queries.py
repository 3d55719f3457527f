"""Saved queries become views: their metrics, filtered as the query says, and what they group by."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from floe_cube_infra.inputs.dbt_semantics import SavedQuery, filter_templates
from floe_cube_infra.model.views import CubeView, ViewCube, ViewMember
from floe_cube_infra.naming import identifier
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.metricflow.expressions import plain_column
from floe_cube_infra.translate.metricflow.index import expression_of, place
from floe_cube_infra.translate.metricflow.items import METRIC_TIME, Item, parse_item
from floe_cube_infra.translate.metricflow.metrics import MetricTranslator
from floe_cube_infra.translate.metricflow.placed import Placed
from floe_cube_infra.translate.metricflow.resolver import Place
from floe_cube_infra.translate.metricflow.unsupported import CannotSay


@dataclass(frozen=True, kw_only=True)
class SavedQueryViews:
    """What saved queries have become.

    Attributes:
        views: One for each query of which something can be said.
        measures: The measures in them, by the `unique_id` of the node and their name.
    """

    views: tuple[CubeView, ...]
    measures: Collection[tuple[str, str]]


@dataclass(kw_only=True)
class _Included:
    """What a view takes: members by join path, each under a name of its own."""

    members: dict[str, list[str | ViewMember]] = field(default_factory=dict)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)

    def add(self, path: tuple[str, ...], member: str, name: str) -> None:
        if (path[-1], member) in self.names.values():
            return
        shown = name if name not in self.names else f"{path[-1]}_{name}"
        if shown in self.names:
            return
        self.names[shown] = (path[-1], member)
        self.members.setdefault(".".join(path), []).append(
            member if shown == member else ViewMember(name=member, alias=shown)
        )


def saved_query_views(
    queries: Mapping[str, SavedQuery], translator: MetricTranslator, taken: Collection[str], issues: IssueLog
) -> SavedQueryViews:
    """One view for each saved query.

    Grains, the order and the limit are the asker's affair in Cube; `where` holds for the measures in the view.

    Args:
        queries: By `unique_id`.
        translator: Makes the measures.
        taken: Names of cubes, which no view may have.
        issues: Takes what can't be said.
    """
    views: dict[str, CubeView] = {}
    measures: set[tuple[str, str]] = set()
    for query in queries.values():
        metrics = _metrics(query, translator, issues)
        if not metrics:
            issues.warning(place(query), "becomes no view, since none of its metrics has become a measure")
            continue
        name = identifier(query.name)
        if name in taken or name in views:
            name = f"{name}_view"
            if name in taken or name in views:
                issues.warning(place(query), "becomes no view, since its name is taken; rename it")
                continue
            issues.warning(place(query), f"becomes the view {name}, since another cube or view has its own name")
        included, some = _included(query, metrics, translator, issues)
        measures |= some
        views[name] = CubeView(
            name=name,
            cubes=tuple(
                ViewCube(join_path=path, includes=tuple(members)) for path, members in included.members.items()
            ),
            title=query.label,
            description=query.description,
            dbt_node=query.unique_id,
            dbt_file=query.original_file_path,
        )
    return SavedQueryViews(views=tuple(views[name] for name in sorted(views)), measures=measures)


def _metrics(query: SavedQuery, translator: MetricTranslator, issues: IssueLog) -> dict[str, Placed]:
    found: dict[str, Placed] = {}
    where = filter_templates(query.query_params.where)
    for name in query.query_params.metrics or ():
        try:
            found[name] = translator.place(name, where)
        except CannotSay as reason:
            issues.warning(place(query), f"its view leaves out the metric {name}: {reason}")
    return found


def _included(
    query: SavedQuery, metrics: Mapping[str, Placed], translator: MetricTranslator, issues: IssueLog
) -> tuple[_Included, set[tuple[str, str]]]:
    included = _Included()
    measures: set[tuple[str, str]] = set()
    root = next(iter(metrics.values()))
    reached: list[tuple[Placed, tuple[str, ...]]] = []
    for name, placed in metrics.items():
        way = translator.joined.path(root.node_id, placed.node_id)
        if way is None or not translator.joined.is_only_way(way):
            issues.warning(
                place(query),
                f"its view leaves out the metric {name}: there is not exactly one way of joins from {root.cube} to "
                f"{placed.cube}",
            )
            continue
        path = translator.joined.names(way)
        if len(path) > 1:
            issues.warning(
                place(query),
                f"its view joins {root.cube} to {placed.cube} for the metric {name}, so that rows of {placed.cube} "
                f"count only where {root.cube} refers to them; MetricFlow counts all of them",
            )
        reached.append((placed, path))
        measures.add((placed.node_id, placed.member))
        included.add(path, placed.member, identifier(name))
    for text in query.query_params.group_by or ():
        try:
            item = parse_item(text)
            # Each metric goes by its own time; all other items mean the same for each.
            for placed, path in reached if item.element == METRIC_TIME else reached[:1]:
                _group_by(item, placed, path, included, translator)
        except CannotSay as reason:
            issues.warning(place(query), f"its view leaves out {text}: {reason}")
    return included, measures


def _group_by(
    item: Item, placed: Placed, path: tuple[str, ...], included: _Included, translator: MetricTranslator
) -> None:
    if item.date_part:
        raise CannotSay("a part of a time is no dimension; add a column for it")
    found = translator.resolver.locate(item, placed.model, placed.time)
    if not _is_open(found, translator):
        raise CannotSay("its values are hidden")
    member = translator.resolver.member(found)
    included.add((*path[:-1], *found.cubes), member, member)


def _is_open(found: Place, translator: MetricTranslator) -> bool:
    source = found.model.source
    column = plain_column(expression_of(found.element), source)
    if column is not None:
        return translator.visible.is_open_column(column, source)
    return translator.resolver.is_open(found)
