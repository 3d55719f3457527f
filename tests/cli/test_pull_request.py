"""`floe-cube report`, as workflows call it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

GENERATED = Path(__file__).parents[1] / "snapshots" / "shop"
PREVIEW = '{"steps": [], "diagnostics": []}'

SVG = "{http://www.w3.org/2000/svg}"

Run = Callable[..., Any]


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The shop's generated files with another title."""
    folder = tmp_path / "changed"
    shutil.copytree(GENERATED, folder)
    orders = folder / "model" / "cubes" / "orders.yml"
    orders.write_text(orders.read_text().replace("title: Orders\n", "title: Purchases\n", 1))
    return folder


def test_what_diff_wrote_reads_as_what_is_compared_at_once(run: Run, changed: Path, tmp_path: Path) -> None:
    (tmp_path / "diff.json").write_text(run("diff", GENERATED, changed, "--format", "json").out)
    (tmp_path / "preview.json").write_text(PREVIEW)

    of_file = run("report", "--diff", "model=diff.json", "--preview", "model=preview.json")
    at_once = run("report", GENERATED, changed, "--preview", "model=preview.json")

    assert of_file.code == 0
    assert "```mermaid" in of_file.out
    assert of_file.out == at_once.out
    assert "| model | 1 cosmetic | unchanged |" in of_file.out


def test_the_picture_is_a_file_for_the_workflow_to_keep_and_link_to(run: Run, changed: Path, tmp_path: Path) -> None:
    (tmp_path / "diff.json").write_text(run("diff", GENERATED, changed, "--format", "json").out)
    link = ("--link", "picture=https://ci.example.com/runs/7/picture.svg")

    answer = run("report", "--diff", "prod=diff.json", "--diff", "dev=diff.json", "--picture", "picture.svg", *link)
    unchanged = run("report", GENERATED, GENERATED, "--picture", "nothing.svg")

    texts = [text.text for text in ElementTree.fromstring((tmp_path / "picture.svg").read_text()).iter(f"{SVG}text")]
    assert "[picture](<https://ci.example.com/runs/7/picture.svg>)" in answer.out
    assert {"prod, dev: what changes, and around it", "changed: cosmetic", "orders", "customers"} <= set(texts)
    assert unchanged.code == 0
    assert "Nothing changes for those who query" in (tmp_path / "nothing.svg").read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        ([], 2, "there is nothing to tell of"),
        (["--preview", "a=preview.json", "--link", "run=http://a.example"], 2, "give a title and an address by https"),
        (["--preview", "a=preview.json", "--link", "https://a.example"], 2, "give a title and an address by https"),
        (["old"], 2, "give OLD and NEW, or neither"),
        (["--preview", "file.json"], 2, "give an environment and a file, such as prod=prod.json"),
        (["--preview", "a=preview.json", "--preview", "a=preview.json"], 2, "was given twice"),
        (["--preview", "prod=none.json"], 1, "none.json can't be read: No such file or directory."),
        (["--preview", "prod=wrong.json"], 1, "wrong.json is no preview: write it with `pulumi preview --json"),
        (["--diff", "prod=wrong.json"], 1, "wrong.json is no comparison: write it with `floe-cube diff OLD NEW"),
    ],
)
def test_what_is_wrong_is_told_with_its_mend(
    run: Run, tmp_path: Path, arguments: list[str], code: int, sentence: str
) -> None:
    (tmp_path / "preview.json").write_text(PREVIEW)
    (tmp_path / "wrong.json").write_text("[]")

    answer = run("report", *arguments)

    assert (answer.code, answer.out) == (code, "")
    assert sentence in " ".join(answer.err.split())
