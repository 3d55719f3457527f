"""Forms of answers, and what the stand-in for Cube's addon can't do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.real.cube.clients import Cube, token
from tests.real.cube.server import has_real_addon

pytestmark = pytest.mark.xdist_group("real cube")

BY_STATUS = {"measures": ["orders.count"], "dimensions": ["orders.status"], "order": {"orders.status": "asc"}}


def test_pages_make_up_the_whole_answer(cube: Cube) -> None:
    whole = cube.load({**BY_STATUS, "total": True}, token(1)).body
    pages = [cube.load({**BY_STATUS, "limit": 2, "offset": offset}, token(1)).body["data"] for offset in (0, 2, 4)]
    assert [row for page in pages for row in page] == whole["data"]
    assert int(whole["total"]) == len(whole["data"]) == 5


def test_a_compact_answer_holds_the_same_rows(cube: Cube) -> None:
    compact = cube.load({**BY_STATUS, "responseFormat": "compact"}, token(1)).body["data"]
    rows = [dict(zip(compact["members"], values, strict=True)) for values in compact["dataset"]]
    assert rows == cube.load(BY_STATUS, token(1)).body["data"]


def test_two_periods_are_compared_within_ones_own_rows(cube: Cube) -> None:
    periods = [["2024-10-01", "2024-12-31"], ["2025-01-01", "2025-03-31"]]
    compared = {"dimension": "orders.ordered_at", "compareDateRange": periods}
    query = {"measures": ["orders.count"], "timeDimensions": [compared]}
    answer = cube.post("/cubejs-api/v1/load", {"query": query, "queryType": "multi"}, {"Authorization": token(1)})
    alone = [
        cube.load({**query, "timeDimensions": [{"dimension": "orders.ordered_at", "dateRange": period}]}, token(1))
        for period in periods
    ]
    assert [result["data"][0]["orders.count"] for result in answer.body["results"]] == [
        result.body["data"][0]["orders.count"] for result in alone
    ]


def test_blended_queries_are_each_filtered(cube: Cube) -> None:
    november = {"granularity": "month", "dateRange": ["2024-11-01", "2024-11-30"]}
    queries: list[dict[str, list[Any]]] = [
        {"measures": [f"{name}.count"], "timeDimensions": [{"dimension": f"{name}.ordered_at", **november}]}
        for name in ("orders", "order_items")
    ]
    body = {"query": queries, "queryType": "multi"}
    blended = cube.post("/cubejs-api/v1/load", body, {"Authorization": token(2)}).body["results"]
    for query, result in zip(queries, blended, strict=True):
        [measure] = query["measures"]
        alone = cube.load(query, token(2)).body["data"]
        assert [row[measure] for row in result["data"]] == [row[measure] for row in alone]


@pytest.mark.skipif(has_real_addon(), reason="the real addon can do it")
def test_what_the_stand_in_can_not_do_is_an_error_whose_reason_is_in_the_log(cube: Cube) -> None:
    answer = cube.post("/cubejs-api/v1/cubesql", {"query": "SELECT 1"}, {"Authorization": token(1)})
    assert answer.status == 500
    assert cube.server.logged(answer.body["requestId"])
    assert "stand-in" not in str(answer.body)
