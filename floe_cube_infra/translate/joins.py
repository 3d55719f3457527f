"""Relationships between models become joins between their cubes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast, get_args

from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.model.members import CubeJoin, Relationship
from floe_cube_infra.translate.guards import Guards, Reference
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.quoting import column_sql
from floe_cube_infra.translate.row_access import RowSecurity, filter_column
from floe_cube_infra.translate.sources import SourceColumn, SourceModel

_RELATIONSHIPS = get_args(Relationship)


@dataclass(frozen=True, kw_only=True)
class JoinContext:
    """What joins are decided from.

    Attributes:
        sources: The models that become cubes, by `unique_id`.
        keys: Their primary keys, by `unique_id`.
        guards: What tests guarantee.
        security: Cubes that are both filtered are joined on their filter columns, too.
        database_type: Decides quoting.
    """

    sources: Mapping[str, SourceModel]
    keys: Mapping[str, tuple[SourceColumn, ...]]
    guards: Guards
    security: RowSecurity
    database_type: DatabaseType


def joins(context: JoinContext, issues: IssueLog) -> dict[str, tuple[CubeJoin, ...]]:
    """The joins of each model, by `unique_id`, sorted by target; each target once."""
    result: dict[str, dict[str, CubeJoin]] = defaultdict(dict)
    for source in context.sources.values():
        for join in _declared(source, context, issues):
            result[source.node.unique_id][join.name] = join
    for reference in context.guards.references:
        referring, target = context.sources.get(reference.node), context.sources.get(reference.to)
        if referring is None or target is None or referring is target:
            continue
        found = _referenced(referring, target, reference, context, issues)
        if found is None:
            continue
        present = result[reference.node].get(found.name)
        if present is None:
            result[reference.node][found.name] = found
        elif present.sql != found.sql:
            issues.warning(
                referring.node,
                f"refers to {target.cube_name} more than once; the join by {reference.column} is left out",
                reference.column,
            )
    return {unique_id: tuple(found[name] for name in sorted(found)) for unique_id, found in sorted(result.items())}


def _declared(source: SourceModel, context: JoinContext, issues: IssueLog) -> list[CubeJoin]:
    names = {other.cube_name for other in context.sources.values()}
    by_model = {other.node.name: other.cube_name for other in context.sources.values()}
    found: list[CubeJoin] = []
    for meta in source.cube.joins:
        target = meta.name if meta.name in names else by_model.get(meta.name)
        if target is None:
            issues.warning(source.node, f"meta.cube.joins: {meta.name!r} is no cube here, so it is not joined")
        elif meta.relationship not in _RELATIONSHIPS:
            issues.error(
                source.node,
                f"meta.cube.joins: the relationship {meta.relationship!r} to {meta.name} is unknown; "
                f"allowed are: {', '.join(_RELATIONSHIPS)}",
            )
        else:
            found.append(CubeJoin(name=target, relationship=cast(Relationship, meta.relationship), sql=meta.sql))
    return found


def _referenced(
    source: SourceModel, target: SourceModel, reference: Reference, context: JoinContext, issues: IssueLog
) -> CubeJoin | None:
    column, to_column = source.column(reference.column), target.column(reference.to_column)
    if column is None or to_column is None:
        missing, owner = (reference.column, source) if column is None else (reference.to_column, target)
        issues.warning(
            source.node,
            f"is not joined to {target.cube_name}: {missing} is no known column of {owner.node.unique_id}; "
            "document the column, or give dbt's catalog.json",
            reference.column,
        )
        return None
    if not _is_unique(target, to_column, context):
        issues.warning(
            source.node,
            f"is not joined to {target.cube_name}: nothing says that {target.cube_name}.{to_column.name} is "
            "unique; add a unique and a not_null test, or a primary key",
            reference.column,
        )
        return None
    if not context.keys.get(source.node.unique_id) or not context.keys.get(target.node.unique_id):
        keyless = target if not context.keys.get(target.node.unique_id) else source
        issues.warning(
            source.node,
            f"is not joined to {target.cube_name}: {keyless.cube_name} has no primary key, which Cube needs to "
            "join; add unique and not_null tests, a primary_key constraint, or meta.cube.primary_key",
            reference.column,
        )
        return None
    relationship: Relationship = "one_to_one" if _is_unique(source, column, context) else "many_to_one"
    return CubeJoin(
        name=target.cube_name,
        relationship=relationship,
        sql=_condition(source, target, column, to_column, context),
    )


def _is_unique(source: SourceModel, column: SourceColumn, context: JoinContext) -> bool:
    if context.keys.get(source.node.unique_id) == (column,):
        return True
    if any(constraint.type == "unique" for constraint in column.constraints):
        return True
    return (column.name.lower(),) in context.guards.unique.get(source.node.unique_id, ())


def _condition(
    source: SourceModel,
    target: SourceModel,
    column: SourceColumn,
    to_column: SourceColumn,
    context: JoinContext,
) -> str:
    """The join's SQL; where rows of both sides are filtered, they must also belong to the same owner.

    Cube filters no cube through which a query only passes, nor inside `sub_query` dimensions; equal filter
    columns close both.
    """
    pairs = [(column, to_column)]
    if context.security.enabled:
        mine, theirs = filter_column(source, context.security), filter_column(target, context.security)
        if mine is not None and theirs is not None and (mine, theirs) != (column, to_column):
            pairs.append((mine, theirs))

    def sql(of: SourceColumn) -> str:
        return column_sql(of.name, context.database_type, quoted=of.quoted)

    return " AND ".join(f"{{CUBE}}.{sql(left)} = {{{target.cube_name}}}.{sql(right)}" for left, right in pairs)
