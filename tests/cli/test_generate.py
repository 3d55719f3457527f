from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from floe_cube_infra import generation
from floe_cube_infra.inputs.settings import parse

MODEL = {"model/cubes/customers.yml", "model/cubes/orders.yml"}


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".floe-cube.")
    }


def test_generate_writes_exactly_what_the_stack_ships(run: Callable[..., Any], project: Any) -> None:
    answer = run("generate", "--artifacts", project.artifacts, "--out", project.out)

    shipped = generation.generate(parse({"artifacts": str(project.artifacts), "environment": "local"}, "test"), Path())
    assert shipped is not None
    assert (answer.code, answer.err) == (0, "")
    assert files_in(project.out) == {path: text.encode() for path, text in shipped.files.everything().items()}
    assert {"cube.js", "settings.json", *MODEL} <= files_in(project.out).keys()


def test_a_second_run_leaves_every_file_untouched(run: Callable[..., Any], project: Any) -> None:
    run("generate", "-a", project.artifacts, "-o", project.out)
    before = {path: path.stat().st_mtime_ns for path in project.out.rglob("*") if path.is_file()}

    answer = run("generate", "-a", project.artifacts, "-o", project.out, "--format", "json")

    changes = answer.json["changes"]
    assert (changes["written"], changes["removed"]) == ([], [])
    assert set(changes["untouched"]) == files_in(project.out).keys() == set(answer.json["files"])
    after = {path: path.stat().st_mtime_ns for path in before if path.name != ".floe-cube.lock"}
    assert all(before[path] == time for path, time in after.items())


def test_a_removed_model_goes_from_the_folder(run: Callable[..., Any], project: Any) -> None:
    run("generate", "-a", project.artifacts, "-o", project.out)
    project.write_manifest("orders")

    answer = run("generate", "-a", project.artifacts, "-o", project.out, "--format=json")

    assert "model/cubes/customers.yml" in answer.json["changes"]["removed"]
    assert "model/cubes/orders.yml" in answer.json["changes"]["untouched"]
    assert not any("customers" in path for path in files_in(project.out))


def test_the_last_line_says_what_was_done(run: Callable[..., Any], project: Any) -> None:
    first = run("generate", "-a", project.artifacts, "-o", "out").out.splitlines()
    second = run("generate", "-a", project.artifacts, "-o", "out").out.splitlines()

    assert first[-2].startswith("2 models, 6 columns, 2 cubes, ")
    count = len(files_in(Path("out")))
    assert first[-1] == f"out: {count} written, 0 removed, 0 untouched."
    assert second[-1] == f"out: 0 written, 0 removed, {count} untouched."


@pytest.mark.parametrize("name", ["a" * 100, "[red]", "[/red]", ":key:"])
def test_the_folder_is_told_as_it_is_called(run: Callable[..., Any], project: Any, name: str) -> None:
    outs = [run("generate", "-a", project.artifacts, "-o", f"{name}/{number}").out for number in range(2)]

    assert all(f"{name}/{number}: " in out.splitlines()[-1] for number, out in enumerate(outs))


@pytest.mark.parametrize("damage", ["cut", "missing", "artifacts", "strict", "foreign"])
def test_a_failing_run_leaves_the_former_output_as_it_was(run: Callable[..., Any], project: Any, damage: str) -> None:
    assert run("generate", "-a", project.artifacts, "-o", project.out).code == 0
    if damage == "cut":
        project.manifest.write_bytes(project.manifest.read_bytes()[:-20])
    elif damage == "missing":
        project.manifest.unlink()
    elif damage == "artifacts":
        project.artifacts.write_text("{}")
    elif damage == "strict":
        project.add_a_warning()
    else:
        project.write_manifest("orders", "customers", "returns")
        (project.out / "model" / "cubes" / "returns.yml").write_text("by hand")
    before = files_in(project.out)

    answer = run("generate", "-a", project.artifacts, "-o", project.out, "--strict")

    assert answer.code == 1
    assert answer.err.startswith("Error: ")
    assert files_in(project.out) == before


def test_strict_takes_warnings_for_errors_and_changes_nothing_else(run: Callable[..., Any], project: Any) -> None:
    assert run("generate", "-a", project.artifacts, "-o", project.out, "--strict").code == 0
    project.add_a_warning()

    relaxed = run("generate", "-a", project.artifacts, "-o", project.out)
    strict = run("generate", "-a", project.artifacts, "-o", project.out, "--strict")

    assert (relaxed.code, strict.code) == (0, 1)
    assert "warning: model.shop.bare (models/bare.sql): " in relaxed.out
    assert strict.err.startswith("Error: 1 warning(s), which --strict takes for errors:\n  - model.shop.bare ")


@pytest.mark.parametrize("style", ["text", "json"])
def test_with_consumption_off_nothing_is_written(run: Callable[..., Any], project: Any, style: str) -> None:
    project.write_artifacts({"enabled": False})
    project.manifest.unlink()

    answer = run("generate", "-a", project.artifacts, "-o", project.out, "--format", style)

    assert answer.code == 0
    assert not project.out.exists()
    if style == "json":
        assert answer.json == {"ok": True, "enabled": False}
    else:
        assert answer.out == "consumption.enabled is false in the artifacts: nothing to generate.\n"


def test_what_is_given_beside_a_stack_file_comes_first(run: Callable[..., Any], project: Any) -> None:
    other = project.folder / "other.json"
    other.write_bytes(project.manifest.read_bytes())
    project.manifest.unlink()
    stack = project.folder / "Pulumi.dev.yaml"
    stack.write_text(
        f"config:\n  floe-cube-infra:environment: dev\n  floe-cube-infra:artifacts: {project.artifacts}\n"
        "  floe-cube-infra:api: {sqlApi: shared}\n"
    )

    answer = run("generate", "-s", stack, "-m", other, "-o", project.out)

    assert answer.code == 0
    assert json.loads((project.out / "settings.json").read_text())


def test_the_sample_project_is_generated(run: Callable[..., Any], project: Any) -> None:
    shop = Path(__file__).parents[2] / "examples" / "shop"

    catalog = shop / "target" / "catalog.json"
    answer = run("generate", "-a", shop / "compiled_artifacts.json", "-c", catalog, "-o", project.out)

    assert answer.code == 0
    assert {"cube.js", "settings.json", "model/cubes/orders.yml"} <= files_in(project.out).keys()
