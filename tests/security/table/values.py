"""Written by hand: what each value of a claim becomes, or that it is refused."""

from __future__ import annotations

import json

from tests.security.table.case import (
    NO_CLAIM,
    NO_OBJECT,
    NO_ROLES,
    NO_USER,
    Case,
    Table,
    U,
    claims,
    refused,
    rules,
    signed,
    taken,
)

# JSON as a payload has it -> the values that filter, or None where it is refused.
CLAIM_VALUES: list[tuple[str, list[str] | None]] = [
    ('"acme"', ["acme"]),
    ('" acme "', [" acme "]),
    ('"0"', ["0"]),
    ('"false"', ["false"]),
    ('"None"', ["None"]),
    ('"Undefined"', ["Undefined"]),
    ('"eu,us"', ["eu,us"]),
    ('"\\u00e9"', ["é"]),
    ('"e\\u0301"', ["e\u0301"]),
    ('"\\ud83d\\ude00"', ["😀"]),
    ('"\\u0085"', ["\u0085"]),
    ('"\\u200b"', ["\u200b"]),
    ('"\' OR 1=1 --"', ["' OR 1=1 --"]),
    ('"\\"; DROP TABLE orders; ${x} {y}"', ['"; DROP TABLE orders; ${x} {y}']),
    ('"__proto__"', ["__proto__"]),
    ("7", ["7"]),
    ("0", ["0"]),
    ("-0", ["0"]),
    ("-0.0", ["0"]),
    ("-12", ["-12"]),
    ("1.0", ["1"]),
    ("1e3", ["1000"]),
    ("1E+3", ["1000"]),
    ("10e-1", ["1"]),
    ("9007199254740991", ["9007199254740991"]),
    ("-9007199254740991", ["-9007199254740991"]),
    ("9007199254740992", None),
    ("9007199254740993", None),
    ("12345678901234567890", None),
    ("1.5", None),
    ("1e-400", ["0"]),
    ("1e400", None),
    ("1e15", ["1000000000000000"]),
    ("true", ["true"]),
    ("false", ["false"]),
    ("null", None),
    ('""', None),
    ('"  "', None),
    ('"\\u00a0"', None),
    ('"\\ufeff"', None),
    ('"\\u2028\\u3000"', None),
    ('"\\u1680\\u202f\\u205f"', None),
    ('"undefined"', None),
    ('" undefined "', None),
    ('"null"', None),
    ('"\\ufeffnull"', None),
    ('"NaN"', None),
    ('"[object Object]"', None),
    ('"ac\\u0000me"', None),
    ('"ac\\nme"', None),
    ('"\\u001c"', None),
    ('"ac\\u007fme"', None),
    ('"a\\ud800"', None),
    ('"\\udc00a"', None),
    ('"\\udc00\\ud800"', None),
    ("{}", None),
    ('{"a":1}', None),
    ('{"0":"acme","length":1}', None),
    ("[]", None),
    ('["acme"]', ["acme"]),
    ('["b","a","b"]', ["b", "a"]),
    ('[1,"1",true,"true",1.0]', ["1", "true"]),
    ('["acme",null]', None),
    ('["acme",""]', None),
    ('["acme",1.5]', None),
    ('[["acme"]]', None),
    ('["acme",[]]', None),
    ('[{"a":1}]', None),
    ('["acme","undefined"]', None),
]

USERS: list[tuple[str, str | None]] = [
    ('"ada"', "ada"),
    ('" ada "', " ada "),
    (f'"{"x" * 255}"', "x" * 255),
    (f'"{"x" * 256}"', None),
    (f'"{"é" * 255}"', "é" * 255),
    # JavaScript counts an emoji twice.
    (f'"{"😀" * 127}"', "😀" * 127),
    (f'"{"😀" * 128}"', None),
    ('"\\u0085"', "\u0085"),
    ('""', None),
    ('"\\ufeff"', None),
    ('"null"', None),
    ('"a\\tb"', None),
    ('"a\\ud800"', None),
    ("7", None),
    ("null", None),
    ("true", None),
    ('["ada"]', None),
    ('{"id":"ada"}', None),
]

ROLES: list[tuple[str, list[str] | None]] = [
    ('["admin"]', ["admin"]),
    ('"admin"', ["admin"]),
    ("[]", []),
    ('["b","a","b"]', ["b", "a"]),
    ('["a b"]', ["a b"]),
    ('""', None),
    ('" "', None),
    ("null", None),
    ("7", None),
    ("true", None),
    ('{"admin":true}', None),
    ('["admin",1]', None),
    ('["admin",null]', None),
    ('["admin",""]', None),
    ('["admin",["b"]]', None),
    ('["undefined"]', None),
    ('["a\\u0000"]', None),
    ('["a\\ud800"]', None),
]

