"""Which rows of a cube a query may see."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from floe_cube_infra.model.frozen import Frozen, Identifier


class RowFilter(Frozen):
    """Rows whose `member` is among the values of the token's `claim`."""

    kind: Literal["filter"] = "filter"
    member: Identifier
    claim: str


class Unfiltered(Frozen):
    """All rows, to everyone with a valid token: row-level security is off, or the cube is listed so."""

    kind: Literal["unfiltered"] = "unfiltered"


class Refused(Frozen):
    """No rows at all: the cube lacks the filter column and isn't listed as unfiltered."""

    kind: Literal["refused"] = "refused"


RowAccess = RowFilter | Unfiltered | Refused


class AccessRule(Frozen):
    """What must be known of a cube or view to guard a query that uses it.

    Attributes:
        name: The cube or view.
        kind: Which of the two.
        access: Which of its rows a query may see.
        hidden: Members that no query may name, not even to filter or sort by; personal data could be guessed so.
        joins: The cubes that it declares joins to.
        members: What members reach beyond their own cube: `cube.member`, or `cube` for any of its members. For a
            view every member, with the cubes of its join path in order.
    """

    name: Identifier
    kind: Literal["cube", "view"]
    access: RowAccess
    hidden: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    members: dict[str, tuple[str, ...]] = Field(default_factory=dict)
