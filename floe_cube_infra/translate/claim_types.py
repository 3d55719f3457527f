"""What a claim's values must be: the same as the columns that they are compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from floe_cube_infra.model.access import ClaimDemand, ClaimType, Filtered, Refused, RowFilter
from floe_cube_infra.model.cubes import CubeSchema
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.sources import SourceModel

_TYPES: Final[Mapping[str, ClaimType]] = {"number": "number", "string": "text", "boolean": "boolean"}
_ORDER: Final = ("number", "text", "boolean")


def with_claim_types(
    cubes: Mapping[str, CubeSchema], sources: Mapping[str, SourceModel], issues: IssueLog
) -> dict[str, CubeSchema]:
    """The cubes with the type of each filter's claim, by `unique_id`.

    A claim has one type, that of most of its columns. A cube where its column is of another is refused: a text
    compared with a number means what the database makes of it, or an error.
    """
    types = _claim_types(cubes.values())
    return {unique_id: _typed(cube, types, sources[unique_id], issues) for unique_id, cube in cubes.items()}


def with_types(demands: Iterable[ClaimDemand], cubes: Sequence[CubeSchema]) -> tuple[ClaimDemand, ...]:
    """The demands with the types of their claims."""
    types = _claim_types(cubes)
    return tuple(each.model_copy(update={"type": types.get(each.claim)}) for each in demands)


def _claim_types(cubes: Iterable[CubeSchema]) -> dict[str, ClaimType]:
    """The type of each claim that filters, sorted by name; claims whose columns are of no such type are left out."""
    counts: dict[str, Counter[ClaimType]] = {}
    for cube in cubes:
        for row_filter in _filters(cube):
            type_ = _column_type(cube, row_filter)
            counts.setdefault(row_filter.claim, Counter()).update([type_] if type_ is not None else [])
    return {
        claim: max(found, key=lambda type_: (found[type_], -_ORDER.index(type_)))
        for claim, found in sorted(counts.items())
        if found
    }


def _typed(cube: CubeSchema, types: Mapping[str, ClaimType], source: SourceModel, issues: IssueLog) -> CubeSchema:
    filters = _filters(cube)
    if not filters:
        return cube
    wrong = [each for each in filters if _column_type(cube, each) != types.get(each.claim, "")]
    for each in wrong:
        wanted = f"a {types[each.claim]} in most cubes" if each.claim in types else "to be a number, text or boolean"
        issues.refused(
            source.node,
            f"the claim {each.claim} filters by its {each.member}, a {_dimension_type(cube, each)}, but has {wanted}, "
            f"so the cube {cube.name} refuses every query; {_mend(source, each.member)}, or set its meta.cube.type",
        )
    if wrong:
        return cube.model_copy(update={"access": Refused(), "filter_column": None})
    if all(each.type == types[each.claim] for each in filters):
        return cube
    typed = [each.model_copy(update={"type": types[each.claim]}) for each in filters]
    return cube.model_copy(update={"access": Filtered(filters=tuple(typed))})


def _mend(source: SourceModel, member: str) -> str:
    # A column of which nothing says the type is a string.
    unknown = any(column.member == member and column.data_type is None for column in source.columns.values())
    return "give dbt's catalog.json, which knows its type" if unknown else "cast the column in the model"


def _filters(cube: CubeSchema) -> tuple[RowFilter, ...]:
    return cube.access.filters if cube.access.kind == "filter" else ()


def _column_type(cube: CubeSchema, row_filter: RowFilter) -> ClaimType | None:
    return _TYPES.get(_dimension_type(cube, row_filter))


def _dimension_type(cube: CubeSchema, row_filter: RowFilter) -> str:
    return next((each.type for each in cube.dimensions if each.name == row_filter.member), "missing column")
