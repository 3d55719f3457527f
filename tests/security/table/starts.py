"""Written by hand: rules with which Cube doesn't start, and some at the edge with which it does."""

from __future__ import annotations

from typing import Any

from tests.security.table.case import Case, Table, claims, not_started, rules, signed, taken
from tests.security.table.signing import jwk_of, rsa_key, token_of


def _single(secret: str) -> dict[str, str]:
    return {"CUBEJS_API_SECRET": secret}


def table() -> Table:
    """The cases."""
    keys = [jwk_of(rsa_key("one"), kid="one")]
    address = "https://id.example.com/keys"
    wrong: dict[str, dict[str, Any]] = {
        "no algorithm": rules({"algorithms": []}),
        "algorithms that are a text": rules({"algorithms": "HS256"}),
        "algorithms of null": rules({"algorithms": None}),
        "the algorithm none": rules({"algorithms": ["none"]}),
        "none beside HS256": rules({"algorithms": ["HS256", "none"]}),
        "an algorithm in lower case": rules({"algorithms": ["hs256"]}),
        "an algorithm that is a number": rules({"algorithms": [256]}),
        "both families": rules({"algorithms": ["HS256", "RS256"]}, keys=keys),
        "both families, public first": rules({"algorithms": ["ES256", "HS256"]}, keys=keys),
        "PS256": rules({"algorithms": ["PS256"]}, keys=keys),
        "ES256K": rules({"algorithms": ["ES256K"]}, keys=keys),
        "EdDSA": rules({"algorithms": ["EdDSA"]}, keys=keys),
        "RS256 without an address": rules({"algorithms": ["RS256"]}),
        "HS256 with an address": rules({"jwksUri": address}),
        "no secret": rules(environment={}),
        "an empty secret": rules(environment=_single("")),
        "an empty list of secrets": rules(environment={"CUBEJS_API_SECRETS": " , ,"}),
        "a secret of 31 bytes": rules(environment=_single("x" * 31)),
        "a secret of 47 bytes for HS384": rules({"algorithms": ["HS384"]}, environment=_single("x" * 47)),
        "a secret of 63 bytes for HS512": rules({"algorithms": ["HS512"]}, environment=_single("x" * 63)),
        "a secret of 32 bytes for HS256 and HS384": rules(
            {"algorithms": ["HS256", "HS384"]}, environment=_single("x" * 32)
        ),
        "one short secret among two": rules(environment={"CUBEJS_API_SECRETS": f"{'x' * 32},{'y' * 31}"}),
        "a secret that blanks make long": rules(environment={"CUBEJS_API_SECRETS": f"{'x' * 31} ,"}),
        "a short list before a long secret": rules(
            environment={"CUBEJS_API_SECRETS": "x" * 31, "CUBEJS_API_SECRET": "y" * 64}
        ),
        "a negative tolerance": rules({"clockToleranceSeconds": -1}),
        "a tolerance of 301": rules({"clockToleranceSeconds": 301}),
        "a tolerance of a half": rules({"clockToleranceSeconds": 0.5}),
        "a tolerance that is a text": rules({"clockToleranceSeconds": "10"}),
        "a tolerance of true": rules({"clockToleranceSeconds": True}),
        "a tolerance of null": rules({"clockToleranceSeconds": None}),
        "tokens of 511": rules({"maxBytes": 511}),
        "tokens of 65537": rules({"maxBytes": 65537}),
        "tokens of any size": rules({"maxBytes": None}),
        "an empty audience": rules({"audience": ""}),
        "an audience of blanks": rules({"audience": " \ufeff"}),
        "several audiences": rules({"audience": ["cube"]}),
        "an empty issuer": rules({"issuer": ""}),
        "an issuer that is a number": rules({"issuer": 7}),
        "no claims": rules(row_level={"claims": []}),
        "a claim with a dot": rules(row_level={"claims": ["a.b"]}),
        "a claim with a line break": rules(row_level={"claims": ["a\n"]}),
        "a claim of other letters": rules(row_level={"claims": ["größe"]}),
        "a claim that begins with a digit": rules(row_level={"claims": ["1a"]}),
        "an empty claim": rules(row_level={"claims": [""]}),
        "a claim that is a number": rules(row_level={"claims": [7]}),
        "a claim that is a list": rules(row_level={"claims": [["a"]]}),
        "a bad claim while off": rules(row_level={"enabled": False, "claims": ["a.b"]}),
        "claims that are a text": rules(row_level={"claims": "organization_id"}),
        "claims of null": rules(row_level={"claims": None}),
        "enabled as a text": rules(row_level={"enabled": "true"}),
        "enabled of null": rules(row_level={"enabled": None}),
        "roles as a claim": rules(row_level={"claims": ["roles"]}),
        "the prototype as a claim": rules(row_level={"claims": ["__proto__"]}),
        "no types": _without(rules(), "rowLevelSecurity", "claimTypes"),
        "types that are a list": rules(row_level={"claimTypes": ["number"]}),
        "an unknown type": rules(row_level={"claimTypes": {"organization_id": "integer"}}),
        "a type of null": rules(row_level={"claimTypes": {"organization_id": None}}),
        "a type of no claim": rules(row_level={"claimTypes": {"region": "text"}}),
        "no exempt roles": _without(rules(), "rowLevelSecurity", "exemptRoles"),
        "exempt roles of null": rules(row_level={"exemptRoles": None}),
        "an empty list of exempt roles": rules(row_level={"exemptRoles": {"organization_id": []}}),
        "an empty exempt role": rules(row_level={"exemptRoles": {"organization_id": [" "]}}),
        "one exempt role that is no list": rules(row_level={"exemptRoles": {"organization_id": "admin"}}),
        "exempt roles of no claim": rules(row_level={"exemptRoles": {"region": ["admin"]}}),
        "an unknown key in jwt": rules({"secret": "x"}),
        "an unknown key in rowLevelSecurity": rules(row_level={"claim": "x"}),
        "no issuer key": _without(rules(), "jwt", "issuer"),
        "no size key": _without(rules(), "jwt", "maxBytes"),
        "no enabled key": _without(rules(), "rowLevelSecurity", "enabled"),
        "jwt as a list": {**rules(), "jwt": []},
        "rowLevelSecurity of null": {**rules(), "rowLevelSecurity": None},
    }
    edge: dict[str, tuple[dict[str, Any], str]] = {
        "a secret of 32 bytes": (rules(environment=_single("x" * 32)), "x" * 32),
        "letters of two bytes": (rules(environment=_single("ä" * 16)), "ä" * 16),
        "a tolerance of 300": (rules({"clockToleranceSeconds": 300}), ""),
        "tokens of 512": (rules({"maxBytes": 512}), ""),
        "tokens of 65536": (rules({"maxBytes": 65536}), ""),
        "the same algorithm twice": (rules({"algorithms": ["HS256", "HS256"]}), ""),
    }
    token = signed(claims())
    found = Table(
        wrong, [Case(name=f"rules with {name}", rules=name, token=token, expected=not_started()) for name in wrong]
    )
    for name, (rule, secret) in edge.items():
        found.rules[name] = rule
        edge_token = signed(claims(), key=secret) if secret else token
        found.cases.append(Case(name=f"rules with {name}", rules=name, token=edge_token, expected=taken()))
    found.rules["public keys need no secret"] = rules({"algorithms": ["RS256", "ES256"]}, keys=keys, environment={})
    found.cases.append(
        Case(
            name="public keys need no secret",
            rules="public keys need no secret",
            token=token_of({"alg": "RS256", "kid": "one"}, claims(), rsa_key("one"), "RS256"),
            expected=taken(),
        )
    )
    return found


def _without(rule: dict[str, Any], section: str, key: str) -> dict[str, Any]:
    return {**rule, section: {name: value for name, value in rule[section].items() if name != key}}
