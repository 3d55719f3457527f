from __future__ import annotations

import dataclasses
import json

import pytest

from floe_cube_infra.model.cube_config import CubeConfig
from floe_cube_infra.model.gateway import Gateway
from floe_cube_infra.render.settings_json import render_settings
from floe_cube_infra.security.errors import RulesError
from floe_cube_infra.security.rules import TokenRules, rules_from_settings
from tests.security.table.case import rules

SECRET = "hunter2-" * 8


def test_rules_never_show_their_secrets_or_keys() -> None:
    shown = repr(TokenRules(claims=(), secrets=(SECRET,)))

    assert "hunter2" not in shown
    assert "secrets" not in shown
    assert "keys" not in shown


def test_every_problem_is_said_at_once_and_no_secret_in_any() -> None:
    with pytest.raises(RulesError) as caught:
        TokenRules(claims=("a.b",), audience=" ", issuer="", clock_tolerance_seconds=301, max_bytes=1, algorithms=())

    assert len(caught.value.problems) == 6

    with pytest.raises(RulesError) as caught:
        TokenRules(claims=(), algorithms=("HS512",), secrets=("hunter2", "hunter2\udc80"))

    assert caught.value.problems == (
        "a secret has 7 bytes; HS512 need 64 or more (RFC 7518, 3.2), such as `openssl rand -hex 64` makes",
        "a secret is not UTF-8 text",
    )


def test_rules_cant_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        TokenRules(claims=(), secrets=(SECRET,)).audience = "x"  # type: ignore[misc]


def test_the_settings_that_a_stack_generates_are_rules() -> None:
    config = CubeConfig(database_type="postgres", jwt_audience="cube", jwt_issuer="https://id.example.com")
    document = json.loads(render_settings(config, Gateway(), sql_api="off"))

    found = rules_from_settings(document, [SECRET])

    assert (found.claims, found.algorithms) == (("organization_id",), ("HS256",))
    assert (found.audience, found.issuer, found.max_bytes) == ("cube", "https://id.example.com", 16384)


@pytest.mark.parametrize("damage", [{}, {"jwt": 7}, {"jwt": {"algorithms": ["HS256"]}}, {"rowLevelSecurity": None}])
def test_settings_without_their_sections_are_refused_with_the_keys_that_they_need(damage: dict[str, object]) -> None:
    document = {} if not damage else {**rules(), **damage}

    with pytest.raises(RulesError, match=r"must be an object with exactly these keys: "):
        rules_from_settings(document, [SECRET])
