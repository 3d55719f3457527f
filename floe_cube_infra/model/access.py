"""Which rows of a cube a query may see."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from floe_cube_infra.model.frozen import Frozen, Identifier
from floe_cube_infra.model.members import ClearDimension

ClaimType = Literal["number", "text", "boolean"]
"""What the values of a claim are in JSON; those of the column that they are compared with are the same."""


class RowFilter(Frozen):
    """Rows whose `member` is among the values of the token's `claim`.

    Attributes:
        member: The dimension.
        claim: The name under `u`.
        type: What the claim's values must be.
        exempts: Whether the stack has roles that this filter doesn't hold for.
    """

    member: Identifier
    claim: Identifier
    type: ClaimType = "text"
    exempts: bool = False


class Filtered(Frozen):
    """Rows that pass every one of the filters, each by a claim of its own."""

    kind: Literal["filter"] = "filter"
    filters: Annotated[tuple[RowFilter, ...], Field(min_length=1)]


class Unfiltered(Frozen):
    """All rows, to everyone with a valid token: row-level security is off, or the cube is listed so."""

    kind: Literal["unfiltered"] = "unfiltered"


class Refused(Frozen):
    """No rows at all: the cube lacks the filter column and isn't listed as unfiltered."""

    kind: Literal["refused"] = "refused"


RowAccess = Filtered | Unfiltered | Refused


class ClaimDemand(Frozen):
    """A claim that tokens must carry, by whose values rows are filtered.

    Attributes:
        column: The column that tells whose row it is.
        claim: The claim's name under `u`.
        type: What its values must be; None where no cube is filtered by it.
        exempt_roles: Roles whose tokens need it not, and whom it doesn't filter.
    """

    column: str
    claim: str
    type: ClaimType | None = None
    exempt_roles: tuple[str, ...] = ()


class AccessRule(Frozen):
    """What must be known of a cube or view to guard a query that uses it.

    Attributes:
        name: The cube or view.
        kind: Which of the two.
        access: Which of its rows a query may see.
        hidden: Members that no query may name, not even to filter or sort by; personal data could be guessed so.
        clear: Members that are hidden or masked, but not for some roles, with what they are to these.
        joins: The cubes that it declares joins to.
        members: What members reach beyond their own cube: `cube.member`, or `cube` for any of its members. For a
            view every member, with the cubes of its join path in order.
    """

    name: Identifier
    kind: Literal["cube", "view"]
    access: RowAccess
    hidden: tuple[str, ...] = ()
    clear: dict[str, ClearDimension] = Field(default_factory=dict)
    joins: tuple[str, ...] = ()
    members: dict[str, tuple[str, ...]] = Field(default_factory=dict)
