"""The same questions by what Cube hands its SQL API: whole queries, and SQL that is pushed down to the database."""

from __future__ import annotations

import pytest

from tests.real.cube.clients import Cube, token
from tests.real.cube.pushdown import expression, pushdown_questions
from tests.real.cube.questions import Cube as CubeMeta
from tests.real.cube.server import has_real_addon
from tests.real.cube.survey import (
    TOKENS,
    Asked,
    at_once,
    by_sql,
    require_right_answers,
    rotated,
    settle,
)
from tools.postgres import Postgres

pytestmark = [
    pytest.mark.xdist_group("real cube"),
    pytest.mark.skipif(has_real_addon(), reason="the real addon doesn't give its callbacks away: see test_sql_wire.py"),
]


@pytest.fixture(scope="module")
def pushed(described: list[CubeMeta], unguarded: Cube, postgres: Postgres) -> list[Asked]:
    """Questions with expressions, with the answers that PostgreSQL itself gives."""
    found = pushdown_questions(described)
    planned = at_once(lambda question: unguarded.sql_callback(TOKENS[1], pushdown=question.query), found)
    for question, plan in zip(found, planned, strict=True):
        assert plan.status == 200, f"{question}: {plan.error}"
    names = [
        {"sql": plan.body["sql"], "aliasNameToMember": {each: each for each in plan.body["members"]}}
        for plan in planned
    ]
    return settle(postgres, list(zip(found, names, strict=True)))


def test_each_organization_sees_just_its_own_rows_in_whole_queries(cube: Cube, asked: list[Asked]) -> None:
    require_right_answers(rotated(asked), by_sql(cube))


def test_each_organization_sees_just_its_own_rows_in_pushed_down_sql(cube: Cube, pushed: list[Asked]) -> None:
    assert len(pushed) > 150
    require_right_answers(rotated(pushed), by_sql(cube, "pushdown"))


def test_most_pushed_down_answers_would_differ_if_all_rows_were_seen(pushed: list[Asked]) -> None:
    telling = [one for one in pushed if all(bag != one.of_all for bag in one.own.values())]
    assert len(telling) > 0.8 * len(pushed)


def test_without_the_claim_nobody_logs_in(cube: Cube) -> None:
    answer = cube.sql_callback(token(None), load={"measures": ["orders.count"]})
    assert (answer.status, answer.sentence) == (400, "The token lacks a usable claim u.organization_id.")


def test_a_login_under_another_name_than_the_tokens_is_refused(cube: Cube) -> None:
    answer = cube.sql_callback(TOKENS[1], user="eve", load={"measures": ["orders.count"]})
    assert (answer.status, answer.sentence) == (400, "The SQL login is refused.")


def test_nobody_becomes_somebody_else(cube: Cube) -> None:
    for what in ({"changeUser": "eve", "load": {"measures": ["orders.count"]}}, {"setUser": "eve"}):
        answer = cube.sql_callback(TOKENS[1], **what)
        assert (answer.status, answer.sentence) == (400, "Nobody can become another user.")


def test_a_session_whose_password_is_forgotten_keeps_its_rights(cube: Cube) -> None:
    bearer = token(2, sub="grace")
    answer = cube.sql_callback(bearer, user="grace", renew=True, load={"measures": ["orders.count"]})
    assert answer.body["columns"] == [["79"]]


def test_a_renewal_is_refused_where_one_user_had_two_organizations(cube: Cube) -> None:
    for organization in (1, 2):
        answer = cube.sql_callback(
            token(organization, sub="mallory"), user="mallory", load={"measures": ["orders.count"]}
        )
        assert answer.status == 200
    renewed = cube.sql_callback(
        token(1, sub="mallory"), user="mallory", renew=True, load={"measures": ["orders.count"]}
    )
    assert (renewed.status, renewed.sentence) == (400, "The SQL login is refused.")


@pytest.mark.parametrize(
    "sql", ["${[orders.count][0]}", "${orders['count']}", "${customers.count}", "${orders.count}` + `1"]
)
def test_code_in_the_place_of_sql_is_refused(cube: Cube, sql: str) -> None:
    answer = cube.sql_callback(TOKENS[1], pushdown={"measures": [expression("orders", "x", sql)]})
    assert answer.status == 400
    assert "sql" not in answer.body


def test_the_catalog_has_no_hidden_member(cube: Cube) -> None:
    answer = cube.sql_callback(TOKENS[1], meta=True)
    members = [member for each in answer.body["cubes"] for member in each["dimensions"]]
    visible = {member["name"] for member in members if member["isVisible"]}
    assert "customers.loyalty_tier" in visible
    assert not visible & {"customers.email", "customers.full_name", "addresses.street", "payments_v1.amount"}
