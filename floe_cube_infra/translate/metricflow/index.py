"""The semantic layer by its names, bound to the nodes that become cubes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from floe_cube_infra.inputs.dbt_manifest import Manifest, Node
from floe_cube_infra.inputs.dbt_semantics import (
    Metric,
    MetricInputMeasure,
    MetricTypeParams,
    SavedQuery,
    SemanticDimension,
    SemanticEntity,
    SemanticMeasure,
    SemanticModel,
)
from floe_cube_infra.translate.metricflow.expressions import text_of
from floe_cube_infra.translate.sources import SourceModel

_TO_JOIN_TO = frozenset(["primary", "unique", "natural"])


@dataclass(frozen=True, kw_only=True, eq=False)
class BoundModel:
    """A semantic model with the node that it is about.

    Attributes:
        semantic: What dbt says.
        source: The node, which becomes a cube.
        dimensions: By name.
        entities: By name.
    """

    semantic: SemanticModel
    source: SourceModel
    dimensions: Mapping[str, SemanticDimension]
    entities: Mapping[str, SemanticEntity]

    @property
    def name(self) -> str:
        """The semantic model's name."""
        return self.semantic.name

    @property
    def node_id(self) -> str:
        """The `unique_id` of the node."""
        return self.source.node.unique_id

    @property
    def default_time(self) -> str | None:
        """The time dimension that its measures aggregate by, unless they say another."""
        return self.semantic.defaults.agg_time_dimension if self.semantic.defaults else None

    def has_element(self, name: str) -> bool:
        """Whether it has a dimension or an entity of that name."""
        return name in self.dimensions or name in self.entities

    def is_about(self, entity: str) -> bool:
        """Whether the entity tells its rows apart."""
        if self.semantic.primary_entity == entity:
            return True
        found = self.entities.get(entity)
        return found is not None and found.type == "primary"

    def can_be_joined_by(self, entity: str) -> bool:
        """Whether others with that entity can be joined to it on equal values alone."""
        found = self.entities.get(entity)
        return found is not None and found.type in _TO_JOIN_TO and not self.has_validity

    @property
    def has_validity(self) -> bool:
        """Whether its rows hold for a span of time only, so that equal keys don't make one row."""
        for dimension in self.dimensions.values():
            validity = dimension.type_params and dimension.type_params.validity_params
            if validity and (validity.is_start or validity.is_end):
                return True
        return False


@dataclass(frozen=True, kw_only=True)
class SemanticIndex:
    """All that names can mean.

    Attributes:
        models: The semantic models whose nodes become cubes, by name.
        unbound: The others, by name.
        measures: Measures with their semantic models, by name; MetricFlow has each name once.
        metrics: By name.
    """

    models: Mapping[str, BoundModel]
    unbound: Mapping[str, SemanticModel]
    measures: Mapping[str, tuple[BoundModel, SemanticMeasure]]
    metrics: Mapping[str, Metric]

    def unbound_owner(self, measure: str) -> SemanticModel | None:
        """The semantic model of a measure, if its node becomes no cube."""
        for model in self.unbound.values():
            if any(one.name == measure for one in model.measures or ()):
                return model
        return None

    def joined_by(self, entity: str, other_than: BoundModel) -> Iterator[BoundModel]:
        """The semantic models that others can be joined to by that entity."""
        for model in self.models.values():
            if model.node_id != other_than.node_id and model.can_be_joined_by(entity):
                yield model


def read_index(manifest: Manifest, sources: Mapping[str, SourceModel]) -> SemanticIndex:
    """Brings the semantic layer and the nodes together."""
    models: dict[str, BoundModel] = {}
    unbound: dict[str, SemanticModel] = {}
    for semantic in manifest.semantic_models.values():
        nodes = (semantic.depends_on and semantic.depends_on.nodes) or ()
        source = next((sources[node] for node in nodes if node in sources), None)
        if source is None:
            unbound[semantic.name] = semantic
            continue
        models[semantic.name] = BoundModel(
            semantic=semantic,
            source=source,
            dimensions={one.name: one for one in semantic.dimensions or ()},
            entities={one.name: one for one in semantic.entities or ()},
        )
    measures = {one.name: (model, one) for model in models.values() for one in model.semantic.measures or ()}
    created = {
        name: _created_metric(model, measure) for name, (model, measure) in measures.items() if measure.create_metric
    }
    return SemanticIndex(
        models=models,
        unbound=unbound,
        measures=measures,
        # By their ids, since dbt writes them in no order that means something.
        metrics={
            **created,
            **{metric.name: metric for _, metric in sorted(manifest.metrics.items()) if _is_enabled(metric)},
        },
    )


def expression_of(element: SemanticDimension | SemanticEntity) -> str:
    """An element's SQL; without any it is the column of its own name."""
    return text_of(element.expr) or element.name


def place(part: Metric | SavedQuery | SemanticModel) -> Node:
    """The part as a node, which is what issues name."""
    return Node(
        unique_id=part.unique_id,
        resource_type=part.unique_id.partition(".")[0],
        name=part.name,
        original_file_path=part.original_file_path,
    )


def _is_enabled(metric: Metric) -> bool:
    return metric.config is None or metric.config.enabled is not False


def _created_metric(model: BoundModel, measure: SemanticMeasure) -> Metric:
    """What `create_metric: true` means; most versions of dbt write the metric themselves."""
    return Metric(
        unique_id=model.semantic.unique_id,
        name=measure.name,
        type="simple",
        type_params=MetricTypeParams(measure=MetricInputMeasure(name=measure.name)),
        label=measure.label,
        description=measure.description,
        original_file_path=model.semantic.original_file_path,
    )
