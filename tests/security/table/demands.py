"""Written by hand: claims of each type, and roles that are exempt from a claim."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

from tests.security.table.case import NO_ROLES, Case, Expected, Table, claims, refused, rules, signed, taken

# JSON as a payload has it -> the types that it is of, and the values that filter.
VALUES: list[tuple[str, set[str], list[str]]] = [
    ('"acme"', {"text"}, ["acme"]),
    ('"7"', {"text"}, ["7"]),
    ('"true"', {"text"}, ["true"]),
    ('["a","b"]', {"text"}, ["a", "b"]),
    ('["7"]', {"text"}, ["7"]),
    ("7", {"number"}, ["7"]),
    ("0", {"number"}, ["0"]),
    ("-3", {"number"}, ["-3"]),
    ("7.0", {"number"}, ["7"]),
    ("1e3", {"number"}, ["1000"]),
    ("[1,2,1]", {"number"}, ["1", "2"]),
    ("true", {"boolean"}, ["true"]),
    ("false", {"boolean"}, ["false"]),
    ("[true,false]", {"boolean"}, ["true", "false"]),
    ('[1,"1"]', set(), []),
    ("[1,true]", set(), []),
    ('["true",true]', set(), []),
    ("7.5", set(), []),
    ("9007199254740993", set(), []),
    ('""', set(), []),
    ('"undefined"', set(), []),
    ("null", set(), []),
    ("[null]", set(), []),
    ("[]", set(), []),
    ("[[1]]", set(), []),
    ("{}", set(), []),
]
TYPES = ("number", "text", "boolean")

ORGANIZATION, REGION = {"organization_id": 1}, {"region": "eu"}
# Roles -> the claims that they are exempt from, by the rules "exempting".
EXEMPT: list[tuple[Any, set[str]]] = [
    ([], set()),
    (["analyst"], set()),
    (["Admin"], set()),
    (["admin "], set()),
    (["admin,root"], set()),
    ("admin", {"organization_id"}),
    (["admin"], {"organization_id"}),
    (["analyst", "admin"], {"organization_id"}),
    (["auditor"], {"organization_id", "region"}),
    (["traveller"], {"region"}),
    (["traveller", "admin"], {"organization_id", "region"}),
    (["organization_id"], set()),
    (["toString"], set()),
]
GIVEN: list[dict[str, Any]] = [{}, ORGANIZATION, REGION, {**ORGANIZATION, **REGION}]


def table() -> Table:
    found = Table({type_: rules(row_level={"claimTypes": {"organization_id": type_}}) for type_ in TYPES})
    for (text, types, values), type_ in product(VALUES, TYPES):
        payload = json.dumps(claims(u="?")).replace('"?"', f'{{"organization_id":{text}}}')
        expected = taken(values) if type_ in types else _lacking("organization_id")
        name = f"{text} where a {type_} is demanded"
        found.cases.append(Case(name=name, rules=type_, token=signed(payload), expected=expected))
    found.rules["exempting"] = rules(
        row_level={
            "claims": ["organization_id", "region"],
            "claimTypes": {"organization_id": "number", "region": "text"},
            "exemptRoles": {"organization_id": ["admin", "auditor"], "region": ["auditor", "traveller"]},
        }
    )
    for (roles, exempt), given in product(EXEMPT, GIVEN):
        found.cases.append(
            Case(
                name=f"the roles {roles!r} with {sorted(given)}",
                rules="exempting",
                token=signed(claims(u={**given, "roles": roles})),
                expected=_expected(roles, exempt, given),
            )
        )
    for roles in (7, None, [1], [""], {"admin": True}):
        token = signed(claims(u={"roles": roles}))
        name = f"the roles {roles!r}, which are none, exempt from nothing"
        found.cases.append(Case(name=name, rules="exempting", token=token, expected=refused(403, NO_ROLES)))
    return found


def _expected(roles: Any, exempt: set[str], given: dict[str, Any]) -> Expected:
    for claim in ("organization_id", "region"):
        if claim not in exempt and claim not in given:
            return _lacking(claim)
    expected = taken(roles=[roles] if isinstance(roles, str) else roles)
    expected["context"]["filter_claims"] = {
        # What somebody is exempt from isn't taken over, though it be there.
        claim: [str(given[claim])]
        for claim in ("organization_id", "region")
        if claim not in exempt
    }
    return expected


def _lacking(claim: str) -> Expected:
    return refused(403, f"The token lacks a usable claim u.{claim}.")
