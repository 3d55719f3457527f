"""Which edges become joins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from floe_cube_infra.model.members import CubeJoin, Relationship
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.joins.cardinality import Obstacle, relationship
from floe_cube_infra.translate.joins.conditions import condition
from floe_cube_infra.translate.joins.constraints import constraint_edges
from floe_cube_infra.translate.joins.declared import declared_joins
from floe_cube_infra.translate.joins.doubts import report_doubtful
from floe_cube_infra.translate.joins.edges import Edge
from floe_cube_infra.translate.joins.given import Joining
from floe_cube_infra.translate.joins.model_names import ModelNames
from floe_cube_infra.translate.joins.roles import Roles, is_main


@dataclass(frozen=True, kw_only=True)
class Joins:
    """The joins found.

    Attributes:
        by_node: By `unique_id`, sorted by target; each target once.
        roles: The `unique_id` of the node that each role cube extends, by its name.
        columns: The columns, lower case, by which each node refers to others.
    """

    by_node: Mapping[str, tuple[CubeJoin, ...]]
    roles: Mapping[str, str]
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)


def join(joining: Joining, issues: IssueLog) -> Joins:
    """Decides all joins; what is left out or doubtful becomes a warning that says how to mend it."""
    by_cube = {source.cube_name: source for source in joining.sources.values()}
    names = ModelNames(joining.sources.values())
    roles = Roles(taken=by_cube.keys())
    found: dict[str, dict[str, CubeJoin]] = defaultdict(dict)
    columns: dict[str, set[str]] = defaultdict(set)
    for unique_id, source in joining.sources.items():
        for declared in declared_joins(source, by_cube, names, joining, issues):
            found[unique_id][declared.name] = declared
    # In an order of their own, since the first to ask for a role gets its shortest name.
    for (unique_id, to), edges in sorted(_usable_edges(names, joining, issues).items()):
        source, target = joining.sources[unique_id], joining.sources[to]
        if target.cube_name in found[unique_id]:
            continue  # meta.cube.joins says what is meant
        for edge, cardinality in edges:
            columns[unique_id].update(edge.columns)
            plays_role = len(edges) > 1 and not is_main(edge)
            name = roles.name(source, edge) if plays_role else target.cube_name
            sql = condition(source, target, name, edge, joining)
            found[unique_id][name] = CubeJoin(name=name, relationship=cardinality, sql=sql)
    report_doubtful(found, roles.targets, joining, issues)
    return Joins(
        by_node={unique_id: tuple(some[name] for name in sorted(some)) for unique_id, some in found.items()},
        roles=dict(sorted(roles.targets.items())),
        columns={unique_id: frozenset(some) for unique_id, some in columns.items()},
    )


def _usable_edges(
    names: ModelNames, joining: Joining, issues: IssueLog
) -> dict[tuple[str, str], list[tuple[Edge, Relationship]]]:
    """The edges that can become joins, with their cardinality, by both ends; the same one from several places once."""
    usable: dict[tuple[str, str], list[tuple[Edge, Relationship]]] = defaultdict(list)
    for (unique_id, to), edges in _edges_between(names, joining).items():
        source, target = joining.sources[unique_id], joining.sources.get(to)
        for edge in edges:
            if target is None:
                issues.warning(
                    source.node,
                    f"is not joined to {to} by {edge.origin}: that is no cube here; select it (models.include, "
                    "models.resourceTypes), and document its columns",
                    edge.columns[0],
                )
                continue
            cardinality = relationship(edge, joining)
            if isinstance(cardinality, Obstacle):
                message = f"is not joined to {target.cube_name} by {edge.origin}: {cardinality.reason}"
                issues.warning(source.node, message, edge.columns[0])
            else:
                usable[unique_id, to].append((edge, cardinality))
    return usable


def _edges_between(names: ModelNames, joining: Joining) -> dict[tuple[str, str], list[Edge]]:
    """All edges by both ends, sorted by their columns; one that says less than another is left out."""
    between: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    for edge in chain(constraint_edges(joining.sources, joining.keys, names), _tested(joining), joining.edges):
        if edge.node == edge.to or edge.node not in joining.sources:
            continue
        others = between[edge.node, edge.to]
        columns = set(edge.columns)
        if not any(columns.issubset(other.columns) for other in others):
            # Part of a composite key may have been named on its own before.
            others[:] = [other for other in others if not columns.issuperset(other.columns)]
            others.append(edge)
    for others in between.values():
        others.sort(key=lambda edge: (edge.columns, edge.to_columns))
    return between


def _tested(joining: Joining) -> Iterable[Edge]:
    references = joining.guards.references
    for reference in sorted(references, key=lambda one: (one.node, one.to, one.column, one.to_column)):
        yield Edge(
            node=reference.node,
            columns=(reference.column,),
            to=reference.to,
            to_columns=(reference.to_column,),
            origin="the relationships test",
        )
