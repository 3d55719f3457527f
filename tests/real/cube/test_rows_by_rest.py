"""What three organizations get by REST, over the whole model, against what PostgreSQL itself shows each of them."""

from __future__ import annotations

import pytest

from tests.real.cube.clients import Cube, token
from tests.real.cube.survey import Asked, at_once, by_rest, everyone, require_right_answers

pytestmark = pytest.mark.xdist_group("real cube")

FAMILIES = (
    "a member", "a time dimension", "a window of time", "a segment", "a tautology", "a filter on a measure",
    "a detail", "another organization", "a pair", "a hop",
)  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_each_organization_sees_just_its_own_rows(cube: Cube, asked: list[Asked], family: str) -> None:
    require_right_answers(everyone([one for one in asked if one.question.family == family]), by_rest(cube))


def test_no_family_of_questions_is_forgotten(asked: list[Asked]) -> None:
    assert {one.question.family for one in asked} == set(FAMILIES)
    assert len({str(one.question.query) for one in asked}) > 500


def test_most_of_the_answers_would_differ_if_all_rows_were_seen(asked: list[Asked]) -> None:
    telling = [one for one in asked if all(bag != one.of_all for bag in one.own.values())]
    assert len(telling) > 0.8 * len(asked)


def test_without_the_claim_every_question_is_refused(cube: Cube, asked: list[Asked]) -> None:
    nobody = token(None)
    answers = at_once(lambda one: cube.load(one.question.query, nobody), asked)
    assert {(answer.status, answer.error) for answer in answers} == {
        (403, "The token lacks a usable claim u.organization_id.")
    }


def test_a_claim_with_two_organizations_shows_the_rows_of_both(cube: Cube) -> None:
    answer = cube.load({"measures": ["orders.count", "orders.revenue"]}, token([1, 3]))
    assert answer.body["data"] == [{"orders.count": "171", "orders.revenue": "150232.38"}]


@pytest.mark.parametrize(
    ("organization", "count", "revenue"), [(1, "123", "100697.02"), (2, "79", "44139.70"), (3, "48", "49535.36")]
)
def test_the_sums_of_the_shop_are_those_of_its_readme(cube: Cube, organization: int, count: str, revenue: str) -> None:
    answer = cube.load({"measures": ["orders.count", "orders.revenue"]}, token(organization))
    assert answer.body["data"] == [{"orders.count": count, "orders.revenue": revenue}]
