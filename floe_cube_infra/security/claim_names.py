"""What identity providers call `u` and `u.roles`; the counterpart of `claim_names.js`."""

from __future__ import annotations

from collections.abc import Mapping

from floe_cube_infra.security.rules import TokenRules


def named_as_here(claims: Mapping[str, object], rules: TokenRules) -> Mapping[str, object]:
    """Verified claims, with the stack's names replaced by `u` and `u.roles`.

    Args:
        claims: As the token has them.
        rules: The stack's names.
    """
    if (rules.claims_key, rules.roles_key) == ("u", "roles"):
        return claims
    others = {name: value for name, value in claims.items() if name != "u"}
    if rules.claims_key not in claims:
        return others
    u = claims[rules.claims_key]
    if isinstance(u, dict) and rules.roles_key != "roles":
        roles = {"roles": u[rules.roles_key]} if rules.roles_key in u else {}
        u = {name: value for name, value in u.items() if name != "roles"} | roles
    return {**others, "u": u}


def named_as_there(u: Mapping[str, object], rules: TokenRules) -> dict[str, object]:
    """The claims of a token to be made, under the stack's names.

    Args:
        u: What is `u` here.
        rules: The stack's names.
    """
    renamed = {rules.roles_key if name == "roles" else name: value for name, value in u.items()}
    return {rules.claims_key: renamed}
