"""Settings of tokens and limits: what can't be safe is refused before anything is generated."""

from __future__ import annotations

from typing import Any

import pytest

from floe_cube_infra.errors import SettingsError
from floe_cube_infra.inputs.settings import parse

KEYS = "https://id.example.com/.well-known/jwks.json"


def settings(**sections: Any) -> Any:
    return parse({"artifacts": "a.json", "environment": "dev", **sections}, "the test")


def test_an_identity_provider_can_sign() -> None:
    tokens = settings(tokens={"algorithms": ["RS256", "ES256"], "jwksUri": KEYS, "issuer": "https://id"}).tokens

    assert (tokens.algorithms, tokens.jwks_uri, tokens.issuer) == (("RS256", "ES256"), KEYS, "https://id")


@pytest.mark.parametrize(
    ("tokens", "reason"),
    [
        ({"algorithms": ["none"]}, "HS256"),
        ({"algorithms": []}, "at least 1"),
        ({"algorithms": ["HS256", "RS256"], "jwksUri": KEYS}, "keep one family"),
        ({"algorithms": ["HS256"], "jwksUri": KEYS}, "leave one of them out"),
        ({"algorithms": ["RS256"]}, "give their address in jwksUri"),
        ({"algorithms": ["RS256"], "jwksUri": "http://id.example.com/keys"}, "allowed is https://"),
        ({"algorithms": ["RS256"], "jwksUri": "https://me:pass@id.example.com/keys"}, "allowed is https://"),
        ({"algorithms": ["RS256"], "jwksUri": "https://"}, "allowed is https://"),
        ({"clockToleranceSeconds": 301}, "300"),
        ({"maxBytes": 100}, "512"),
        ({"audience": ""}, "audience"),
    ],
)
def test_what_is_not_safe_is_refused(tokens: dict[str, object], reason: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings(tokens=tokens)

    assert reason in str(refused.value)


def test_keys_on_the_loopback_address_need_no_tls() -> None:
    assert settings(tokens={"algorithms": ["ES256"], "jwksUri": "http://localhost:8080/keys"}).tokens.jwks_uri


@pytest.mark.parametrize("limits", [{"rows": 0}, {"rows": 50_001}, {"seconds": 0}, {"members": 1001}])
def test_limits_have_limits(limits: dict[str, int]) -> None:
    with pytest.raises(SettingsError):
        settings(limits=limits)


@pytest.mark.parametrize("origin", ["*", "https://app.example.com/", "app.example.com", "https://user@app.example.com"])
def test_an_origin_is_a_scheme_a_host_and_a_port(origin: str) -> None:
    with pytest.raises(SettingsError, match="corsOrigins"):
        settings(api={"corsOrigins": [origin]})


def test_the_scope_that_names_contexts_in_its_requests_can_not_be_had() -> None:
    with pytest.raises(SettingsError, match="scopes"):
        settings(api={"scopes": ["jobs"]})
