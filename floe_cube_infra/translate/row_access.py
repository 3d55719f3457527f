"""Row-level security: which columns of a cube filter its rows, by which claims, or what stands in for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from floe_cube_infra.model.access import Filtered, Refused, RowAccess, RowFilter, Unfiltered
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.sources import SourceColumn, SourceModel


@dataclass(frozen=True, kw_only=True)
class ColumnFilter:
    """One of the stack's filters.

    Attributes:
        column: The column that tells whose row it is.
        claim: The token's claim with the values that a query may see.
        columns: What the column is called in some cubes, by cube; `meta.cube.filter_column` of a model goes before.
        unfiltered_cubes: Cubes without the column that this filter leaves whole all the same.
        exempt_roles: Roles that this filter doesn't hold for.
        setting: Where it is set, for messages.
    """

    column: str
    claim: str
    columns: Mapping[str, str] = field(default_factory=dict)
    unfiltered_cubes: Collection[str] = ()
    exempt_roles: Collection[str] = ()
    setting: str = "security"


@dataclass(frozen=True, kw_only=True)
class RowSecurity:
    """What the artifacts and settings demand of every cube.

    Attributes:
        enabled: Whether rows are filtered at all.
        filters: The filters, all of which hold; the first is the artifacts' own.
        unequated_joins: Joins, as `cube.other`, whose two sides may belong to different owners.
    """

    enabled: bool
    filters: tuple[ColumnFilter, ...]
    unequated_joins: Collection[str] = ()

    def equates(self, cube: str, other: str) -> bool:
        """Whether joins between two cubes, either way, also equate their filter columns."""
        return self.enabled and not {f"{cube}.{other}", f"{other}.{cube}"} & set(self.unequated_joins)


def filter_column(source: SourceModel, security: RowSecurity, one: ColumnFilter) -> SourceColumn | None:
    """The column by which one filter filters this model's rows, if it has it."""
    return source.column(_declared(source, security, one) or one.column)


def equal_columns(
    source: SourceModel, target: SourceModel, security: RowSecurity
) -> Iterator[tuple[SourceColumn, SourceColumn]]:
    """The filter columns of two models that a join between them equates."""
    if not security.equates(source.cube_name, target.cube_name):
        return
    for one in security.filters:
        mine, theirs = filter_column(source, security, one), filter_column(target, security, one)
        if mine is not None and theirs is not None:
            yield mine, theirs


def row_access(source: SourceModel, security: RowSecurity, issues: IssueLog) -> RowAccess:
    """Which rows of the model's cube a query may see; where a filter column is missing none, unless listed."""
    if not security.enabled:
        return Unfiltered()
    found: list[tuple[str, str, bool]] = []
    is_refused = False
    for one in security.filters:
        column, declared = filter_column(source, security, one), _declared(source, security, one)
        if column is not None:
            found.append((column.member, one.claim, bool(one.exempt_roles)))
        elif declared is not None:
            is_set = one.columns.get(source.cube_name) == declared
            where = f"{one.setting}.columns" if is_set else "meta.cube.filter_column"
            issues.error(
                source.node,
                f"{where} {declared!r} is no column of it; "
                f"allowed are: {', '.join(known.name for known in source.columns.values())}",
            )
            is_refused = True
        elif source.cube_name not in one.unfiltered_cubes:
            _report_missing(source, one, issues)
            is_refused = True
    if is_refused:
        return Refused()
    return _filtered(tuple(found)) if found else Unfiltered()


@lru_cache(maxsize=1 << 8)
def _filtered(filters: tuple[tuple[str, str, bool], ...]) -> Filtered:
    """Filters by member, claim and whether roles are exempt; nearly all cubes have the same, and share them."""
    return Filtered(
        filters=tuple(RowFilter(member=member, claim=claim, exempts=exempts) for member, claim, exempts in filters)
    )


def _declared(source: SourceModel, security: RowSecurity, one: ColumnFilter) -> str | None:
    # What a model says of itself is about the artifacts' own filter.
    own = source.cube.filter_column if one is security.filters[0] else None
    return own or one.columns.get(source.cube_name)


def _report_missing(source: SourceModel, one: ColumnFilter, issues: IssueLog) -> None:
    issues.refused(
        source.node,
        f"has no column {one.column}, so the cube {source.cube_name} refuses every query; add "
        f"the column, set meta.cube.filter_column or {one.setting}.columns, list the cube under "
        f"{one.setting}.unfilteredCubes, or leave the model out by meta.cube.enabled: false",
    )
