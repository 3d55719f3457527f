"""Which edges become joins, with which cardinality and condition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import cast, get_args

from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.members import CubeJoin, Relationship
from floe_cube_infra.translate.guards import Guards
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.joins.constraints import constraint_edges
from floe_cube_infra.translate.joins.edges import Edge
from floe_cube_infra.translate.joins.graph import ambiguous, cycles
from floe_cube_infra.translate.joins.roles import Roles, is_main
from floe_cube_infra.translate.quoting import column_sql
from floe_cube_infra.translate.row_access import RowSecurity, filter_column
from floe_cube_infra.translate.sources import SourceColumn, SourceModel

_RELATIONSHIPS = get_args(Relationship)


@dataclass(frozen=True, kw_only=True)
class Joining:
    """What joins are decided from.

    Attributes:
        sources: The nodes that become cubes, by `unique_id`.
        keys: Their primary keys, by `unique_id`.
        guards: What tests guarantee.
        edges: Further edges: those of semantic models.
        security: Cubes that are both filtered are joined on their filter columns, too.
        database_type: Decides quoting.
    """

    sources: Mapping[str, SourceModel]
    keys: Mapping[str, tuple[SourceColumn, ...]]
    guards: Guards
    edges: Iterable[Edge]
    security: RowSecurity
    database_type: DatabaseType


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
    by_model = {source.node.name: source for source in joining.sources.values()}
    roles = Roles(taken=by_cube.keys())
    found: dict[str, dict[str, CubeJoin]] = defaultdict(dict)
    columns: dict[str, set[str]] = defaultdict(set)
    for unique_id, source in joining.sources.items():
        for declared in _declared(source, {**by_model, **by_cube} if source.cube.joins else {}, joining, issues):
            found[unique_id][declared.name] = declared
    for (unique_id, to), edges in _usable_edges(joining, issues).items():
        source, target = joining.sources[unique_id], joining.sources[to]
        if target.cube_name in found[unique_id]:
            continue  # meta.cube.joins says what is meant
        for edge, relationship in edges:
            columns[unique_id].update(edge.columns)
            plays_role = len(edges) > 1 and not is_main(edge)
            name = roles.name(source, edge) if plays_role else target.cube_name
            sql = _condition(source, target, name, edge, joining)
            found[unique_id][name] = CubeJoin(name=name, relationship=relationship, sql=sql)
    _report_doubtful(found, roles.targets, joining, issues)
    return Joins(
        by_node={unique_id: tuple(some[name] for name in sorted(some)) for unique_id, some in found.items()},
        roles=dict(sorted(roles.targets.items())),
        columns={unique_id: frozenset(some) for unique_id, some in columns.items()},
    )


def _declared(
    source: SourceModel, targets: Mapping[str, SourceModel], joining: Joining, issues: IssueLog
) -> Iterable[CubeJoin]:
    for meta in source.cube.joins:
        other = targets.get(meta.name)
        if other is None:
            issues.warning(source.node, f"meta.cube.joins: {meta.name!r} is no cube here, so it is not joined")
        elif meta.relationship not in _RELATIONSHIPS:
            issues.error(
                source.node,
                f"meta.cube.joins: the relationship {meta.relationship!r} to {meta.name} is unknown; "
                f"allowed are: {', '.join(_RELATIONSHIPS)}",
            )
        else:
            owners = _same_owner(source, other, other.cube_name, joining)
            is_said = owners is None or owners[0].name.lower() in meta.sql.lower()
            sql = meta.sql if is_said or owners is None else f"({meta.sql}) AND {owners[1]}"
            yield CubeJoin(name=other.cube_name, relationship=cast(Relationship, meta.relationship), sql=sql)


def _usable_edges(joining: Joining, issues: IssueLog) -> dict[tuple[str, str], list[tuple[Edge, Relationship]]]:
    """The edges that can become joins, with their cardinality, by both ends; the same one from several places once."""
    usable: dict[tuple[str, str], list[tuple[Edge, Relationship]]] = defaultdict(list)
    seen: set[tuple[str, str, frozenset[tuple[str, str]]]] = set()
    for edge in chain(constraint_edges(joining.sources), _tested(joining), joining.edges):
        key = (edge.node, edge.to, frozenset(zip(edge.columns, edge.to_columns, strict=True)))
        if key in seen or edge.node == edge.to or edge.node not in joining.sources or edge.to not in joining.sources:
            continue
        seen.add(key)
        relationship = _relationship(edge, joining, issues)
        if relationship is None:
            continue
        others = usable[edge.node, edge.to]
        # Two edges that share a column say the same twice, once with less (a composite key's part, say).
        if not any(set(edge.columns) & set(other.columns) for other, _ in others):
            others.append((edge, relationship))
    return usable


def _tested(joining: Joining) -> Iterable[Edge]:
    for reference in joining.guards.references:
        yield Edge(
            node=reference.node,
            columns=(reference.column,),
            to=reference.to,
            to_columns=(reference.to_column,),
            origin="the relationships test",
        )


def _relationship(edge: Edge, joining: Joining, issues: IssueLog) -> Relationship | None:
    """The cardinality, or None (with a warning) where Cube would compute wrong numbers or refuse the model."""
    source, target = joining.sources[edge.node], joining.sources[edge.to]
    obstacle = _obstacle(edge, joining)
    if obstacle is None:
        one_here = _is_unique(source, edge.columns, joining)
        if _is_unique(target, edge.to_columns, joining):
            return "one_to_one" if one_here else "many_to_one"
        if one_here:
            return "one_to_many"
        obstacle = (
            f"nothing says that {', '.join(edge.to_columns)} is unique in {target.cube_name}; "
            "add a unique test, or a primary key"
        )
    message = f"is not joined to {target.cube_name} by {edge.origin}: {obstacle}"
    issues.warning(source.node, message, edge.columns[0])
    return None


def _obstacle(edge: Edge, joining: Joining) -> str | None:
    source, target = joining.sources[edge.node], joining.sources[edge.to]
    for columns, owner in ((edge.columns, source), (edge.to_columns, target)):
        unknown = [name for name in columns if owner.column(name) is None]
        if unknown:
            return (
                f"{', '.join(unknown)} is no known column of {owner.node.unique_id}; document it, or give "
                "dbt's catalog.json"
            )
    for owner in (target, source):
        if not joining.keys.get(owner.node.unique_id):
            return (
                f"{owner.cube_name} has no primary key, which Cube needs to join; add unique and not_null tests, "
                "a primary_key constraint, or meta.cube.primary_key"
            )
    return None


def _is_unique(source: SourceModel, columns: Sequence[str], joining: Joining) -> bool:
    """Whether rows with equal columns are one row; the filter column is equal too, where rows are filtered."""
    unique_id = source.node.unique_id
    given = {name.lower() for name in columns}
    if joining.security.enabled and (own := filter_column(source, joining.security)):
        given.add(own.name.lower())
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


def _condition(source: SourceModel, target: SourceModel, name: str, edge: Edge, joining: Joining) -> str:
    """The join's SQL; where rows of both sides are filtered, they must also belong to the same owner."""
    conditions = [
        _equal(source.columns[column], target.columns[to_column], name, joining)
        for column, to_column in zip(edge.columns, edge.to_columns, strict=True)
    ]
    owners = _same_owner(source, target, name, joining)
    if owners is not None and owners[1] not in conditions:
        conditions.append(owners[1])
    return " AND ".join(conditions)


