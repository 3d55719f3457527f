"""What a token says, what it would see, and why it would be refused: in sentences, for people."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Final

from floe_cube_infra.model.security_context import SecurityContext
from floe_cube_infra.security.claim_names import named_as_here
from floe_cube_infra.security.context import exempt_claims
from floe_cube_infra.security.errors import TokenError
from floe_cube_infra.security.rules import TokenRules
from floe_cube_infra.security.shown import Shown, printable
from floe_cube_infra.security.token_parts import TokenParts, token_parts
from floe_cube_infra.security.verify import verify

_REGISTERED: Final = {"sub", "exp", "nbf", "iat", "iss", "aud", "u"}


def explain(token: str, rules: TokenRules, now: float | None = None) -> list[str]:
    """Sentences about a token: what each part is, then what it would see, or why it would be refused.

    No sentence holds a signature or a secret, and none has a control character. What is said of the parts is what
    the token claims; only the last sentence says whether that is to be believed.

    Args:
        token: The token, without "Bearer".
        rules: Which tokens the stack takes.
        now: Seconds since 1970; by default the machine's clock.
    """
    moment = time.time() if now is None else now
    shown = Shown(rules.secrets)
    sentences: list[str] = []
    try:
        parts = token_parts(token, rules.max_bytes)
        sentences += _of_parts(parts, rules, moment, shown)
        sentences.append(_of_context(verify(token, rules, moment), rules, shown))
    except TokenError as error:
        sentences.append(
            f"It is refused with {error.status}: {printable(error.reason)}. Cube answers no more than: {error.answer}"
        )
    return sentences


def _of_parts(parts: TokenParts, rules: TokenRules, now: float, shown: Shown) -> Iterator[str]:
    key = "no key named" if parts.key_id is None else f"the key {shown.value(parts.key_id)}"
    yield f"Algorithm: {shown.value(parts.algorithm)}, {key}; the stack takes {', '.join(rules.algorithms)}."
    claims = named_as_here(parts.claims, rules)
    yield f"User (sub): {shown.value(claims['sub'])}." if "sub" in claims else "User (sub): none."
    u = claims.get("u")
    if isinstance(u, dict):
        yield from _of_u(u, rules, shown)
    yield f"It ends (exp): {shown.moment(claims['exp'], now)}." if "exp" in claims else "It names no end (exp)."
    if "nbf" in claims:
        yield f"It begins (nbf): {shown.moment(claims['nbf'], now)}."
    for name, title, wanted in (("iss", "Issuer", rules.issuer), ("aud", "Audience", rules.audience)):
        if name in claims or wanted is not None:
            given = shown.value(claims[name]) if name in claims else "none"
            demand = "names none" if wanted is None else f"demands {shown.value(wanted)}"
            yield f"{title} ({name}): {given}; the stack {demand}."
    ignored = claims.keys() - _REGISTERED
    if ignored:
        yield f"Without any effect: {shown.names(ignored)}."


def _of_u(u: Mapping[str, object], rules: TokenRules, shown: Shown) -> Iterator[str]:
    for name in rules.claims:
        type_ = rules.claim_types.get(name)
        given = shown.value(u[name]) if name in u else "none, though the stack demands it"
        yield f"Claim u.{name}: {given}{f' (a {type_})' if type_ else ''}."
    yield f"Roles (u.roles): {shown.value(u['roles']) if 'roles' in u else 'none'}."
    ignored = u.keys() - {*rules.claims, "roles"}
    if ignored:
        yield f"Under u without any effect, since the stack doesn't filter by it: {shown.names(ignored)}."


def _of_context(context: SecurityContext, rules: TokenRules, shown: Shown) -> str:
    filters = " and ".join(
        f"of {claim} {shown.several(values, ' or ')}" for claim, values in context.filter_claims.items()
    )
    exempt = sorted(exempt_claims(context.roles, rules))
    why = f"its roles are exempt from {' and '.join(exempt)}" if exempt else "these rules filter none"
    rows = f"the rows {filters} only" if filters else f"all rows, since {why}"
    if filters and exempt:
        rows += f", of any {' and '.join(exempt)}, since {why}"
    roles = f"with the roles {shown.several(context.roles, ', ')}" if context.roles else "with no role"
    return f"It is taken: {shown.value(context.user_id)} sees {rows}, {roles}."
