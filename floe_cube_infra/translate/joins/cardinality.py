"""How many rows of one cube meet one of the other, or why they can't be joined."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from floe_cube_infra.model.members import Relationship
from floe_cube_infra.translate.joins.edges import Edge
from floe_cube_infra.translate.joins.given import Joining
from floe_cube_infra.translate.row_access import equal_columns
from floe_cube_infra.translate.sources import SourceColumn, SourceModel


@dataclass(frozen=True)
class Obstacle:
    """Why an edge is no join, and how to mend it."""

    reason: str


def relationship(edge: Edge, joining: Joining) -> Relationship | Obstacle:
    """The cardinality, or an obstacle where Cube would compute wrong numbers or refuse the model."""
    source, target = joining.sources[edge.node], joining.sources[edge.to]
    reason = _unknown_column(edge, source, target) or joining.problem_with_key(target, source)
    if reason is not None:
        return Obstacle(reason)
    # Equal filter columns are part of the condition only where both sides have one.
    equal = list(equal_columns(source, target, joining.security))
    one_here = _is_unique(source, edge.columns, [mine for mine, _ in equal], joining)
    if _is_unique(target, edge.to_columns, [theirs for _, theirs in equal], joining):
        return "one_to_one" if one_here else "many_to_one"
    if one_here:
        return "one_to_many"
    columns = ", ".join(edge.to_columns)
    return Obstacle(f"nothing says that {columns} is unique in {target.cube_name}; add a unique test, or a primary key")


def _unknown_column(edge: Edge, source: SourceModel, target: SourceModel) -> str | None:
    for columns, owner in ((edge.columns, source), (edge.to_columns, target)):
        unknown = [name for name in columns if name not in owner.columns]
        if unknown:
            return (
                f"{', '.join(unknown)} is no known column of {owner.node.unique_id}; document it, or give "
                "dbt's catalog.json"
            )
    return None


def _is_unique(source: SourceModel, columns: Iterable[str], owners: Iterable[SourceColumn], joining: Joining) -> bool:
    """Whether rows with equal columns, and equal owners if there are any, are one row."""
    unique_id = source.node.unique_id
    given = {*columns, *(owner.name.lower() for owner in owners)}
    key = {column.name.lower() for column in joining.keys.get(unique_id, ())}
    if key and key <= given:
        return True
    if any(given.issuperset(unique) for unique in joining.guards.unique.get(unique_id, ())):
        return True
    if any(
        constraint.type == "unique" and constraint.columns and given.issuperset(map(str.lower, constraint.columns))
        for constraint in source.node.constraints or ()
    ):
        return True
    return any(constraint.type == "unique" for name in given for constraint in source.columns[name].constraints)
