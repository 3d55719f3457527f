"""Metrics become measures; what they are computed from becomes hidden measures where it has no name of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from floe_cube_infra.inputs.dbt_semantics import Metric, MetricInput, filter_templates
from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.members import CubeMeasure, MeasureFilter, RollingWindow
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.metricflow.aggregations import Aggregated, Aggregation, aggregated, aggregation_of
from floe_cube_infra.translate.metricflow.expressions import Name, rewritten, text_of
from floe_cube_infra.translate.metricflow.index import SemanticIndex, place
from floe_cube_infra.translate.metricflow.joined import JoinedCubes
from floe_cube_infra.translate.metricflow.measure_store import Filters, MeasureStore
from floe_cube_infra.translate.metricflow.placed import Placed
from floe_cube_infra.translate.metricflow.resolver import Resolver
from floe_cube_infra.translate.metricflow.rolling_windows import difference, rolling_window
from floe_cube_infra.translate.metricflow.unsupported import CannotSay
from floe_cube_infra.translate.metricflow.visible import Visible

_REVEALING: Final = frozenset(["min", "max", "median", "percentile"])


@dataclass(kw_only=True)
class MetricTranslator:
    """Translates metrics on demand, each with each set of further filters once.

    Attributes:
        index: The semantic layer.
        resolver: Finds what filters name.
        store: Keeps what is made.
        joined: Which cubes are joined.
        visible: What queries must not see.
        database_type: Whose SQL.
        issues: Takes what is doubtful.
    """

    index: SemanticIndex
    resolver: Resolver
    store: MeasureStore
    joined: JoinedCubes
    visible: Visible
    database_type: DatabaseType
    issues: IssueLog
    _placed: dict[tuple[str, Filters], Placed | CannotSay] = field(default_factory=dict)

    def place(self, name: str, filters: Filters = ()) -> Placed:
        """The measure of a metric, made if need be.

        Args:
            name: The metric.
            filters: Conditions, as templates, that hold beside the metric's own; with any, the measure is hidden.

        Raises:
            CannotSay: Cube has no words for it.
        """
        key = (name, filters)
        if key not in self._placed:
            self._placed[key] = CannotSay(f"the metric {name} is computed from itself")
            try:
                self._placed[key] = self._translate(name, filters)
            except CannotSay as reason:
                self._placed[key] = reason
        found = self._placed[key]
        if isinstance(found, CannotSay):
            raise found
        return found

    def _translate(self, name: str, filters: Filters) -> Placed:
        metric = self.index.metrics.get(name)
        if metric is None:
            raise CannotSay(f"there is no metric {name}")
        combined = tuple(dict.fromkeys((*filter_templates(metric.filter), *filters)))
        match metric.type.lower():
            case "simple":
                return self._aggregated(metric, aggregation_of(metric, self.index), combined, filters)
            case "cumulative":
                return self._cumulative(metric, combined, filters)
            case "ratio":
                return self._ratio(metric, combined, filters)
            case "derived":
                return self._derived(metric, combined, filters)
            case "conversion":
                raise CannotSay("conversion metrics follow one entity's events through time, which no measure can")
            case other:
                raise CannotSay(f"metrics of the type {other!r} are unknown here")

    def _cumulative(self, metric: Metric, combined: Filters, extra: Filters) -> Placed:
        window = rolling_window(metric)
        cumulative = metric.type_params.cumulative_type_params
        given = cumulative.metric if cumulative else None
        if given is None or (metric.type_params.measure and metric.type_params.measure.name in self.index.measures):
            aggregation = aggregation_of(metric, self.index)
        else:
            base = self.index.metrics.get(given.name)
            if base is None or base.type.lower() != "simple":
                raise CannotSay(f"it accumulates {given.name}, which is no simple metric")
            _refuse_offset(given)
            aggregation = aggregation_of(base, self.index)
            combined = (*filter_templates(base.filter), *filter_templates(given.filter), *combined)
        placed = self._aggregated(metric, aggregation, combined, extra, window)
        if (doubt := difference(metric)) is not None:
            self.issues.warning(place(metric), doubt)
        return placed

    def _aggregated(
        self,
        metric: Metric,
        aggregation: Aggregation,
        templates: Filters,
        extra: Filters,
        window: RollingWindow | None = None,
    ) -> Placed:
        model = aggregation.model
        conditions = [
            self.resolver.condition(template, model, aggregation.time)
            for template in dict.fromkeys((*aggregation.filters, *templates))
        ]
        found = aggregated(aggregation, conditions, self.database_type)
        if window is not None and found.type == "number":
            raise CannotSay(f"Cube accumulates no {aggregation.agg}")
        if aggregation.join_to_timespine:
            self.issues.warning(
                place(metric),
                "its values are right, but periods without rows have none: Cube has no time spine to join to "
                "(join_to_timespine)",
            )
        made = CubeMeasure(
            name=self.store.name(metric, model.node_id, extra),
            type=found.type,
            sql=found.sql,
            filters=tuple(MeasureFilter(sql=condition) for condition in found.conditions),
            rolling_window=window,
            public=self._public(metric, aggregation, found),
        )
        placed = self.store.placed(model, made.name, aggregation.time, is_computed=found.type == "number")
        fill = aggregation.fill_nulls_with
        if fill is not None and not self.store.names.is_declared_measure(model.node_id, made.name):
            name = self.store.names.claim(model.node_id, f"{made.name}_unfilled", "measure")
            part = self.store.placed(model, name, aggregation.time, is_computed=False)
            self.store.add_part(part, made.model_copy(update={"name": name}))
            placed = self.store.placed(model, made.name, aggregation.time, is_computed=True)
            made = CubeMeasure(
                name=made.name, type="number", sql=f"COALESCE({part.reference(part)}, {fill})", public=made.public
            )
        self.store.add(metric, placed, made, extra)
        return placed

    def _public(self, metric: Metric, aggregation: Aggregation, found: Aggregated) -> bool | None:
        if found.sql is None or aggregation.agg.lower() not in _REVEALING:
            return None
        if self.visible.is_open(found.sql, aggregation.model.source):
            return None
        self.issues.warning(
            place(metric), f"is hidden: its {aggregation.agg} would show values of a hidden or masked column"
        )
        return False

    def _ratio(self, metric: Metric, combined: Filters, extra: Filters) -> Placed:
        params = metric.type_params
        if params.numerator is None or params.denominator is None:
            raise CannotSay("it has no numerator or no denominator")
        numerator = self._input(params.numerator, combined)
        denominator = self._input(params.denominator, combined)
        sql = f"1.0 * {numerator.operand(numerator)} / NULLIF({denominator.reference(numerator)}, 0)"
        return self._computed(metric, {"numerator": numerator, "denominator": denominator}, sql, extra)

    def _derived(self, metric: Metric, combined: Filters, extra: Filters) -> Placed:
        inputs = {one.alias or one.name: self._input(one, combined) for one in metric.type_params.metrics or ()}
        expr = text_of(metric.type_params.expr)
        if expr is None or not inputs:
            raise CannotSay("it has no expr or no metrics")
        home = next(iter(inputs.values()))

        def replacement(name: Name) -> str:
            found = inputs.get(name.parts[0]) or inputs.get(name.parts[0].lower())
            if found is None or len(name.parts) > 1:
                raise CannotSay(f"its expr names {'.'.join(name.parts)}, which is none of its metrics")
            return found.operand(home)

        return self._computed(metric, inputs, rewritten(expr, self.database_type, replacement), extra)

    def _input(self, given: MetricInput, filters: Filters) -> Placed:
        _refuse_offset(given)
        try:
            return self.place(given.name, tuple(dict.fromkeys((*filter_templates(given.filter), *filters))))
        except CannotSay as reason:
            raise CannotSay(f"it needs {given.name}: {reason}") from None

    def _computed(self, metric: Metric, inputs: Mapping[str, Placed], sql: str, extra: Filters) -> Placed:
        home = next(iter(inputs.values()))
        for other in {one.node_id: one for one in inputs.values() if one.node_id != home.node_id}.values():
            self._check_joined(metric, home, other)
        name = self.store.name(metric, home.node_id, extra)
        placed = self.store.placed(home.model, name, home.time, is_computed=True)
        self.store.add(metric, placed, CubeMeasure(name=name, type="number", sql=sql), extra)
        return placed

    def _check_joined(self, metric: Metric, home: Placed, other: Placed) -> None:
        for one, two in ((home, other), (other, home)):
            way = self.joined.path(one.node_id, two.node_id)
            if way is not None and self.joined.is_only_way(way):
                self.issues.warning(
                    place(metric),
                    f"combines {home.cube} with {other.cube}: Cube joins {one.cube} to {two.cube} for it, so that rows "
                    f"of {two.cube} count only where {one.cube} refers to them, and cuts both by the query's one time "
                    "dimension; MetricFlow takes each by itself",
                )
                return
        raise CannotSay(f"it combines {home.cube} with {other.cube}, and there is not exactly one way to join them")


def _refuse_offset(given: MetricInput) -> None:
    if given.offset_window is not None or given.offset_to_grain is not None:
        raise CannotSay(
            f"it takes {given.alias or given.name} of another time (offset_window or offset_to_grain), and a measure "
            "of Cube sees its own period only; compare periods in the query instead (compareDateRange)"
        )
