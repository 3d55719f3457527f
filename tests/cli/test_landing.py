"""`floe-cube landing`, against what stands in for Cube."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Answer
from tests.landing.conftest import MODEL, OUTPUTS, TOKEN, StandIn, cube, new_cube, told

__all__ = ["cube", "new_cube"]  # fixtures

Run = Callable[..., Answer]


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    path = tmp_path / "outputs.json"
    path.write_text(json.dumps(OUTPUTS))
    return path


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOE_CUBE_TOKEN", TOKEN)


def test_a_stack_that_has_landed_is_told_as_text(run: Run, cube: StandIn, outputs: Path) -> None:
    answer = run("landing", "--outputs", outputs, "--url", cube.url)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines() == [
        "passed    /readyz            Cube finds its database",
        f"passed    model              {MODEL}",
        "passed    REST               orders.count",
        "passed    GraphQL            orders.count",
        "left out  SQL over HTTP      the SQL API is off, or each organization has its own",
        "left out  SQL over Postgres  the SQL API is off, or each organization has its own",
        f"{cube.url.removeprefix('http://')} serves the model {MODEL}.",
    ]


def test_one_that_has_not_ends_with_1_and_says_what_it_waited_for(run: Run, cube: StandIn, outputs: Path) -> None:
    cube.answers["/cubejs-api/v1/meta"] = [told(version="0123456789")]
    answer = run("landing", "--outputs", outputs, "--url", cube.url, "--timeout", 1.5, "--format", "json")
    assert answer.code == 1
    assert answer.err.startswith("waiting (0 of 2 s): model: 0123456789 answers")
    assert (answer.json["ok"], answer.json["modelVersion"]) == (False, MODEL)
    assert answer.json["checks"][-1]["state"] == "failed"


def test_markdown_is_a_table(run: Run, cube: StandIn, outputs: Path) -> None:
    answer = run("landing", "--outputs", outputs, "--url", cube.url, "--format", "markdown")
    assert "| passed | REST | orders.count |" in answer.out.splitlines()


def test_what_cant_be_checked_ends_with_2(
    run: Run, cube: StandIn, outputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("landing").code == 2
    assert run("landing", "--outputs", "nowhere.json").code == 2
    monkeypatch.setenv("FLOE_CUBE_TOKEN", "hunter2")
    wrong = run("landing", "--outputs", outputs, "--url", cube.url)
    assert (wrong.code, "hunter2" in wrong.err) == (2, False)
    monkeypatch.delenv("FLOE_CUBE_TOKEN")
    without = run("landing", "--outputs", outputs, "--url", cube.url)
    assert without.code == 2
    assert "floe-cube token" in without.err
    assert cube.asked == []


def test_the_token_is_never_shown(run: Run, cube: StandIn, outputs: Path) -> None:
    cube.answers["/cubejs-api/v1/load"] = told(500, {"error": f"Bearer {TOKEN} was wrong"})
    answer = run("landing", "--outputs", outputs, "--url", cube.url, "--timeout", 0)
    assert answer.code == 1
    assert TOKEN not in answer.out + answer.err
