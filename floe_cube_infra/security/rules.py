"""Which tokens a stack takes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from floe_cube_infra.security.errors import RulesError
from floe_cube_infra.security.javascript_text import trim

SHARED_SECRET_ALGORITHMS: Final = ("HS256", "HS384", "HS512")
PUBLIC_KEY_ALGORITHMS: Final = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
# RFC 7518, 3.2: a key at least as long as the hash. A shorter one can be guessed from any one token.
SECRET_BYTES: Final = {"HS256": 32, "HS384": 48, "HS512": 64}
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_JWT_KEYS: Final = {
    "algorithms",
    "audience",
    "issuer",
    "jwksUri",
    "clockToleranceSeconds",
    "maxBytes",
    "claimsKey",
    "rolesKey",
}
_ROW_LEVEL_KEYS: Final = {"enabled", "claims", "claimTypes", "exemptRoles"}
# RFC 7519, 4.1: these say something else.
_REGISTERED: Final = ("iss", "sub", "aud", "exp", "nbf", "iat", "jti")
_OF_EVERY_OBJECT: Final = (
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
)
_CLAIM_TYPES: Final = ("number", "text", "boolean")


@dataclass(frozen=True, kw_only=True)
class TokenRules:
    """Which tokens a stack takes.

    Attributes:
        claims: The claims under `u` that every token must carry; none where row-level security is off.
        claim_types: What the values of a claim must be, by claim: `number`, `text` or `boolean`; others may be any.
        exempt_roles: By claim, the roles that need it not and that it doesn't filter.
        algorithms: Either some of HS256, HS384, HS512 or some of RS256 to RS512, ES256 to ES512; never both
            families, since a public key must not be able to serve as a shared secret.
        secrets: The shared secrets for HS algorithms, any of which may have signed.
        keys: The public keys (JWK, RFC 7517) for the others.
        audience: What `aud` must be or contain; None: no `aud` is allowed (RFC 7519, 4.1.3).
        issuer: What `iss` must be; None: anything.
        clock_tolerance_seconds: How far clocks may differ, 0 to 300, for `exp` and `nbf`.
        max_bytes: The longest token, 512 to 65536.
        claims_key: What tokens call `u`.
        roles_key: What tokens call `roles` in it.

    Raises:
        RulesError: Cube wouldn't start with them; every problem at once, and no secret in any.
    """

    claims: tuple[str, ...]
    claim_types: Mapping[str, str] = field(default_factory=dict)
    exempt_roles: Mapping[str, Sequence[str]] = field(default_factory=dict)
    algorithms: tuple[str, ...] = ("HS256",)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    keys: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    audience: str | None = None
    issuer: str | None = None
    clock_tolerance_seconds: int = 0
    max_bytes: int = 16384
    claims_key: str = "u"
    roles_key: str = "roles"

    def __post_init__(self) -> None:
        problems = [*_algorithm_problems(self.algorithms), *self._other_problems()]
        if not problems and self.uses_secrets:
            problems = _secret_problems(self.algorithms, self.secrets)
        if problems:
            raise RulesError("The rules for tokens are wrong:", problems)

    @property
    def uses_secrets(self) -> bool:
        """Whether shared secrets sign, rather than private keys."""
        return self.algorithms[0] in SHARED_SECRET_ALGORITHMS

    def _other_problems(self) -> list[str]:
        problems = [
            f"{name} is {value!r}; it must be a text with something in it, or null"
            for name, value in (("jwt.audience", self.audience), ("jwt.issuer", self.issuer))
            if not _is_text_or_none(value)
        ]
        problems += [
            f"{name} is {value!r}; it must be an integer from {low} to {high}"
            for name, value, low, high in (
                ("jwt.clockToleranceSeconds", self.clock_tolerance_seconds, 0, 300),
                ("jwt.maxBytes", self.max_bytes, 512, 65536),
            )
            if type(value) is not int or not low <= value <= high
        ]
        problems += [
            f"jwt.claimsKey is {self.claims_key!r}; it must be the name of a claim, none of those of RFC 7519"
            for _ in (1,)
            if not _is_key(self.claims_key) or self.claims_key in _REGISTERED
        ]
        problems += [
            f"jwt.rolesKey is {self.roles_key!r}; it must be the name of a claim"
            for _ in (1,)
            if not _is_key(self.roles_key)
        ]
        problems += [
            f"rowLevelSecurity.claims has {claim!r}; allowed are names of [A-Za-z_][A-Za-z0-9_]*, not roles"
            for claim in self.claims
            if not _is_claim(claim)
        ]
        problems += [
            f"rowLevelSecurity.claimTypes says that {claim} is {type_!r}; allowed are {', '.join(_CLAIM_TYPES)}"
            for claim, type_ in self.claim_types.items()
            if type_ not in _CLAIM_TYPES
        ]
        problems += [
            f"rowLevelSecurity.exemptRoles has {roles!r} for {claim}; it must be a list of roles"
            for claim, roles in self.exempt_roles.items()
            if not isinstance(roles, list | tuple) or not roles or not all(_is_text(role) for role in roles)
        ]
        problems += [
            f"rowLevelSecurity says something of {claim!r}, which is none of its claims"
            for claim in (*self.claim_types, *self.exempt_roles)
            if claim not in self.claims
        ]
        return problems


def _is_text_or_none(value: object) -> bool:
    return value is None or _is_text(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and trim(value) != ""


def _is_key(value: object) -> bool:
    # What every object of JavaScript has can't be told from what a token says.
    return _is_text(value) and value not in _OF_EVERY_OBJECT


def _is_claim(value: object) -> bool:
    # An object's prototype is no claim to JavaScript, and roles are none to anybody.
    is_free = value not in ("roles", "__proto__")
    return is_free and isinstance(value, str) and _IDENTIFIER.fullmatch(value) is not None


def rules_from_settings(
    settings: Mapping[str, Any], secrets: Sequence[str] = (), keys: Sequence[Mapping[str, Any]] = ()
) -> TokenRules:
    """The rules that cube.js takes from its `settings.json`.

    Args:
        settings: The document; only `rowLevelSecurity` and `jwt` are looked at.
        secrets: The shared secrets; see `shared_secrets`. Not used with public-key algorithms.
        keys: What is behind `jwt.jwksUri`.

    Raises:
        RulesError: As `TokenRules`; also if a key is missing or unknown.
    """
    row_level, jwt = _section(settings, "rowLevelSecurity", _ROW_LEVEL_KEYS), _section(settings, "jwt", _JWT_KEYS)
    enabled, claims, algorithms = row_level["enabled"], row_level["claims"], jwt["algorithms"]
    problems = [
        f"{name} must be {allowed}"
        for name, is_right, allowed in (
            ("rowLevelSecurity.enabled", isinstance(enabled, bool), "true or false"),
            ("rowLevelSecurity.claims", isinstance(claims, list), "a list of names"),
            ("rowLevelSecurity.claimTypes", isinstance(row_level["claimTypes"], dict), "an object"),
            ("rowLevelSecurity.exemptRoles", isinstance(row_level["exemptRoles"], dict), "an object"),
            ("jwt.algorithms", isinstance(algorithms, list), "a list of names"),
        )
        if not is_right
    ]
    if not problems and enabled and not claims:
        problems = ["rowLevelSecurity is enabled, so rowLevelSecurity.claims must name a claim"]
    if not problems and not _algorithm_problems(algorithms):
        needs_address = algorithms[0] not in SHARED_SECRET_ALGORITHMS
        if needs_address != (jwt["jwksUri"] is not None):
            problems = [f"jwt.jwksUri must be {'an address' if needs_address else 'null'} with {', '.join(algorithms)}"]
    if problems:
        raise RulesError("The rules for tokens are wrong:", problems)
    rules = {
        "algorithms": tuple(algorithms),
        "secrets": tuple(secrets),
        "keys": tuple(keys),
        "audience": jwt["audience"],
        "issuer": jwt["issuer"],
        "clock_tolerance_seconds": jwt["clockToleranceSeconds"],
        "max_bytes": jwt["maxBytes"],
        "claims_key": jwt["claimsKey"],
        "roles_key": jwt["rolesKey"],
    }
    checked = TokenRules(
        claims=tuple(claims), claim_types=row_level["claimTypes"], exempt_roles=row_level["exemptRoles"], **rules
    )
    return checked if enabled else TokenRules(claims=(), **rules)


def _section(settings: Mapping[str, Any], name: str, keys: set[str]) -> Mapping[str, Any]:
    section = settings.get(name)
    if not isinstance(section, dict) or section.keys() != keys:
        raise RulesError(f"The settings' {name} must be an object with exactly these keys: {', '.join(sorted(keys))}.")
    return section


def _algorithm_problems(algorithms: Sequence[str]) -> list[str]:
    families = (SHARED_SECRET_ALGORITHMS, PUBLIC_KEY_ALGORITHMS)
    if algorithms and any(all(name in family for name in algorithms) for family in families):
        return []
    allowed = ", or some of ".join(", ".join(family) for family in families)
    return [f"jwt.algorithms are {list(algorithms)!r}; allowed are some of {allowed}"]


def _secret_problems(algorithms: Sequence[str], secrets: Sequence[str]) -> list[str]:
    names = ", ".join(algorithms)
    if not secrets:
        return [f"there is no secret, and {names} need one"]
    needed = max(SECRET_BYTES[algorithm] for algorithm in algorithms)
    problems = []
    for secret in secrets:
        try:
            size = len(secret.encode("utf-8"))
        except UnicodeEncodeError:
            problems.append("a secret is not UTF-8 text")
            continue
        if size < needed:
            problems.append(
                f"a secret has {size} bytes; {names} need {needed} or more (RFC 7518, 3.2), such as "
                f"`openssl rand -hex {needed}` makes"
            )
    return problems
