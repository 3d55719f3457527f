"""What a case of the table is."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from typing import Any

from tests.security.table.signing import sample_secret, token_of

NOW = 1_800_000_000_000
"""The moment of every case unless it says otherwise, in milliseconds since 1970."""

SECRET = sample_secret("one")
HEADER = {"alg": "HS256", "typ": "JWT"}
SUB, EXP, U = "ada", NOW // 1000 + 60, {"organization_id": "acme"}

NOT_VALID = "The token is not valid."
EXPIRED = "The token has expired."
NOT_YET_VALID = "The token is not valid yet."
NO_USER = "The token names no user (sub)."
NO_OBJECT = "The token's u must be an object."
NO_ROLES = "The token's u.roles must be a list of names."
NO_CLAIM = "The token lacks a usable claim u.organization_id."

Expected = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One token before one stack.

    Attributes:
        name: What it shows, as a sentence.
        rules: The name of its rules.
        token: The token.
        now: In milliseconds since 1970.
        expected: `taken`, `refused` or `not_started`.
    """

    name: str
    token: str
    expected: Expected
    rules: str = "plain"
    now: int = NOW


@dataclass
class Table:
    """Rules by name, and cases that go by them."""

    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)

    def text(self) -> str:
        """The table as JSON, a line a case."""
        rules = ",\n".join(f"    {json.dumps(name)}: {json.dumps(rule)}" for name, rule in self.rules.items())
        cases = ",\n".join(f"    {json.dumps(vars(case))}" for case in self.cases)
        return f'{{\n  "rules": {{\n{rules}\n  }},\n  "cases": [\n{cases}\n  ]\n}}\n'


def rules(
    jwt: dict[str, Any] | None = None,
    *,
    row_level: dict[str, Any] | None = None,
    environment: dict[str, str] | None = None,
    keys: list[Any] | None = None,
) -> dict[str, Any]:
    """Rules as a stack's settings.json has them, with what is in Cube's environment and behind the JWKS address."""
    return {
        "rowLevelSecurity": {
            "enabled": True,
            "claims": ["organization_id"],
            "claimTypes": {},
            "exemptRoles": {},
            **(row_level or {}),
        },
        "jwt": {
            "algorithms": ["HS256"],
            "audience": None,
            "issuer": None,
            "jwksUri": None if keys is None else "https://id.example.com/keys",
            "clockToleranceSeconds": 0,
            "maxBytes": 2048,
            "claimsKey": "u",
            "rolesKey": "roles",
            **(jwt or {}),
        },
        "environment": {"CUBEJS_API_SECRET": SECRET} if environment is None else environment,
        "keys": keys or [],
    }


def claims(**changes: Any) -> dict[str, Any]:
    """A sound payload with changes; a change to `...` takes a claim out."""
    payload = {"sub": SUB, "exp": EXP, "u": copy.deepcopy(U), **changes}
    return {name: value for name, value in payload.items() if value is not ...}


def signed(payload: object, *, header: object = HEADER, key: str = SECRET) -> str:
    """A token of a stack with a shared secret."""
    return token_of(header, payload, key, "HS256")


def taken(
    values: list[str] | None = None, *, roles: list[str] | None = None, user: str = SUB, exp: float = EXP
) -> Expected:
    filter_claims = {"organization_id": ["acme"] if values is None else values}
    return {
        "status": 200,
        "context": {"filter_claims": filter_claims, "user_id": user, "roles": roles or [], "exp": exp},
    }


def refused(status: int, answer: str) -> Expected:
    return {"status": status, "answer": answer}


def not_started() -> Expected:
    return {"status": "not started"}
