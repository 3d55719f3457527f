"""Row-level security: which column of a cube filters its rows, by which claim, or what stands in for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from floe_cube_infra.model.access import Refused, RowAccess, RowFilter, Unfiltered
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.sources import SourceColumn, SourceModel


@dataclass(frozen=True, kw_only=True)
class RowSecurity:
    """What the artifacts and settings demand of every cube.

    Attributes:
        enabled: Whether rows are filtered at all.
        filter_column: The column that tells whose row it is.
        filter_claim: The token's claim with the values that a query may see.
        unfiltered_cubes: Cubes without the column that are served whole all the same.
    """

    enabled: bool
    filter_column: str
    filter_claim: str
    unfiltered_cubes: Collection[str] = ()


def filter_column(source: SourceModel, security: RowSecurity) -> SourceColumn | None:
    """The column that filters this model's rows: its own `meta.cube.filter_column`, else the stack's."""
    return source.column(source.cube.filter_column or security.filter_column)


def row_access(source: SourceModel, security: RowSecurity, issues: IssueLog) -> RowAccess:
    """Which rows of the model's cube a query may see; without a filter column none, unless listed."""
    if not security.enabled:
        return Unfiltered()
    column = filter_column(source, security)
    if source.cube.filter_column is not None and column is None:
        issues.error(
            source.node,
            f"meta.cube.filter_column {source.cube.filter_column!r} is no column of it; "
            f"allowed are: {', '.join(known.name for known in source.columns.values())}",
        )
        return Refused()
    if column is not None:
        return RowFilter(member=column.member, claim=security.filter_claim)
    if source.cube_name in security.unfiltered_cubes:
        return Unfiltered()
    issues.warning(
        source.node,
        f"has no column {security.filter_column}, so the cube {source.cube_name} refuses every query; add "
        "the column, set meta.cube.filter_column, or list the cube under security.unfilteredCubes",
    )
    return Refused()
