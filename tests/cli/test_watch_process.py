"""A real `floe-cube watch` beside someone who edits, in every way in which dbt and editors write."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.watching import Shop, Watching

pytestmark = pytest.mark.real


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop.copy_to(tmp_path / "shop")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def watching(shop: Shop, out: Path, tmp_path: Path) -> Iterator[Watching]:
    arguments: list[str | Path] = [
        "-a",
        shop.artifacts,
        "-c",
        shop.target / "catalog.json",
        "-o",
        out,
        "--format",
        "json",
    ]
    with Watching(*arguments, "--debounce", "0.2", cwd=tmp_path) as watching:
        first = watching.run()
        assert (first["status"], first["changes"]) == ("generated", None)
        assert first["counts"]["cubes"] > 10
        assert len(first["files"]["written"]) == first["counts"]["files"]
        yield watching
        assert watching.stop() == 0
        assert (watching.left(), watching.errors) == ([], "")


def status_changed(run: dict[str, Any]) -> bool:
    """Whether the description of orders.status is all that changed."""
    dimension = {"change": "changed", "kind": "dimension", "name": "status", "fields": ["description"]}
    orders = {"change": "changed", "kind": "cube", "name": "orders", "fields": [], "members": [dimension]}
    return bool(run["status"] == "generated" and run["changes"] == [orders])


def written(out: Path) -> dict[Path, tuple[str, int]]:
    """The folder's files, with their texts and times."""
    return {path: (path.read_text(), path.stat().st_mtime_ns) for path in out.rglob("*") if path.is_file()}


def test_a_replaced_manifest_and_one_written_in_place_are_generated(watching: Watching, shop: Shop, out: Path) -> None:
    shop.replace(shop.edited("How far it is."))
    run = watching.run()
    assert status_changed(run)
    assert run["files"]["written"] == ["model/cubes/orders.yml"]
    assert "How far it is." in (out / "model/cubes/orders.yml").read_text()

    shop.manifest.write_text(shop.edited("How far it has come."))
    assert status_changed(watching.run())
    assert "How far it has come." in (out / "model/cubes/orders.yml").read_text()


def test_a_half_written_manifest_is_waited_for_and_that_is_said_once(watching: Watching, shop: Shop, out: Path) -> None:
    before = written(out)
    whole = shop.edited("How far it is.")
    with shop.manifest.open("w") as stream:
        for start in range(0, 30_000, 10_000):
            stream.write(whole[start : start + 10_000])
            stream.flush()
            if start == 0:
                run = watching.run()
                assert run["status"] == "waiting"
                assert run["message"] == f"waiting for dbt to finish writing {shop.manifest}"
        assert written(out) == before
        stream.write(whole[30_000:])

    assert status_changed(watching.run())


def test_dbt_clean_is_waited_for(watching: Watching, shop: Shop, out: Path) -> None:
    before = written(out)
    shutil.rmtree(shop.target)
    run = watching.run()
    assert (run["status"], run["message"]) == ("waiting", f"waiting for dbt to write {shop.manifest}")
    assert written(out) == before

    new = Shop.copy_to(shop.folder.parent / "new")
    new.manifest.write_text(shop.edited("How far it is."))
    new.target.rename(shop.target)
    assert status_changed(watching.run())

    shop.replace(shop.edited("How far it has come."))
    assert status_changed(watching.run())


def test_a_wrong_manifest_is_an_error_that_leaves_all_as_it_was(watching: Watching, shop: Shop, out: Path) -> None:
    before = written(out)
    shop.replace('{"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v7.json"}, "nodes": {}}')
    run = watching.run()
    assert run["status"] == "failed"
    assert "schema v7" in run["error"]["summary"]
    assert written(out) == before

    shop.replace(shop.edited("How far it is."))
    assert status_changed(watching.run())


def test_changed_artifacts_and_where_they_say_the_manifest_is_are_followed(watching: Watching, shop: Shop) -> None:
    shop.artifacts.write_text(shop.artifacts.read_text().replace("target/manifest.json", "elsewhere/manifest.json"))
    run = watching.run()
    assert run["message"] == f"waiting for dbt to write {shop.folder / 'elsewhere' / 'manifest.json'}"

    (shop.folder / "elsewhere").mkdir()
    (shop.folder / "elsewhere" / "manifest.json").write_text(shop.edited("How far it is."))
    assert status_changed(watching.run())

    shop.artifacts.write_text(shop.artifacts.read_text().replace('"row_level": true', '"row_level": false'))
    assert "settings.json" in watching.run()["files"]["written"]

    shop.artifacts.write_text(shop.artifacts.read_text().replace('"enabled": true', '"enabled": false', 1))
    assert watching.run()["status"] == "disabled"


def test_a_model_that_is_gone_is_said_to_be_and_so_are_its_files(watching: Watching, shop: Shop, out: Path) -> None:
    gone = "model.shop.time_spine_day"
    manifest = json.loads(shop.edited("How far it is."))
    del manifest["nodes"][gone]
    shop.replace(json.dumps(manifest))

    run = watching.run()

    assert [(item["name"], item["change"]) for item in run["changes"]] == [
        ("orders", "changed"),
        ("time_spine_day", "removed"),
    ]
    assert sorted(run["files"]["removed"]) == [
        "model/cubes/time_spine_day.access.json",
        "model/cubes/time_spine_day.yml",
    ]
    assert not (out / "model/cubes/time_spine_day.yml").exists()


def test_an_out_folder_in_which_files_are_in_the_way_fails_and_is_tried_again(shop: Shop, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "cube.js").write_text("by hand")
    with Watching("-a", shop.artifacts, "-o", out, "--format", "json", cwd=tmp_path) as watching:
        assert "cube.js" in watching.run()["error"]["summary"]
        (out / "cube.js").unlink()
        shop.replace(shop.edited("How far it is."))
        assert watching.run()["status"] == "generated"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_people_read_what_changed_and_end_it_with_ctrl_c(shop: Shop, tmp_path: Path, number: signal.Signals) -> None:
    with Watching("-a", "shop/compiled_artifacts.json", "-o", "out", cwd=tmp_path) as watching:
        assert watching.line() == "Watching the inputs; Ctrl-C ends."
        assert " generated in " in watching.line()
        assert " cubes, " in watching.line()

        shop.replace(shop.edited("How far it is."))
        lines = watching.lines_until(lambda line: line == "  orders: ~ dimension status (description)")
        assert lines[-2].endswith(" untouched.")
        assert lines[-2][2::3][:2] == "::"

        shop.replace('{"metadata": {}, "nodes": {}}')
        assert watching.line().endswith("out stays as it was.")
        assert watching.stop(number) == 0
        assert watching.left() == []
        assert watching.errors.startswith(f"Error: {tmp_path}/shop/")
        assert "Traceback" not in watching.errors


def test_a_stack_file_is_watched_too_and_may_be_wrong_at_first(shop: Shop, tmp_path: Path) -> None:
    stack_file = tmp_path / "Pulumi.local.yaml"
    stack_file.write_text("config:\n  floe-cube-infra:environment: none\n")
    with Watching("-s", "Pulumi.local.yaml", "-o", "out", "--format", "json", cwd=tmp_path) as watching:
        assert watching.run()["error"]["summary"].startswith("The settings in Pulumi.local.yaml are wrong")
        stack_file.write_text(
            f"config:\n  floe-cube-infra:environment: local\n  floe-cube-infra:artifacts: {shop.artifacts}\n"
        )
        run = watching.run()
        assert (run["status"], run["changes"]) == ("generated", None)
        shop.replace(shop.edited("How far it is."))
        assert status_changed(watching.run())
