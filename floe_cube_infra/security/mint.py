"""Tokens for development: signed with a shared secret, as an identity provider would."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import jwt
from jwt.exceptions import InvalidKeyError

from floe_cube_infra.security.claim_names import named_as_there
from floe_cube_infra.security.errors import MintError, TokenError
from floe_cube_infra.security.rules import TokenRules
from floe_cube_infra.security.verify import verify

ClaimValue = str | int | bool
LONGEST_TTL_SECONDS = 30 * 24 * 3600
"""A token can't be withdrawn before its end, so it shouldn't be far."""


def mint(
    claims: Mapping[str, ClaimValue | Sequence[ClaimValue]],
    rules: TokenRules,
    *,
    user: str,
    roles: Sequence[str] = (),
    ttl_seconds: float = 3600,
    now: float | None = None,
) -> str:
    """A token that the rules take.

    Args:
        claims: The claims under `u` by name: a text, an integer, a boolean, or a list of them.
        rules: Which tokens the stack takes; the first of its algorithms and secrets signs, and its issuer and
            audience are put in.
        user: The user (`sub`).
        roles: The roles (`u.roles`).
        ttl_seconds: How long the token holds, up to 30 days.
        now: Seconds since 1970; by default the machine's clock.

    Raises:
        MintError: The stack's tokens can't be made here, or the rules wouldn't take this one.
    """
    if not rules.uses_secrets:
        raise MintError(
            f"Tokens of this stack are signed by its identity provider ({', '.join(rules.algorithms)}); get one there. "
            "Only stacks with a shared secret (HS256, HS384, HS512) take tokens made here."
        )
    if "roles" in claims:
        raise MintError("Roles are no claim of their own here; give them as roles.")
    if not 0 < ttl_seconds <= LONGEST_TTL_SECONDS:
        raise MintError(f"A token can't hold for {ttl_seconds} seconds; allowed are more than 0 and up to 30 days.")
    begins = time.time() if now is None else now
    u: dict[str, object] = {name: _plain(value) for name, value in claims.items()}
    if roles:
        u["roles"] = list(roles)
    times = {"iat": int(begins), "exp": int(begins + ttl_seconds)}
    payload: dict[str, object] = {"sub": user, **times, **named_as_there(u, rules)}
    if rules.issuer is not None:
        payload["iss"] = rules.issuer
    if rules.audience is not None:
        payload["aud"] = rules.audience
    try:
        token = jwt.encode(payload, rules.secrets[0], algorithm=rules.algorithms[0])
    except InvalidKeyError:
        raise MintError(
            "The secret is a key in another form (PEM, DER, SSH or JWK) and should not sign tokens as a text; "
            "use a random text of its own."
        ) from None
    try:
        verify(token, rules, begins)
    except TokenError as error:
        raise MintError(f"Such a token would be refused with {error.status}: {error.reason}.") from None
    return token


def _plain(value: ClaimValue | Sequence[ClaimValue]) -> object:
    return value if isinstance(value, (str, int)) else list(value)
