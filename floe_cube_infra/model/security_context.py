"""Who asks."""

from __future__ import annotations

from floe_cube_infra.model.frozen import Frozen


class SecurityContext(Frozen):
    """What a verified token says, as far as it decides what a query may see.

    Attributes:
        filter_claims: The values of each claim that the stack demands, as texts, each once, one or more a claim.
        user_id: The user (`sub`).
        roles: The roles (`u.roles`), each once.
        exp: When the token ends, in seconds since 1970 (RFC 7519, 4.1.4); fractions are allowed.
    """

    filter_claims: dict[str, tuple[str, ...]]
    user_id: str
    roles: tuple[str, ...] = ()
    exp: int | float
