"""Pre-aggregations for all cubes: those that dbt declares, and proposals where settings ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from floe_cube_infra.model.cubes import CubeSchema, RoleCube
from floe_cube_infra.translate.guards import Guards
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.joins import Joins
from floe_cube_infra.translate.pre_aggregations import (
    KnownCubes,
    PreAggregationDefaults,
    RollupHints,
    pre_aggregations,
    propose_rollup,
)
from floe_cube_infra.translate.sources import SourceModel
from floe_cube_infra.translate.visibility import Classifications


@dataclass(frozen=True, kw_only=True)
class Rollups:
    """What artifacts and settings say about pre-aggregations.

    Attributes:
        defaults: The artifacts' defaults.
        propose: Whether a rollup is proposed for each fact that declares none.
    """

    defaults: PreAggregationDefaults = field(default_factory=PreAggregationDefaults)
    propose: bool = False


def with_pre_aggregations(
    cubes: Mapping[str, CubeSchema],
    roles: list[RoleCube],
    sources: Mapping[str, SourceModel],
    rollups: Rollups,
    hints: Mapping[str, RollupHints],
    issues: IssueLog,
) -> dict[str, CubeSchema]:
    """The cubes, by `unique_id`, with their pre-aggregations; what is proposed and why becomes a note."""
    declared = {cube.name: sources[unique_id].cube.pre_aggregations for unique_id, cube in cubes.items()}
    if not rollups.propose and not any(declared.values()):
        return dict(cubes)
    known = KnownCubes(
        by_name={cube.name: cube for cube in cubes.values()}
        | {role.name: cubes[role.dbt_node] for role in roles if role.dbt_node in cubes},
        pre_aggregations={name: [meta.name for meta in metas] for name, metas in declared.items()},
    )
    result: dict[str, CubeSchema] = {}
    for unique_id, cube in cubes.items():
        node = sources[unique_id].node
        found = pre_aggregations(cube.name, declared[cube.name], known, rollups.defaults, node, issues)
        if rollups.propose and not declared[cube.name]:
            proposal = propose_rollup(cube.name, known, rollups.defaults, hints.get(unique_id, RollupHints()))
            if proposal.rollup is not None:
                found = (proposal.rollup,)
                issues.note(node, f"is given the rollup {proposal.rollup.name}: {'; '.join(proposal.reasons)}")
        result[unique_id] = cube.model_copy(update={"pre_aggregations": found}) if found else cube
    return result


def hints_of(
    sources: Mapping[str, SourceModel], guards: Guards, joins: Joins, classifications: Classifications
) -> dict[str, RollupHints]:
    """What dbt knows about the columns of each node, by `unique_id`."""
    return {
        unique_id: RollupHints(
            few_values={
                column.member: count
                for name, count in guards.accepted_values.get(unique_id, {}).items()
                if (column := source.column(name)) is not None
            },
            personal=[
                column.member
                for column in source.columns.values()
                if classifications.of(source.node.name, column.name, column.meta) is not None
            ],
            foreign_keys=[
                column.member
                for name in joins.columns.get(unique_id, ())
                if (column := source.column(name)) is not None
            ],
            event_time=source.node.config.event_time if source.node.config else None,
        )
        for unique_id, source in sources.items()
    }
