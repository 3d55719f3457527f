"""`meta.cube.segments` and `meta.cube.hierarchies`."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from floe_cube_infra.model.members import CubeDimension, CubeHierarchy, CubeMeasure, CubeSegment
from floe_cube_infra.model.names import is_member_name
from floe_cube_infra.naming import is_identifier
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.references import renamed
from floe_cube_infra.translate.sources import SourceModel

_NAME_RULE = "has a name that Cube does not take: letters, digits and underscores, no digit first"


def segments(
    source: SourceModel, others: Iterable[CubeDimension | CubeMeasure], issues: IssueLog
) -> tuple[CubeSegment, ...]:
    """The segments in the order given; none may be called as one of the other members."""
    if not source.cube.segments:
        return ()
    taken = {member.name for member in others}
    result: dict[str, CubeSegment] = {}
    for meta in source.cube.segments:
        problem = None
        if not (is_identifier(meta.name) and is_member_name(meta.name)):
            problem = _NAME_RULE
        elif meta.name in taken or meta.name in result:
            problem = "has the name of another member of the cube"
        if problem:
            issues.error(source.node, f"meta.cube.segments: the segment {meta.name!r} {problem}")
        else:
            sql = renamed(meta.sql, {source.cube_name: "CUBE"})
            result[meta.name] = CubeSegment(**{**meta.model_dump(), "sql": sql})
    return tuple(result.values())


def hierarchies(
    source: SourceModel, dimensions: Collection[CubeDimension], issues: IssueLog
) -> tuple[CubeHierarchy, ...]:
    """The hierarchies in the order given; hidden levels are left out."""
    if not source.cube.hierarchies:
        return ()
    known = {dimension.name: dimension for dimension in dimensions}
    result: dict[str, CubeHierarchy] = {}
    for meta in source.cube.hierarchies:
        levels = [source.member(level) for level in meta.levels]
        unknown = [level for level in levels if level not in known]
        problem = None
        if not (is_identifier(meta.name) and is_member_name(meta.name)):
            problem = _NAME_RULE
        elif meta.name in result:
            problem = "occurs twice"
        elif unknown or not levels:
            problem = f"has the unknown levels {', '.join(unknown)}" if unknown else "has no levels"
        if problem:
            issues.error(source.node, f"meta.cube.hierarchies: the hierarchy {meta.name!r} {problem}")
            continue
        visible = tuple(level for level in levels if known[level].public is not False)
        if visible:
            result[meta.name] = CubeHierarchy(name=meta.name, levels=visible, title=meta.title, public=meta.public)
    return tuple(result.values())
