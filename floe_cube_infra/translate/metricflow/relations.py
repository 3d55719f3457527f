"""What entities say about keys, and about references between nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from floe_cube_infra.inputs.dbt_manifest import Manifest
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.joins.edges import Edge
from floe_cube_infra.translate.metricflow.expressions import plain_column, plain_name
from floe_cube_infra.translate.metricflow.index import BoundModel, SemanticIndex, expression_of, place, read_index
from floe_cube_infra.translate.sources import SourceModel


@dataclass(frozen=True, kw_only=True)
class SemanticRelations:
    """What joins are decided from.

    Attributes:
        edges: One for each foreign entity and each semantic model that it refers to.
        keys: The columns, lower case, of primary entities, by the `unique_id` of the node; known columns only.
    """

    edges: tuple[Edge, ...]
    keys: Mapping[str, tuple[str, ...]]


def semantic_relations(manifest: Manifest, sources: Mapping[str, SourceModel], issues: IssueLog) -> SemanticRelations:
    """Reads the entities; an entity that is an expression takes no part."""
    return relations_of(read_index(manifest, sources), issues)


def relations_of(index: SemanticIndex, issues: IssueLog) -> SemanticRelations:
    """The same from an index."""
    keys: dict[str, tuple[str, ...]] = {}
    edges: dict[Edge, None] = {}
    for model in index.models.values():
        for entity in model.entities.values():
            column = plain_column(expression_of(entity), model.source)
            if entity.type == "primary" and column is not None and not model.has_validity:
                keys.setdefault(model.node_id, (column.name.lower(),))
            elif entity.type == "foreign":
                edges.update(dict.fromkeys(_edges(entity.name, model, index, issues)))
    return SemanticRelations(edges=tuple(edges), keys=keys)


def edge_between(entity: str, model: BoundModel, target: BoundModel) -> Edge | None:
    """The reference by an entity that both have, if it is a column in both."""
    columns = [plain_name(expression_of(one.entities[entity])) for one in (model, target)]
    if columns[0] is None or columns[1] is None:
        return None
    return Edge(
        node=model.node_id,
        columns=(columns[0].lower(),),
        to=target.node_id,
        to_columns=(columns[1].lower(),),
        origin=f"the entity {entity}",
    )


def _edges(entity: str, model: BoundModel, index: SemanticIndex, issues: IssueLog) -> Iterator[Edge]:
    for other in index.models.values():
        if other.node_id != model.node_id and other.has_validity and entity in other.entities:
            issues.warning(
                place(model.semantic),
                f"is not joined to {other.source.cube_name} by the entity {entity}: the rows of {other.name} hold for "
                "a span of time only, and Cube joins on equal keys",
            )
    for target in index.joined_by(entity, other_than=model):
        edge = edge_between(entity, model, target)
        if edge is not None:
            yield edge
        else:
            issues.warning(
                place(model.semantic),
                f"is not joined to {target.source.cube_name} by the entity {entity}: it is an expression; make it a "
                "column of both models",
            )
