"""`floe-cube explain` on the sample shop."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Answer
from tools.shop_database import SHOP

QUERY = {"measures": ["orders.count"], "dimensions": ["orders.is_gift"]}
ARTIFACTS = str(SHOP / "compiled_artifacts.json")


@pytest.fixture
def query(tmp_path: Path) -> Path:
    path = tmp_path / "query.json"
    path.write_text(json.dumps(QUERY))
    return path


def test_a_query_is_explained_in_sentences(run: Callable[..., Answer], query: Path) -> None:
    answer = run("explain", query, "-a", ARTIFACTS)

    assert answer.code == 0
    assert answer.out.splitlines() == [
        "No rollup answers it: the source tables do.",
        "orders.revenue_by_day does not:",
        "  - it lacks the dimension orders.is_gift",
    ]


def test_a_query_is_explained_as_json(run: Callable[..., Answer], query: Path) -> None:
    document = run("explain", query, "-a", ARTIFACTS, "--format", "json").json

    assert document["servedBy"] is None
    [rollup] = document["rollups"]
    assert (rollup["rollup"], rollup["reasons"][0]["kind"]) == ("orders.revenue_by_day", "missing_dimension")


def test_a_query_comes_by_input_as_well(run: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch) -> None:
    text = json.dumps({"query": {"measures": ["order_overview.count"], "timezone": "Asia/Tokyo"}})
    monkeypatch.setattr("sys.stdin", io.StringIO(text))

    first, note = run("explain", "-", "-a", ARTIFACTS).out.splitlines()

    assert first == "orders.revenue_by_day would answer it."
    assert "rollups are built for UTC, not for Asia/Tokyo: the source tables do; ask in a zone" in note


def test_what_no_rollup_answers_is_refused_where_rollups_alone_may(
    run: Callable[..., Answer], query: Path, tmp_path: Path
) -> None:
    stack = tmp_path / "Pulumi.dev.yaml"
    settings = {"environment": "dev", "artifacts": ARTIFACTS, "api": {"rollupOnly": True}}
    stack.write_text(json.dumps({"config": {f"floe-cube-infra:{key}": value for key, value in settings.items()}}))

    assert run("explain", query, "-s", stack).out.startswith("No rollup answers it: it is refused (api.rollupOnly).")


def test_a_file_that_is_not_there_is_a_sentence(run: Callable[..., Answer], tmp_path: Path) -> None:
    answer = run("explain", tmp_path / "none.json", "-a", ARTIFACTS)

    assert answer.code == 1
    assert "can't be read: No such file or directory. Give a JSON file, or - for input." in answer.err


def test_a_member_that_is_not_there_is_a_sentence(run: Callable[..., Answer], query: Path) -> None:
    query.write_text(json.dumps({"measures": ["orders.nope"]}))

    answer = run("explain", query, "-a", ARTIFACTS, "--format", "json")

    assert answer.code == 1
    assert answer.json["error"]["summary"] == "The query names what the model doesn't have:"
