"""`meta.cube.measures` become measures; every cube also counts its rows."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast, get_args

from floe_cube_infra.inputs.cube_meta import MeasureMeta
from floe_cube_infra.model.members import CubeMeasure, MeasureFilter, MeasureType
from floe_cube_infra.model.names import is_member_name
from floe_cube_infra.naming import is_identifier
from floe_cube_infra.translate.formats import problem_with_format
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.measure_windows import problem_with_window
from floe_cube_infra.translate.references import renamed
from floe_cube_infra.translate.sources import SourceModel

_TYPES = get_args(MeasureType)
# The contract's older spellings, which are Cube's own of JavaScript models.
_SPELLINGS = {"countDistinct": "count_distinct", "countDistinctApprox": "count_distinct_approx"}

COUNT = CubeMeasure(name="count", type="count")


def measures(source: SourceModel, dimension_names: Collection[str], issues: IssueLog) -> tuple[CubeMeasure, ...]:
    """The measures in the order given; `count` comes first where neither it nor such a column is there."""
    result: list[CubeMeasure] = []
    taken = set(dimension_names)
    members = {*taken, "count", *(meta.name for meta in source.cube.measures)}
    for meta in source.cube.measures:
        drill_members = tuple(map(source.member, meta.drill_members))
        unknown = [name for name in drill_members if "." not in name and name not in members]
        problem = _problem(meta, taken) or (unknown and f"has the unknown drill_members {', '.join(unknown)}")
        if problem:
            issues.error(source.node, f"meta.cube.measures: the measure {meta.name!r} {problem}")
            continue
        taken.add(meta.name)
        result.append(_measure(meta, drill_members, source.cube_name))
    if "count" not in taken:
        result.insert(0, COUNT)
    return tuple(result)


def _problem(meta: MeasureMeta, taken: Collection[str]) -> str | None:
    if not (is_identifier(meta.name) and is_member_name(meta.name)):
        return "has a name that Cube does not take: letters, digits and underscores, no digit first"
    if meta.name in taken:
        return "has the name of another member of the cube"
    type_ = _SPELLINGS.get(meta.type, meta.type)
    if type_ not in _TYPES:
        return f"has the unknown type {meta.type!r}; allowed are: {', '.join(_TYPES)}"
    if meta.sql is None and type_ != "count":
        return f"has no sql, which the type {type_} needs"
    return problem_with_format(meta.format, "measure") or problem_with_window(meta.rolling_window)


def _measure(meta: MeasureMeta, drill_members: tuple[str, ...], cube: str) -> CubeMeasure:
    own = {cube: "CUBE"}
    return CubeMeasure(
        name=meta.name,
        type=cast(MeasureType, _SPELLINGS.get(meta.type, meta.type)),
        sql=None if meta.sql is None else renamed(meta.sql, own),
        filters=tuple(MeasureFilter(sql=renamed(sql, own)) for sql in meta.filters),
        rolling_window=meta.rolling_window,
        title=meta.title,
        description=meta.description,
        format=meta.format,
        public=meta.public,
        drill_members=drill_members,
        meta=meta.meta,
    )
