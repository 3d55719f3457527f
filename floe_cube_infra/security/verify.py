"""Whether a token holds: first its signature, then its claims (RFC 7519, 4.1), then what the stack demands."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping

from floe_cube_infra.model.security_context import SecurityContext
from floe_cube_infra.security.claim_names import named_as_here
from floe_cube_infra.security.context import security_context
from floe_cube_infra.security.errors import EXPIRED, NOT_YET_VALID, TokenError
from floe_cube_infra.security.rules import TokenRules
from floe_cube_infra.security.signatures import check_signature
from floe_cube_infra.security.token_parts import token_parts


def verify(token: str, rules: TokenRules, now: float | None = None) -> SecurityContext:
    """Who asks with a token.

    Args:
        token: The token, without "Bearer".
        rules: Which tokens the stack takes.
        now: Seconds since 1970; by default the machine's clock.

    Raises:
        TokenError: 401 where the token doesn't hold, 403 where it lacks what the stack demands.
    """
    parts = token_parts(token, rules.max_bytes)
    check_signature(parts, rules)
    _check_times(parts.claims, rules.clock_tolerance_seconds, time.time() if now is None else now)
    _check_parties(parts.claims, rules)
    return security_context(named_as_here(parts.claims, rules), rules)


def _check_times(claims: Mapping[str, object], tolerance: int, now: float) -> None:
    if now >= _time(claims, "exp") + tolerance:
        raise TokenError(401, "it has expired (exp)", EXPIRED)
    if "nbf" in claims and now + tolerance < _time(claims, "nbf"):
        raise TokenError(401, "it is not valid yet (nbf)", NOT_YET_VALID)


def _time(claims: Mapping[str, object], name: str) -> float:
    value = claims.get(name)
    if not isinstance(value, float) or not math.isfinite(value):
        raise TokenError(401, f"its {name} is not a time in seconds since 1970 (RFC 7519, 2)")
    return value


def _check_parties(claims: Mapping[str, object], rules: TokenRules) -> None:
    if rules.issuer is not None and claims.get("iss") != rules.issuer:
        raise TokenError(401, f"its issuer (iss) is not {rules.issuer!r}")
    if rules.audience is None:
        # A token for somebody in particular is not for us unless we are named (RFC 7519, 4.1.3).
        if "aud" in claims:
            raise TokenError(401, "it is for somebody in particular (aud), and the stack has no audience")
        return
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    if not all(isinstance(one, str) for one in named) or rules.audience not in named:
        raise TokenError(401, f"its audience (aud) is not {rules.audience!r}")
