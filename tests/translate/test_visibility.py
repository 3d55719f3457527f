"""Personal and confidential columns: hidden, masked or exposed."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from floe_cube_infra.model.members import CubeDimension
from floe_cube_infra.translate.dimensions import MASK
from floe_cube_infra.translate.visibility import DEFAULT_VISIBILITY, Classifications
from tests.translate.dbt_projects import column, keyed, model, translated


def email(meta: dict[str, Any] | None = None, artifacts: str | None = None, **settings: Any) -> CubeDimension:
    by_model = {"customers": {"email": artifacts}} if artifacts else {}
    classifications = Classifications(by_model=by_model, visibility={**DEFAULT_VISIBILITY, **settings})
    node = model("customers", column("EMAIL", "int", meta=meta or {}))
    return translated(node, classifications=classifications).cubes["customers"].dimensions[0]


def is_hidden(dimension: CubeDimension) -> bool:
    return dimension.public is False


@pytest.mark.parametrize("classification", ["pii", "pci", "confidential", "PII", " Confidential "])
def test_what_artifacts_or_dbt_call_personal_or_confidential_is_hidden(classification: str) -> None:
    assert is_hidden(email(artifacts=classification))
    assert is_hidden(email({"classification": classification}))


@pytest.mark.parametrize(
    "meta", [{"pii": True}, {"pii": "true"}, {"pii": "yes"}, {"pii": "email"}, {"pii_type": "email"}]
)
def test_what_dbt_says_in_other_words_is_hidden_too(meta: dict[str, Any]) -> None:
    assert is_hidden(email(meta))


@pytest.mark.parametrize(
    "meta", [{}, {"pii": False}, {"pii": "false"}, {"pii": "No"}, {"pii": None}, {"classification": "public"}, {"a": 1}]
)
def test_everything_else_is_exposed(meta: dict[str, Any]) -> None:
    assert email(meta).public is None


def test_what_artifacts_say_goes_before_dbts_meta() -> None:
    assert is_hidden(email({"classification": "public"}, artifacts="pii"))
    assert not is_hidden(email({"classification": "pii"}, artifacts="public"))


def test_settings_say_what_a_classification_means() -> None:
    assert not is_hidden(email(artifacts="pii", pii="expose"))
    assert is_hidden(email(artifacts="internal", internal="hide"))
    assert is_hidden(email(artifacts="internal", Internal="hide"))


def test_a_column_says_for_itself_before_all() -> None:
    assert not is_hidden(email({"cube": {"visibility": "expose"}}, artifacts="pii"))
    assert is_hidden(email({"cube": {"visibility": "hide"}}))
    assert email({"cube": {"visibility": "mask"}}).sql == MASK


def test_a_masked_column_is_there_without_its_values() -> None:
    masked = email(artifacts="pii", pii="mask")
    assert (masked.sql, masked.type, masked.public) == (MASK, "string", None)


def test_public_in_meta_shows_nothing_that_is_to_be_hidden() -> None:
    assert is_hidden(email({"pii": True, "cube": {"public": True}}))


def test_a_masked_column_can_be_hidden_on_top() -> None:
    assert is_hidden(email({"cube": {"public": False}}, artifacts="pii", pii="mask"))


@pytest.mark.parametrize("visibility", ["hide", "mask"])
def test_a_key_is_hidden_where_it_would_be_masked_and_stays_the_key(visibility: str) -> None:
    node = keyed("customers")
    node["columns"]["id"]["meta"] = {"cube": {"visibility": visibility}}
    found = translated(node).dimensions("customers")["id"]
    assert (found.primary_key, found.public, found.sql) == (True, False, "{CUBE}.id")


def test_a_visibility_that_is_unknown_is_an_error_that_lists_the_known_ones() -> None:
    (error,) = translated(model("customers", column("email", meta={"cube": {"visibility": "secret"}}))).errors
    assert "meta.cube.visibility" in error
    assert "'hide', 'mask' or 'expose'" in error


def _clear(cube: dict[str, Any], **options: Any) -> dict[str, Any]:
    classifications = Classifications(by_model={"customers": {"email": "PII"}}, **options)
    result = translated(
        model("customers", column("email", "text", meta={"cube": cube})), classifications=classifications
    )
    found = result.dimensions("customers")["email"].clear
    return {} if found is None else msgspec.to_builtins(found)


def test_roles_see_a_classification_in_the_clear_that_is_hidden_for_others() -> None:
    assert _clear({}, clear_for={"pii": ["support"]}) == {
        "roles": ("support",),
        "sql": "{CUBE}.email",
        "type": "string",
        "format": None,
        "public": None,
    }


def test_a_column_may_name_roles_of_its_own() -> None:
    found = _clear({"clear_for": ["legal"], "visibility": "mask", "format": "link"}, clear_for={"Pii": ["support"]})
    assert (found["roles"], found["sql"], found["format"]) == (("legal", "support"), "{CUBE}.email", "link")


@pytest.mark.parametrize("cube", [{}, {"visibility": "expose", "clear_for": ["legal"]}])
def test_what_nobody_sees_in_the_clear_and_what_everybody_sees_says_nothing_of_roles(cube: dict[str, Any]) -> None:
    assert _clear(cube) == {}


def test_the_access_rule_tells_what_a_member_is_to_those_roles() -> None:
    classifications = Classifications(by_model={"customers": {"email": "pii"}}, clear_for={"pii": ["support"]})
    result = translated(model("customers", "email"), classifications=classifications)
    (rule,) = result.model.access_rules
    assert rule.hidden == ("email",)
    assert rule.clear["email"].roles == ("support",)
