"""`floe-cube diff`, as it is used in a pull request."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from floe_cube_infra.cli.app import app

ROOT = Path(__file__).parents[2]
GENERATED = ROOT / "tests" / "snapshots" / "shop"
SHOP = ROOT / "examples" / "shop"


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["diff", *map(str, arguments)])
    return result.exit_code, result.output


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The shop's generated files with a measure less, and a title more."""
    folder = tmp_path / "changed"
    shutil.copytree(GENERATED, folder)
    orders = folder / "model" / "cubes" / "orders.yml"
    text = orders.read_text().replace("title: Orders\n", "title: Purchases\n", 1)
    without = text.replace("      - name: buyers\n        type: count_distinct\n        sql: customer_id\n", "")
    orders.write_text(without.replace("        title: Customers who ordered\n", ""))
    return folder


def test_a_folder_is_compared_with_a_folder(changed: Path) -> None:
    code, told = run(GENERATED, changed)

    assert code == 0
    assert told.splitlines() == [
        "Breaks queries (1)",
        "  measure orders.buyers removed  [model.shop.orders (models/marts/orders.sql)]",
        "Cosmetic, or only faster or slower (1)",
        "  cube orders: title changed from Orders to Purchases  [model.shop.orders (models/marts/orders.sql)]",
    ]


def test_as_markdown_names_stay_text(changed: Path) -> None:
    _, told = run(GENERATED, changed, "--format", "markdown")

    assert "#### Breaks queries (1)" in told
    assert "<details><summary>Cosmetic" in told
    assert "| measure orders.buyers removed | model.shop.orders (models/marts/orders.sql) |" in told


def test_as_json_it_is_for_machines(changed: Path) -> None:
    _, told = run(GENERATED, changed, "--format", "json")

    document = json.loads(told)
    assert document["counts"] == {"breaks": 1, "cosmetic": 1}
    assert document["changes"][0]["name"] == "orders.buyers"


@pytest.mark.parametrize(("fail_on", "code"), [("breaking", 1), ("security", 0)])
def test_what_must_not_pass_ends_with_1(changed: Path, fail_on: str, code: int) -> None:
    assert run(GENERATED, changed, "--fail-on", fail_on)[0] == code
    assert run(GENERATED, GENERATED, "--fail-on", fail_on)[0] == 0


def test_two_manifests_are_compared_by_what_becomes_of_them(tmp_path: Path) -> None:
    manifest = json.loads((SHOP / "target" / "manifest.json").read_text())
    manifest["nodes"]["model.shop.orders"]["description"] = "Something else."
    other = tmp_path / "manifest.json"
    other.write_text(json.dumps(manifest))
    given = ("--artifacts", SHOP / "compiled_artifacts.json")

    code, told = run(SHOP / "target" / "manifest.json", other, *given)

    assert code == 0, told
    assert "cube orders: description changed from One row per order, with its amount. to Something else." in told


@pytest.fixture
def owned(tmp_path: Path) -> tuple[Path, Path]:
    """The shop's manifest with owners, and the same with another description."""
    manifest = json.loads((SHOP / "target" / "manifest.json").read_text())
    manifest["groups"] = {
        "group.shop.sales": {
            "name": "sales",
            "package_name": "shop",
            "owner": {"name": "@sales team", "email": ["sales@example.com", "b@example.com"], "slack": "#sales"},
        }
    }
    orders = manifest["nodes"]["model.shop.orders"]
    orders["config"]["group"] = "sales"
    orders["config"]["meta"] = {**orders["config"].get("meta", {}), "owner": "Jo"}
    (tmp_path / "before.json").write_text(json.dumps(manifest))
    orders["description"] = "Something else."
    (tmp_path / "after.json").write_text(json.dumps(manifest))
    return tmp_path / "before.json", tmp_path / "after.json"


ASKED = "ask: Jo; @sales team <sales@example.com, b@example.com>; Analytics <analytics@example.com>"


def test_whom_to_ask_is_told_with_each_change(owned: tuple[Path, Path]) -> None:
    given = ("--artifacts", SHOP / "compiled_artifacts.json")

    _, text = run(*owned, *given)
    _, markdown = run(*owned, *given, "--format", "markdown")
    _, document = run(*owned, *given, "--format", "json")

    assert text.splitlines()[1].endswith(f"[model.shop.orders (models/marts/orders.sql)]  {ASKED}")
    assert "| what | dbt | ask |" in markdown
    assert "Jo; &#64;&#8203;sales team &#60;sales&#64;&#8203;example.com" in markdown
    assert json.loads(document)["changes"][0]["owners"][1] == {
        "name": "@sales team",
        "emails": ["sales@example.com", "b@example.com"],
        "origin": "group sales",
    }


def test_folders_keep_whom_to_ask_beside_what_the_stack_ships(owned: tuple[Path, Path], tmp_path: Path) -> None:
    for manifest in owned:
        given = ["-a", SHOP / "compiled_artifacts.json", "-m", manifest, "--out", tmp_path / manifest.stem]
        assert CliRunner().invoke(app, ["generate", *map(str, given)]).exit_code == 0

    _, told = run(tmp_path / "before", tmp_path / "after")
    (tmp_path / "after" / "owners.json").write_text("[]")
    damaged = run(tmp_path / "before", tmp_path / "after")

    assert told.splitlines()[1].endswith(ASKED)
    assert damaged[0] == 1
    assert "owners.json is no JSON that floe-cube has written: generate it anew." in damaged[1]


def test_two_revisions_are_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(SHOP, tmp_path / "examples" / "shop")
    (tmp_path / "stacks").mkdir()
    shutil.copy(ROOT / "stacks" / "Pulumi.prod.yaml", tmp_path / "stacks")
    monkeypatch.chdir(tmp_path)
    who = {f"GIT_{role}_{what}": "test@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    for command in (("init", "-q"), ("add", "-A", "-f"), ("commit", "-q", "-m", "before")):
        subprocess.run(["git", *command], check=True, env={**os.environ, **who})
    stack = tmp_path / "stacks" / "Pulumi.prod.yaml"
    stack.write_text(stack.read_text().replace("sqlApi: shared", "sqlApi: off"))

    code, told = run("HEAD:stacks/Pulumi.prod.yaml", "stacks/Pulumi.prod.yaml")
    unknown = run("no-such-revision:stacks/Pulumi.prod.yaml", "stacks/Pulumi.prod.yaml")

    assert code == 0, told
    assert told.splitlines() == ["Breaks queries (1)", "  setting settings: sqlApi changed from shared to off"]
    assert unknown[0] == 1
    assert "git doesn't give no-such-revision" in unknown[1]


def test_what_cant_be_compared_is_told_with_what_can(tmp_path: Path) -> None:
    code, told = run("nothing", GENERATED)
    empty = run(tmp_path, GENERATED)

    assert (code, empty[0]) == (1, 1)
    assert "nothing can't be compared: allowed is a folder that `floe-cube generate` wrote" in told
    assert "holds no settings.json" in empty[1]
