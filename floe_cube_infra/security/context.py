"""From verified claims to the security context."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from floe_cube_infra.model.security_context import SecurityContext
from floe_cube_infra.security.errors import NO_USER, ROLES_ARE_NO_LIST, U_IS_NO_OBJECT, TokenError
from floe_cube_infra.security.javascript_text import is_well_formed, length, trim
from floe_cube_infra.security.rules import TokenRules

_LONGEST_USER_ID: Final = 255  # OpenID Connect Core, 2: `sub` has at most 255 characters
_LARGEST_INTEGER: Final = 2**53 - 1
# Numbers are floats here, and a boolean is none.
_JSON_TYPES: Final[Mapping[str, type]] = {"number": float, "text": str, "boolean": bool}
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
# What templates print for a value that isn't there; a token made so is a mistake, not an organization.
_ACCIDENTS: Final = {"", "undefined", "null", "NaN", "[object Object]"}


def security_context(claims: Mapping[str, object], rules: TokenRules) -> SecurityContext:
    """The context of a token that holds.

    Args:
        claims: Verified claims, their numbers as floats.
        rules: Which claims under `u` must be there, of which types, but for which roles; no others are taken over.

    Raises:
        TokenError: 401 without a user; 403 where a demanded claim is missing, empty, of another type, or not texts,
            booleans or integers, or where the roles are no names.
    """
    user = claims.get("sub")
    if not isinstance(user, str):
        raise TokenError(401, f"its user (sub) is {kind_of(user)}; it must be a text", NO_USER)
    if length(user) > _LONGEST_USER_ID:
        raise TokenError(401, f"its user (sub) is longer than {_LONGEST_USER_ID} characters", NO_USER)
    if not _is_sound(user):
        raise TokenError(401, f"its user (sub) is {_fault(user)}", NO_USER)
    u = claims.get("u")
    if u is None:
        u = {}
    if not isinstance(u, dict):
        raise TokenError(403, f"its u is {kind_of(u)}; it must be an object", U_IS_NO_OBJECT)
    roles = _roles(u)
    exempt = exempt_claims(roles, rules)
    exp = claims["exp"]
    assert isinstance(exp, float)  # noqa: S101 - what verified the claims saw to it  # nosec B101
    return SecurityContext(
        filter_claims={
            claim: _filter_values(u, claim, rules.claim_types.get(claim))
            for claim in rules.claims
            if claim not in exempt
        },
        user_id=user,
        roles=roles,
        exp=int(exp) if exp.is_integer() else exp,
    )


def exempt_claims(roles: Sequence[str], rules: TokenRules) -> frozenset[str]:
    """The claims whose filters don't hold for somebody with these roles."""
    return frozenset(claim for claim in rules.claims if not set(rules.exempt_roles.get(claim, ())).isdisjoint(roles))


def kind_of(value: object) -> str:
    """What kind of JSON value this is, for messages."""
    if value is None:
        return "missing or null"
    kinds = {bool: "a boolean", str: "a text", float: "a number", list: "a list", dict: "an object"}
    return kinds[type(value)]


def _filter_values(u: Mapping[str, object], claim: str, type_: str | None) -> tuple[str, ...]:
    answer = f"The token lacks a usable claim u.{claim}."
    given = u.get(claim)
    if given is None:
        raise TokenError(403, f"it lacks u.{claim}", answer)
    values = given if isinstance(given, list) else [given]
    if not values:
        raise TokenError(403, f"its u.{claim} is an empty list", answer)
    strange = [] if type_ is None else [value for value in values if not isinstance(value, _JSON_TYPES[type_])]
    if strange:
        raise TokenError(403, f"its u.{claim} is {kind_of(strange[0])}, or has it in it; it must be a {type_}", answer)
    return tuple(dict.fromkeys(_text(value, claim, answer) for value in values))


def _text(value: object, claim: str, answer: str) -> str:
    """A claim's value as Cube binds it."""
    if isinstance(value, str) and _is_sound(value):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    # Larger integers have lost digits already and would be somebody else's number.
    if isinstance(value, float) and value.is_integer() and abs(value) <= _LARGEST_INTEGER:
        return str(int(value))
    if isinstance(value, str):
        fault = _fault(value)
    elif isinstance(value, float):
        fault = f"a number that is no integer up to {_LARGEST_INTEGER}"
    else:
        fault = kind_of(value)
    raise TokenError(
        403,
        f"its u.{claim} is {fault}, or has it in it; allowed are texts, booleans and integers, or a list of them",
        answer,
    )


def _roles(u: Mapping[str, object]) -> tuple[str, ...]:
    given = u.get("roles", [])
    roles = [given] if isinstance(given, str) else given
    if not isinstance(roles, list):
        raise TokenError(403, f"its u.roles is {kind_of(given)}; it must be a list of names", ROLES_ARE_NO_LIST)
    names = [role for role in roles if isinstance(role, str) and _is_sound(role)]
    if len(names) != len(roles):
        raise TokenError(403, "its u.roles has something in it that is no name", ROLES_ARE_NO_LIST)
    return tuple(dict.fromkeys(names))


def _is_sound(text: str) -> bool:
    return _fault(text) is None


def _fault(text: str) -> str | None:
    if not is_well_formed(text):
        return "a text with half a character (a surrogate that stands alone)"
    if _CONTROL.search(text):
        return "a text with a control character"
    if trim(text) in _ACCIDENTS:
        return f"the text {trim(text)!r}, which is what a missing value looks like" if trim(text) else "an empty text"
    return None
