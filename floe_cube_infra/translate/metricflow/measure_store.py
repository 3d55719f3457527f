"""The measures made so far: named, described, and those without use taken out again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from floe_cube_infra.inputs import cube_meta
from floe_cube_infra.inputs.dbt_semantics import Metric
from floe_cube_infra.model.members import CubeMeasure
from floe_cube_infra.naming import content_hash, identifier
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.metricflow.index import BoundModel, place
from floe_cube_infra.translate.metricflow.member_names import MemberNames
from floe_cube_infra.translate.metricflow.placed import Placed
from floe_cube_infra.translate.references import references

Filters = tuple[str, ...]
"""Conditions, as templates."""


@dataclass(kw_only=True)
class MeasureStore:
    """Keeps measures by the `unique_id` of the node that their cube comes from.

    Attributes:
        names: Names of members.
        issues: Takes what is doubtful.
    """

    names: MemberNames
    issues: IssueLog
    _measures: dict[str, dict[str, CubeMeasure]] = field(default_factory=dict)
    _cubes: dict[str, str] = field(default_factory=dict)
    _parts: set[tuple[str, str]] = field(default_factory=set)

    def name(self, metric: Metric, node: str, extra: Filters) -> str:
        """The name for a metric's measure; with further filters it is one of its own, the same each time."""
        wanted = identifier(metric.name)
        if extra:
            return self.names.claim(node, f"{wanted}_where_{content_hash(extra, 6)}", "measure")
        if self.names.is_declared_measure(node, wanted):
            return wanted
        name = self.names.claim(node, wanted, "metric")
        if name != metric.name:
            self.issues.warning(
                place(metric),
                f"becomes the measure {name}, since its cube has another member {metric.name}, a dimension say; "
                "rename the metric or the column",
            )
        return name

    def placed(self, model: BoundModel, name: str, time: str | None, *, is_computed: bool) -> Placed:
        """The place of a measure, as others refer to it; one in `meta.cube` may be any formula."""
        return Placed(
            model=model,
            member=name,
            is_computed=is_computed or self.names.is_declared_measure(model.node_id, name),
            time=time,
            is_cube=self.names.is_cube(name),
        )

    def add(self, metric: Metric, placed: Placed, made: CubeMeasure, extra: Filters) -> None:
        """Keeps the measure of a metric, with what the metric says about it.

        Args:
            metric: The metric.
            placed: Its measure's place.
            made: What computes it.
            extra: The further filters; with any, it is only part of something else, and hidden.
        """
        if not extra and self.names.is_declared_measure(placed.node_id, placed.member):
            self.issues.warning(
                place(metric),
                f"is left out: meta.cube.measures of {placed.model.source.node.name} has a measure {placed.member}, "
                "which goes before; rename one of them",
            )
            return
        meta, problems = cube_meta.column_meta(metric.all_meta)
        for problem in problems:
            self.issues.error(place(metric), problem)
        is_hidden = bool(extra) or bool(metric.type_params.is_private) or made.public is False
        described = {
            "title": meta.title or metric.label,
            "description": meta.description or metric.description,
            "format": meta.format,
            "public": False if is_hidden else meta.public,
            "meta": meta.meta,
        }
        self._keep(placed, made.model_copy(update=described), is_part=bool(extra))

    def add_part(self, placed: Placed, made: CubeMeasure) -> None:
        """Keeps a hidden measure that another one is computed from."""
        self._keep(placed, made.model_copy(update={"public": False}), is_part=True)

    def used(self, in_views: Collection[tuple[str, str]]) -> dict[str, tuple[CubeMeasure, ...]]:
        """All measures but those parts that nothing refers to: what was to be made of them couldn't be.

        Args:
            in_views: Measures that views take, by the `unique_id` of the node and their name.
        """
        nodes = {cube: node for node, cube in self._cubes.items()}
        kept = {
            (node, name)
            for node, found in self._measures.items()
            for name in found
            if (node, name) not in self._parts or (node, name) in in_views
        }
        queue = sorted(kept)
        for node, name in queue:
            for steps in references(self._measures[node][name].sql or ""):
                owner = node if len(steps) == 1 or steps[0] == "CUBE" else nodes.get(steps[0])
                if owner is None or steps[-1] not in self._measures.get(owner, {}):
                    continue
                if (owner, steps[-1]) not in kept:
                    kept.add((owner, steps[-1]))
                    queue.append((owner, steps[-1]))
        return {
            node: tuple(measure for name, measure in found.items() if (node, name) in kept)
            for node, found in self._measures.items()
            if any((node, name) in kept for name in found)
        }

    def _keep(self, placed: Placed, measure: CubeMeasure, *, is_part: bool) -> None:
        self._cubes[placed.node_id] = placed.cube
        self._measures.setdefault(placed.node_id, {})[measure.name] = measure
        if is_part:
            self._parts.add((placed.node_id, measure.name))
