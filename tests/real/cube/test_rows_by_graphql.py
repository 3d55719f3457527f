"""The same questions by GraphQL."""

from __future__ import annotations

import json

import pytest

from tests.real.cube.clients import Cube, token
from tests.real.cube.graphql import by_graphql, document
from tests.real.cube.survey import TOKENS, Asked, at_once, require_right_answers, rotated, wrong_answers

pytestmark = [pytest.mark.xdist_group("real cube"), pytest.mark.real]


# JSON and lists, which GraphQL can only give as text.
STRUCTURED = ("preferences", "attributes", "tags")


def _is_askable(asked: Asked, types: dict[str, str]) -> bool:
    """Whether Cube's GraphQL can answer at all: no structured values, no empty times."""
    times = {name for name in asked.members if types[".".join(name.split(".")[:2])] == "time"}
    is_plain = not any(name.endswith(STRUCTURED) for name in asked.members)
    return is_plain and not (times and any(None in row for row in asked.of_all))


@pytest.fixture(scope="module")
def documents(asked: list[Asked], types: dict[str, str]) -> dict[str, tuple[Asked, str]]:
    written = ((one, document(one.question.query, types)) for one in asked if _is_askable(one, types))
    return {str(one.question): (one, text) for one, text in written if text is not None}


def test_each_organization_sees_just_its_own_rows(cube: Cube, documents: dict[str, tuple[Asked, str]]) -> None:
    assert len({text for _, text in documents.values()}) > 450
    texts = {name: text for name, (_, text) in documents.items()}
    require_right_answers(
        rotated([one for one, _ in documents.values()]),
        lambda one, organization: by_graphql(cube, one, organization, texts[str(one.question)]),
    )


@pytest.mark.parametrize("member", ["customers.preferences", "orders.attributes", "products.tags"])
def test_json_and_lists_are_given_as_text(cube: Cube, asked: list[Asked], types: dict[str, str], member: str) -> None:
    [one] = [one for one in asked if one.question.query == {"dimensions": [member]}]
    text = document(one.question.query, types)
    assert text is not None
    assert not wrong_answers([(one, 1)], lambda _, organization: by_graphql(cube, one, organization, text))


def test_without_the_claim_every_question_is_refused(cube: Cube, documents: dict[str, tuple[Asked, str]]) -> None:
    nobody = token(None)
    answers = at_once(lambda one: cube.graphql(one[1], nobody), documents.values())
    assert {answer.status for answer in answers} == {403}
    assert not any("data" in answer.body for answer in answers)


def test_introspection_names_no_hidden_member(cube: Cube) -> None:
    answer = cube.graphql("{ __schema { types { name fields { name } inputFields { name } } } }", TOKENS[1])
    assert answer.status == 200
    types = {each["name"]: each for each in answer.body["data"]["__schema"]["types"]}
    members = {each["name"] for each in types["CustomersMembers"]["fields"]}
    assert {"count", "loyalty_tier"} <= members
    text = json.dumps(answer.body)
    assert not [hidden for hidden in ("full_name", "email", "phone", "birth_date", "street") if f'"{hidden}"' in text]
