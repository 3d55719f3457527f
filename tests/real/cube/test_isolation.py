"""Three organizations at once, by REST and by GraphQL: nothing of one is in an answer to another."""

from __future__ import annotations

import random

import pytest

from tests.real.cube.clients import Cube
from tests.real.cube.survey import ORGANIZATIONS, TOKENS, at_once

pytestmark = pytest.mark.xdist_group("real cube")

ROUNDS = 40
QUERY = {"measures": ["orders.count", "orders.revenue"], "dimensions": ["orders.organization_id"]}
DOCUMENT = "{ cube { orders { count revenue organization_id } } }"


def _seen(cube: Cube, organization: int, api: str) -> tuple[float, ...]:
    if api == "rest":
        [row] = cube.load(QUERY, TOKENS[organization]).body["data"]
        return tuple(float(row[f"orders.{name}"]) for name in ("organization_id", "count", "revenue"))
    [answer] = cube.graphql(DOCUMENT, TOKENS[organization]).body["data"]["cube"]
    return tuple(float(answer["orders"][name]) for name in ("organization_id", "count", "revenue"))


def test_organizations_that_ask_at_once_see_just_their_own_rows(cube: Cube) -> None:
    right = {1: (1.0, 123.0, 100697.02), 2: (2.0, 79.0, 44139.70), 3: (3.0, 48.0, 49535.36)}
    asked = [(organization, api) for organization in ORGANIZATIONS for api in ("rest", "graphql")] * ROUNDS
    random.Random(1).shuffle(asked)
    answers = at_once(lambda one: _seen(cube, *one), asked)
    wrong = [(one, answer) for one, answer in zip(asked, answers, strict=True) if answer != right[one[0]]]
    assert wrong == []
