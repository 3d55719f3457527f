"""Written by hand: identity providers with names of their own for `u` and `roles`."""

from __future__ import annotations

from typing import Any

from tests.security.table.case import (
    NO_CLAIM,
    NO_OBJECT,
    NO_ROLES,
    Case,
    Expected,
    Table,
    claims,
    refused,
    rules,
    signed,
    taken,
)

ADDRESS = "https://acme.example.com/claims"
LACKING = refused(403, NO_CLAIM)
ACME = {"organization_id": "acme"}
OTHER = {"organization_id": "umbrella"}


def table() -> Table:
    """The cases."""
    return Table(
        {
            "own key": rules({"claimsKey": ADDRESS}),
            "own roles": rules({"rolesKey": "groups"}),
            "both": rules({"claimsKey": ADDRESS, "rolesKey": "groups"}),
            **{f"claimsKey {key!r}": rules({"claimsKey": key}) for key in _WRONG_CLAIMS_KEYS},
            **{f"rolesKey {key!r}": rules({"rolesKey": key}) for key in _WRONG_ROLES_KEYS},
        },
        [
            *(_case(*given) for given in _CASES),
            *(
                Case(
                    name=f"{what} {key!r}",
                    token=signed(claims()),
                    rules=f"{what} {key!r}",
                    expected={"status": "not started"},
                )
                for what, keys in (("claimsKey", _WRONG_CLAIMS_KEYS), ("rolesKey", _WRONG_ROLES_KEYS))
                for key in keys
            ),
        ],
    )


_WRONG_ROLES_KEYS: list[Any] = ["", " ", None, 5, [], "__proto__", "toString", "constructor"]
_WRONG_CLAIMS_KEYS: list[Any] = [*_WRONG_ROLES_KEYS, "sub", "exp", "nbf", "iat", "iss", "aud", "jti"]
# The rules, what the payload has instead of u, and the answer.
_CASES: list[tuple[str, str, dict[str, Any], Expected]] = [
    ("the stack's key holds the claims", "own key", {ADDRESS: ACME}, taken()),
    ("u is nothing where the key is another", "own key", {"u": ACME}, LACKING),
    ("u doesn't win against the key", "own key", {"u": OTHER, ADDRESS: ACME}, taken()),
    ("u doesn't fill what the key lacks", "own key", {"u": ACME, ADDRESS: {}}, LACKING),
    ("a key of null is a missing one", "own key", {ADDRESS: None}, LACKING),
    ("a key that is a list", "own key", {ADDRESS: [ACME]}, refused(403, NO_OBJECT)),
    ("a key that is a text", "own key", {ADDRESS: "acme"}, refused(403, NO_OBJECT)),
    ("roles under the stack's key", "own key", {ADDRESS: {**ACME, "roles": ["a"]}}, taken(roles=["a"])),
    ("roles by their own name", "own roles", {"u": {**ACME, "groups": ["a", "b"]}}, taken(roles=["a", "b"])),
    ("one role by its own name", "own roles", {"u": {**ACME, "groups": "a"}}, taken(roles=["a"])),
    ("roles are nothing where they are called otherwise", "own roles", {"u": {**ACME, "roles": ["a"]}}, taken()),
    (
        "roles don't win against groups",
        "own roles",
        {"u": {**ACME, "roles": ["a"], "groups": ["b"]}},
        taken(roles=["b"]),
    ),
    ("groups of no names", "own roles", {"u": {**ACME, "groups": [1]}}, refused(403, NO_ROLES)),
    ("both names", "both", {ADDRESS: {**ACME, "groups": ["a"]}}, taken(roles=["a"])),
    (
        "both names, and those of here beside them",
        "both",
        {"u": {**OTHER, "roles": ["x"]}, ADDRESS: {**ACME, "roles": ["y"], "groups": ["a"]}},
        taken(roles=["a"]),
    ),
    ("roles beside the key are none", "both", {"groups": ["a"], ADDRESS: ACME}, taken()),
]


def _case(name: str, rule: str, given: dict[str, Any], expected: Expected) -> Case:
    return Case(name=name, rules=rule, token=signed(claims(**{"u": ..., **given})), expected=expected)