def _same_owner(
    source: SourceModel, target: SourceModel, name: str, joining: Joining
) -> tuple[SourceColumn, str] | None:
    """The filter column of the source, and the condition that it equals the target's, where both have one.

    Cube filters no cube through which a query only passes, nor inside `sub_query` dimensions; equal filter
    columns close both.
    """
    if not joining.security.enabled:
        return None
    mine, theirs = filter_column(source, joining.security), filter_column(target, joining.security)
    if mine is None or theirs is None:
        return None
    return mine, _equal(mine, theirs, name, joining)


def _equal(left: SourceColumn, right: SourceColumn, name: str, joining: Joining) -> str:
    mine, theirs = (column_sql(column.name, joining.database_type, quoted=column.quoted) for column in (left, right))
    return f"{{CUBE}}.{mine} = {{{name}}}.{theirs}"


def _report_doubtful(
    found: Mapping[str, Mapping[str, CubeJoin]],
    roles: Mapping[str, str],
    joining: Joining,
    issues: IssueLog,
) -> None:
    nodes = {source.cube_name: source.node for source in joining.sources.values()}
    graph = {joining.sources[unique_id].cube_name: sorted(some) for unique_id, some in found.items() if some}
    for role, unique_id in roles.items():
        graph[role] = sorted(found.get(unique_id, {}))
        nodes[role] = joining.sources[unique_id].node
    for cycle in cycles(graph):
        issues.warning(
            nodes[cycle[0]],
            f"its joins form a cycle: {' -> '.join(cycle)}; Cube then chooses a way by itself. "
            "Remove one of the relationships, or say in meta.cube.joins which is meant",
        )
    for start, end, (one, other) in ambiguous(graph):
        issues.warning(
            nodes[start],
            f"is joined to {end} on two ways of the same length, over {one} and over {other}; Cube takes either. "
            "Say in a view's join_path which is meant, or join them directly in meta.cube.joins",
        )
