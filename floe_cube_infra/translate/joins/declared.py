"""The joins in `meta.cube.joins`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast, get_args

from floe_cube_infra.inputs.cube_meta import JoinMeta
from floe_cube_infra.model.members import CubeJoin, Relationship
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.joins.conditions import with_same_owner
from floe_cube_infra.translate.joins.given import Joining
from floe_cube_infra.translate.joins.model_names import ModelNames
from floe_cube_infra.translate.references import renamed
from floe_cube_infra.translate.sources import SourceModel

_RELATIONSHIPS = get_args(Relationship)


def declared_joins(
    source: SourceModel, by_cube: Mapping[str, SourceModel], names: ModelNames, joining: Joining, issues: IssueLog
) -> Iterator[CubeJoin]:
    """The joins that the node's meta declares, as far as Cube takes them.

    Args:
        source: The node.
        by_cube: All nodes by the names of their cubes.
        names: The same by their names in dbt.
        joining: What joins are decided from.
        issues: Takes what is wrong or left out.
    """
    taken: set[str] = set()
    for meta in source.cube.joins:
        target = by_cube.get(meta.name) or names.find(meta.name, source)
        problem = _problem(meta, source, target, taken, joining)
        if meta.relationship not in _RELATIONSHIPS:
            issues.error(
                source.node,
                f"meta.cube.joins: the relationship {meta.relationship!r} to {meta.name} is unknown; "
                f"allowed are: {', '.join(_RELATIONSHIPS)}",
            )
        elif target is None or problem:
            issues.warning(source.node, f"meta.cube.joins: {problem}")
        else:
            taken.add(target.cube_name)
            sql = renamed(meta.sql, {source.cube_name: "CUBE", meta.name: target.cube_name})
            yield CubeJoin(
                name=target.cube_name,
                relationship=cast(Relationship, meta.relationship),
                sql=with_same_owner(sql, source, target, joining),
            )


def _problem(
    meta: JoinMeta, source: SourceModel, target: SourceModel | None, taken: set[str], joining: Joining
) -> str | None:
    if target is None:
        return (
            f"{meta.name!r} is no cube here, so it is not joined; name a cube, or a dbt model that becomes one "
            "(of several with that name the cube)"
        )
    if target is source:
        return f"{meta.name!r} is the cube itself, which Cube can't join; make a model of its other role"
    if target.cube_name in taken:
        return f"{meta.name!r} is joined already, and Cube takes one join to a cube; this one is left out"
    obstacle = joining.problem_with_key(target, source)
    return f"{meta.name!r} is not joined: {obstacle}" if obstacle else None
