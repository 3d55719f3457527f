from __future__ import annotations

from typing import Any

import pytest

from floe_cube_infra.model.security_context import SecurityContext
from floe_cube_infra.security.errors import MintError, TokenError
from floe_cube_infra.security.mint import LONGEST_TTL_SECONDS, mint
from floe_cube_infra.security.rules import TokenRules
from floe_cube_infra.security.verify import verify
from tests.security.table.signing import jwk_of, rsa_key

SECRET, OLD = "not-a-secret-" * 6, "not-an-old-secret-" * 6
NOW = 1_800_000_000.5


def rules(**changes: Any) -> TokenRules:
    return TokenRules(**{"claims": ("organization_id", "region"), "secrets": (SECRET, OLD), **changes})


CLAIMS: dict[str, Any] = {"organization_id": 1, "region": ["eu", "us"]}


def test_a_minted_token_gives_the_context_that_was_asked_for() -> None:
    token = mint(CLAIMS, rules(), user="alice", roles=["analyst", "admin"], ttl_seconds=60, now=NOW)

    assert verify(token, rules(), NOW) == SecurityContext(
        filter_claims={"organization_id": ("1",), "region": ("eu", "us")},
        user_id="alice",
        roles=("analyst", "admin"),
        exp=1_800_000_060,
    )


def test_the_first_secret_signs_and_the_stacks_issuer_and_audience_are_put_in() -> None:
    strict = {"issuer": "https://id.example.com", "audience": "cube", "algorithms": ("HS512", "HS256")}
    token = mint(CLAIMS, rules(**strict), user="alice", now=NOW)

    verify(token, rules(**strict, secrets=(SECRET,)), NOW)
    with pytest.raises(TokenError):
        verify(token, rules(**strict, secrets=(OLD,)), NOW)
    with pytest.raises(TokenError):
        verify(token, rules(), NOW)


def test_a_token_ends_after_its_time() -> None:
    token = mint(CLAIMS, rules(), user="alice", ttl_seconds=60, now=NOW)

    verify(token, rules(), NOW + 59)
    with pytest.raises(TokenError, match="it has expired"):
        verify(token, rules(), NOW + 60)


def test_without_a_moment_the_machines_clock_counts() -> None:
    assert verify(mint(CLAIMS, rules(), user="alice"), rules()).user_id == "alice"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"claims": {"organization_id": "1"}}, r"refused with 403: it lacks u\.region\.$"),
        ({"claims": {**CLAIMS, "region": []}}, r"u\.region is an empty list"),
        ({"claims": {**CLAIMS, "region": "undefined"}}, "what a missing value looks like"),
        ({"claims": {**CLAIMS, "region": ["eu\n"]}}, "a control character"),
        ({"claims": {**CLAIMS, "roles": ["x"]}}, "give them as roles"),
        ({"user": ""}, "refused with 401"),
        ({"user": "x" * 20_000}, "allowed are 16384"),
        ({"roles": [""]}, "no name"),
        ({"ttl_seconds": 0}, "more than 0"),
        ({"ttl_seconds": -1}, "more than 0"),
        ({"ttl_seconds": float("nan")}, "more than 0"),
        ({"ttl_seconds": LONGEST_TTL_SECONDS + 1}, "up to 30 days"),
        ({"ttl_seconds": 0.1}, "it has expired"),
    ],
)
def test_what_the_stack_would_refuse_is_not_minted(changes: dict[str, Any], sentence: str) -> None:
    asked: dict[str, Any] = {"claims": CLAIMS, "user": "alice", "now": NOW, **changes}

    with pytest.raises(MintError, match=sentence):
        mint(asked.pop("claims"), rules(), **asked)


def test_tokens_of_an_identity_provider_cant_be_minted() -> None:
    public = rules(algorithms=("RS256",), secrets=(), keys=(jwk_of(rsa_key("one"), kid="one"),))

    with pytest.raises(MintError, match="identity provider"):
        mint(CLAIMS, public, user="alice")


def test_a_key_in_the_secrets_place_signs_nothing_and_isnt_repeated() -> None:
    key = '{"kty":"oct","k":"bm90LWEtc2VjcmV0LWtleQ"}'

    with pytest.raises(MintError, match="a key in another form") as caught:
        mint(CLAIMS, rules(secrets=(key,)), user="alice")

    assert "bm90" not in str(caught.value)
