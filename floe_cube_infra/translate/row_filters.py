"""The stack's row filters: the artifacts' own, and those that the settings add."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from floe_cube_infra.inputs.problems import shown
from floe_cube_infra.inputs.settings import SecuritySettings
from floe_cube_infra.model.access import ClaimDemand
from floe_cube_infra.naming import is_identifier
from floe_cube_infra.translate.row_access import ColumnFilter, RowSecurity


def claim_demands(column: str, settings: SecuritySettings) -> tuple[ClaimDemand, ...]:
    """What tokens must carry, a claim for each filter.

    Args:
        column: The artifacts' filter column.
        settings: The settings.
    """
    first = ClaimDemand(column=column, claim=settings.filter_claim or column, exempt_roles=settings.exempt_roles)
    further = (
        ClaimDemand(column=each.column, claim=each.claim or each.column, exempt_roles=each.exempt_roles)
        for each in settings.further_filters
    )
    return (first, *further)


def claim_problems(column: str, settings: SecuritySettings) -> Iterator[str]:
    """What is wrong with the names of claims; arguments as of `claim_demands`."""
    demands = claim_demands(column, settings)
    counts = Counter(each.claim for each in demands)
    for index, demand in enumerate(demands):
        where = f"security.furtherFilters[{index - 1}].claim" if index else "security.filterClaim"
        if not is_identifier(demand.claim) or demand.claim == "roles":
            yield (
                f"the claim {shown(demand.claim)} can't be demanded of tokens; allowed are letters, digits and "
                f"underscores, no digit first, and not roles. Name another one in {where}"
            )
        elif counts[demand.claim] > 1:
            yield f"the claim {shown(demand.claim)} is demanded by two filters; name another one in {where}"


def row_security(column: str, settings: SecuritySettings, *, enabled: bool) -> RowSecurity:
    """What is demanded of every cube; arguments as of `claim_demands`, and whether rows are filtered at all."""
    return RowSecurity(
        enabled=enabled,
        filters=tuple(_column_filters(claim_demands(column, settings), settings)),
        unequated_joins=frozenset(settings.unequated_joins),
    )


def _column_filters(demands: Sequence[ClaimDemand], settings: SecuritySettings) -> Iterator[ColumnFilter]:
    given = [(settings.columns, settings.unfiltered_cubes)]
    given += [(each.columns, each.unfiltered_cubes) for each in settings.further_filters]
    for index, (demand, (columns, unfiltered)) in enumerate(zip(demands, given, strict=True)):
        yield ColumnFilter(
            column=demand.column,
            claim=demand.claim,
            columns=columns,
            unfiltered_cubes=frozenset(unfiltered),
            exempt_roles=demand.exempt_roles,
            setting=f"security.furtherFilters[{index - 1}]" if index else "security",
        )
