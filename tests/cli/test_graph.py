"""`floe-cube graph` on the sample shop."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from floe_cube_infra.cli import graph as command
from tests.cli.conftest import RENEW, Answer
from tools.shop_database import SHOP

DOCUMENTED = Path(__file__).parents[2] / "docs" / "shop-model.svg"
ARTIFACTS = ("-a", SHOP / "compiled_artifacts.json")


def test_the_model_is_drawn_into_a_file(run: Callable[..., Answer], tmp_path: Path) -> None:
    picture = tmp_path / "model.svg"

    answer = run("graph", *ARTIFACTS, "--out", picture)

    assert answer.out == f"{picture}: 18 of 18 cubes and views, 13 joins.\n"
    assert ElementTree.fromstring(picture.read_text()).get("role") == "img"
    assert list(tmp_path.iterdir()) == [picture]


def test_only_what_is_around_a_cube_is_drawn(run: Callable[..., Answer]) -> None:
    document = run("graph", *ARTIFACTS, "--focus", "customers", "--format", "json").json

    names = [node["name"] for node in document["nodes"]]
    assert names == ["addresses", "customers", "order_overview", "orders", "organizations"]
    assert document["joins"][1] == {
        "cube": "customers",
        "to": "organizations",
        "relationship": "many_to_one",
        "mark": None,
    }


@pytest.mark.parametrize(("form", "start"), [("svg", "<svg "), ("mermaid", "flowchart LR"), ("dot", "digraph ")])
def test_every_format_comes_on_standard_output(run: Callable[..., Answer], form: str, start: str) -> None:
    assert run("graph", *ARTIFACTS, "--format", form).out.startswith(start)


def test_a_cube_that_is_not_there_is_told_with_one_that_is(run: Callable[..., Answer]) -> None:
    answer = run("graph", *ARTIFACTS, "--focus", "order", "--focus", "x")

    assert answer.code == 1
    assert "order is no cube or view here; is orders meant?" in answer.err
    assert "x is no cube or view here" in answer.err


def test_more_than_mermaid_draws_is_refused_with_the_ways_out(
    run: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "MOST_LINES", 5)

    answer = run("graph", *ARTIFACTS, "--format", "mermaid")

    assert answer.code == 1
    assert "Mermaid draws 5 at most: draw a part with --focus, or all of it with --format svg." in answer.err


def test_a_file_that_cannot_be_written_is_a_sentence(run: Callable[..., Answer], tmp_path: Path) -> None:
    answer = run("graph", *ARTIFACTS, "--out", tmp_path / "nowhere" / "model.svg")

    assert answer.code == 1
    assert "can't be written: No such file or directory." in answer.err


def test_a_layer_that_is_switched_off_has_nothing_to_draw(run: Callable[..., Answer], tmp_path: Path) -> None:
    document = json.loads((SHOP / "compiled_artifacts.json").read_text())
    document["consumption"]["enabled"] = False
    off = tmp_path / "off.json"
    off.write_text(json.dumps(document))

    assert "there is nothing to draw" in run("graph", "-a", off).out
    assert run("graph", "-a", off, "--format", "json").json == {"ok": True, "enabled": False}


def test_the_picture_in_the_documentation_is_the_one_that_is_drawn(run: Callable[..., Answer], tmp_path: Path) -> None:
    run("graph", *ARTIFACTS, "--out", tmp_path / "shop-model.svg")
    stored, drawn = DOCUMENTED.read_text(), (tmp_path / "shop-model.svg").read_text()
    if os.environ.get(RENEW):
        DOCUMENTED.write_text(drawn)

    assert os.environ.get(RENEW) or drawn == stored, f"renew it with {RENEW}=1"