TWO, OPEN = "two claims", "no row-level security"


def table() -> Table:
    """The cases."""
    found = Table({"plain": rules(), TWO: rules(row_level={"claims": ["organization_id", "region"]})})
    found.rules[OPEN] = rules(row_level={"enabled": False})
    found.rules["inherited"] = rules(row_level={"claims": ["constructor"]})
    for text, values in CLAIM_VALUES:
        expected = refused(403, NO_CLAIM) if values is None else taken(values)
        payload = json.dumps(claims(u="?")).replace('"?"', f'{{"organization_id":{text}}}')
        found.cases.append(Case(name=f"the claim {text}", token=signed(payload), expected=expected))
    for text, user in USERS:
        expected = refused(401, NO_USER) if user is None else taken(user=user)
        payload = json.dumps(claims(sub="?")).replace('"?"', text)
        found.cases.append(
            Case(name=f"the user {text[:30]} of {len(text)} characters", token=signed(payload), expected=expected)
        )
    for text, roles in ROLES:
        expected = refused(403, NO_ROLES) if roles is None else taken(roles=roles)
        payload = json.dumps(claims(u="?")).replace('"?"', f'{{"organization_id":"acme","roles":{text}}}')
        found.cases.append(Case(name=f"the roles {text}", token=signed(payload), expected=expected))
    found.cases += _other_shapes()
    return found


def _other_shapes() -> list[Case]:
    no_user, no_claim = refused(401, NO_USER), refused(403, NO_CLAIM)
    no_region = refused(403, "The token lacks a usable claim u.region.")
    both = taken()
    both["context"]["filter_claims"] = {"organization_id": ["acme"], "region": ["eu", "us"]}
    open_to_all = taken()
    open_to_all["context"]["filter_claims"] = {}
    open_to_analysts = taken(roles=["analyst"])
    open_to_analysts["context"]["filter_claims"] = {}
    found = [
        Case(name=f"a u of {u!r}", token=signed(claims(u=u)), expected=refused(403, NO_OBJECT))
        for u in ("acme", ["acme"], [], 7, 0, True, False, "")
    ]
    found += [
        Case(name="no u", token=signed(claims(u=...)), expected=no_claim),
        Case(name="a u of null", token=signed(claims(u=None)), expected=no_claim),
        Case(name="an empty u", token=signed(claims(u={})), expected=no_claim),
        Case(name="a claim beside u", token=signed(claims(u={}, organization_id="acme")), expected=no_claim),
        Case(
            name="a claim in another case",
            token=signed(claims(u={"Organization_id": "a"})),
            expected=no_claim,
        ),
        Case(name="a user before a claim", token=signed(claims(sub=..., u={})), expected=no_user),
        Case(name="the roles before a claim", token=signed(claims(u={"roles": 7})), expected=refused(403, NO_ROLES)),
        Case(name="other claims are not taken over", token=signed(claims(u={**U, "region": "eu"})), expected=taken()),
        Case(name="two claims", rules=TWO, token=signed(claims(u={**U, "region": ["eu", "us"]})), expected=both),
        Case(name="one of two claims", rules=TWO, token=signed(claims()), expected=no_region),
        Case(
            name="the other of two claims",
            rules=TWO,
            token=signed(claims(u={"region": "eu"})),
            expected=no_claim,
        ),
        Case(
            name="a claim that objects inherit in JavaScript",
            rules="inherited",
            token=signed(claims()),
            expected=refused(403, "The token lacks a usable claim u.constructor."),
        ),
        Case(
            name="no claim is demanded",
            rules=OPEN,
            token=signed(claims(u=...)),
            expected=open_to_all,
        ),
        Case(name="u of null is none", rules=OPEN, token=signed(claims(u=None)), expected=open_to_all),
        Case(
            name="roles count without row-level security",
            rules=OPEN,
            token=signed(claims(u={"roles": "analyst", "organization_id": []})),
            expected=open_to_analysts,
        ),
        Case(
            name="u is looked at without row-level security",
            rules=OPEN,
            token=signed(claims(u=[])),
            expected=refused(403, NO_OBJECT),
        ),
        Case(
            name="a user is demanded without row-level security",
            rules=OPEN,
            token=signed(claims(sub=...)),
            expected=no_user,
        ),
    ]
    return found
