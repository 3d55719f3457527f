"""Which rows of a cube a query may see."""

from __future__ import annotations

from typing import Literal

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
