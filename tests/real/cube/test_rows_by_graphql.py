"""The same questions by GraphQL."""

from __future__ import annotations

import json

import pytest

from tests.real.cube.clients import Cube, token
from tests.real.cube.graphql import by_graphql, document
from tests.real.cube.survey import TOKENS, Asked, at_once, rotated, require_right_answers

pytestmark = pytest.mark.xdist_group("real cube")


@pytest.fixture(scope="module")
def documents(asked: list[Asked], types: dict[str, str]) -> dict[str, tuple[Asked, str]]:
    written = ((one, document(one.question.query, types)) for one in asked)
    return {str(one.question): (one, text) for one, text in written if text is not None}


def test_each_organization_sees_just_its_own_rows(cube: Cube, documents: dict[str, tuple[Asked, str]]) -> None:
    assert len({text for _, text in documents.values()}) > 450
    texts = {name: text for name, (_, text) in documents.items()}
    require_right_answers(
        rotated([one for one, _ in documents.values()]),
        lambda one, organization: by_graphql(cube, one, organization, texts[str(one.question)]),
    )


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
