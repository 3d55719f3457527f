"""Signatures of tokens (RFC 7518, 3), by PyJWT's algorithms."""

from __future__ import annotations

from typing import Final

from jwt import PyJWS

from floe_cube_infra.security.errors import TokenError
from floe_cube_infra.security.public_keys import public_key_for
from floe_cube_infra.security.rules import TokenRules
from floe_cube_infra.security.token_parts import TokenParts

_JWS: Final = PyJWS()


def check_signature(parts: TokenParts, rules: TokenRules) -> None:
    """Checks who signed a token.

    Raises:
        TokenError: 401: its algorithm isn't the stack's, or none of the stack's secrets or keys signed it.
    """
    # The algorithm is the stack's choice, not the token's.
    if parts.algorithm not in rules.algorithms:
        raise TokenError(401, f"its algorithm is not the stack's; allowed are {', '.join(rules.algorithms)}")
    algorithm = _JWS.get_algorithm_by_name(parts.algorithm)
    if rules.uses_secrets:
        # PyJWT's own check of secrets refuses some texts (such as PEM) that Cube takes; length is checked by the rules.
        if not any(algorithm.verify(parts.signed, secret.encode(), parts.signature) for secret in rules.secrets):
            raise TokenError(401, "none of the stack's secrets signed it")
        return
    if parts.key_id is None:
        raise TokenError(401, "its header doesn't say which key signed it (kid)")
    named = [jwk for jwk in rules.keys if jwk.get("kid") == parts.key_id]
    fitting = [key for jwk in named if (key := public_key_for(parts.algorithm, jwk)) is not None]
    if not fitting:
        problem = "may serve its algorithm" if named else "has its key id (kid)"
        raise TokenError(401, f"no key of the stack's key set {problem}")
    if not any(algorithm.verify(parts.signed, key, parts.signature) for key in fitting):
        raise TokenError(401, "the key that it names didn't sign it")
