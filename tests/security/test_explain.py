from __future__ import annotations

from typing import Any

import pytest

from floe_cube_infra.security.explain import explain
from floe_cube_infra.security.rules import TokenRules
from tests.security.table.case import NOW, SECRET, claims, signed
from tests.security.table.signing import jwk_of, rsa_key, sample_secret, token_of

MOMENT = NOW / 1000


def rules(**changes: Any) -> TokenRules:
    return TokenRules(**{"claims": ("organization_id",), "secrets": (SECRET,), **changes})


def test_a_good_token_is_told_part_by_part_and_then_what_it_sees() -> None:
    payload = claims(
        u={"organization_id": ["acme", 7], "roles": ["analyst"], "region": "eu"}, nbf=MOMENT - 7200, iss="idp", x=1
    )

    assert explain(signed(payload), rules(), MOMENT) == [
        'Algorithm: "HS256", no key named; the stack takes HS256.',
        'User (sub): "ada".',
        'Claim u.organization_id: ["acme", 7].',
        'Roles (u.roles): ["analyst"].',
        'Under u without any effect, since the stack doesn\'t filter by it: "region".',
        "It ends (exp): 2027-01-15T08:01:00Z (in 60 seconds).",
        "It begins (nbf): 2027-01-15T06:00:00Z (2 hours ago).",
        'Issuer (iss): "idp"; the stack names none.',
        'Without any effect: "x".',
        'It is taken: "ada" sees the rows of organization_id "acme" or "7" only, with the roles "analyst".',
    ]


def test_a_token_of_an_identity_provider_names_its_key() -> None:
    key = rsa_key("one")
    token = token_of({"alg": "RS256", "kid": "one"}, claims(aud="cube"), key, "RS256")
    public = rules(algorithms=("RS256",), secrets=(), keys=(jwk_of(key, kid="one"),), audience="cube")

    sentences = explain(token, public, MOMENT)

    assert sentences[0] == 'Algorithm: "RS256", the key "one"; the stack takes RS256.'
    assert 'Audience (aud): "cube"; the stack demands "cube".' in sentences
    assert sentences[-1].startswith("It is taken: ")


@pytest.mark.parametrize(
    ("token", "changes", "reason"),
    [
        ("hunter2", {}, "401: it is not three parts"),
        (signed(claims(), key=sample_secret("other")), {}, "401: none of the stack's secrets signed it"),
        (signed(claims(exp=MOMENT - 1)), {}, "401: it has expired (exp)"),
        (signed(claims(nbf=MOMENT + 1)), {}, "401: it is not valid yet (nbf)"),
        (signed(claims(exp="soon")), {}, "401: its exp is not a time"),
        (signed(claims()), {"issuer": "idp"}, "401: its issuer (iss) is not 'idp'"),
        (signed(claims()), {"audience": "cube"}, "401: its audience (aud) is not 'cube'"),
        (signed(claims(aud="x")), {}, "401: it is for somebody in particular (aud)"),
        (signed(claims()), {"algorithms": ("HS384",)}, "401: its algorithm is not the stack's; allowed are HS384"),
        (signed(claims(sub=7)), {}, "401: its user (sub) is a number; it must be a text"),
        (signed(claims(u={})), {}, "403: it lacks u.organization_id"),
        (signed(claims(u={"organization_id": 1.5})), {}, "403: its u.organization_id is a number that is no integer"),
        (signed(claims(u=[])), {}, "403: its u is a list; it must be an object"),
        (signed({"sub": "a", "exp": "x"}), {}, "401: its exp is not a time"),
        (signed("[1]"), {}, "401: its payload is not a JSON object"),
        (signed('{"a":1,"a":1}'), {}, "401: its payload can't be read: an object has a key twice"),
        (signed(claims(), header={"alg": "HS256", "crit": []}), {}, "401: its header demands extensions (crit)"),
        (signed(claims()) + "=", {}, "401: its signature is not base64url"),
        (signed(claims(x="x" * 600)), {"max_bytes": 512}, "allowed are 512 (jwt.maxBytes)"),
    ],
)
def test_a_refusal_says_the_true_reason_and_what_cube_answers(token: str, changes: dict[str, Any], reason: str) -> None:
    last = explain(token, rules(**changes), MOMENT)[-1]

    assert last.startswith("It is refused with 40")
    assert reason in last
    assert ". Cube answers no more than: The token" in last
    assert "hunter2" not in last


def test_a_key_that_is_missing_or_unfit_is_told_apart() -> None:
    key = rsa_key("one")
    token = token_of({"alg": "RS256", "kid": "one"}, claims(), key, "RS256")

    def last(*keys: dict[str, Any]) -> str:
        return explain(token, rules(algorithms=("RS256",), secrets=(), keys=keys), MOMENT)[-1]

    assert "no key of the stack's key set has its key id" in last()
    assert "no key of the stack's key set may serve its algorithm" in last(jwk_of(key, kid="one", use="enc"))
    assert "the key that it names didn't sign it" in last(jwk_of(rsa_key("other"), kid="one"))


def test_a_secret_in_a_claim_is_not_shown_and_long_values_are_cut() -> None:
    token = signed(claims(sub=f"x{SECRET}x", u={"organization_id": ["y" * 200] * 30, "roles": [SECRET]}, **{SECRET: 1}))

    text = "\n".join(explain(token, rules(max_bytes=65536), MOMENT))

    assert SECRET not in text
    assert SECRET[:40] not in text
    assert text.count("(a secret of the stack)") == 5
    assert "y" * 101 not in text
    assert "10 more" in text


def test_escape_codes_of_a_token_dont_reach_the_terminal() -> None:
    token = signed(
        claims(sub="a\x1b[31m\u202e\x9b", u={"organization_id": "b"}), header={"alg": "HS256", "kid": "\x1b[2J"}
    )

    sentences = explain(token, rules(), MOMENT)

    assert all(sentence.isprintable() for sentence in sentences)
    assert "\\u202e" in sentences[1]


@pytest.mark.parametrize(
    ("exp", "shown"),
    [
        (1e300, "1e+300 seconds since 1970, which no calendar has"),
        ("soon", '"soon", which is no time'),
        ([[1]], "[a list], which is no time"),
        (MOMENT + 3 * 86400, "(in 3 days)"),
        (MOMENT - 600, "(10 minutes ago)"),
        (MOMENT, "(0 seconds ago)"),
    ],
)
def test_times_are_dates_where_a_calendar_has_them(exp: object, shown: str) -> None:
    assert any(shown in sentence for sentence in explain(signed(claims(exp=exp)), rules(), MOMENT))


def test_without_row_level_security_all_rows_are_seen_and_that_is_said() -> None:
    assert explain(signed(claims()), rules(claims=()), MOMENT)[-1] == (
        'It is taken: "ada" sees all rows, since these rules filter none, with no role.'
    )
