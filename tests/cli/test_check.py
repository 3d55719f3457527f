from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def key_names(value: object, place: str = "") -> set[str]:
    """The place of every key in a document; a list's items share one place."""
    if isinstance(value, dict):
        found = {f"{place}.{key}".lstrip(".") for key in value}
        return found.union(*(key_names(child, f"{place}.{key}") for key, child in value.items()))
    if isinstance(value, list):
        return set().union(*(key_names(child, f"{place}[]") for child in value))
    return set()


def everything_in(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_check_says_what_is_doubtful_and_how_much_there_is(run: Callable[..., Any], project: Any) -> None:
    project.add_a_warning()

    answer = run("check", "-a", project.artifacts)

    warning, counts = answer.out.splitlines()
    assert (answer.code, answer.err) == (0, "")
    assert warning.startswith("warning: model.shop.bare (models/bare.sql): has no columns")
    assert counts.startswith("3 models, 6 columns, 2 cubes, ")


@pytest.mark.parametrize("style", ["text", "json"])
def test_check_writes_nothing(run: Callable[..., Any], project: Any, tmp_path: Path, style: str) -> None:
    before = everything_in(tmp_path)

    assert run("check", "-a", project.artifacts, "--format", style).code == 0
    assert everything_in(tmp_path) == before


@pytest.mark.parametrize("command", ["check", "generate"])
def test_the_answer_for_machines_has_stable_keys(
    run: Callable[..., Any], project: Any, matches_snapshot: Callable[[str, str], None], command: str
) -> None:
    project.add_a_warning()
    out = ["-o", project.out] if command == "generate" else []

    answer = run(command, "-a", project.artifacts, *out, "--format", "json")

    assert answer.err == ""
    assert (answer.json["ok"], answer.json["enabled"]) == (True, True)
    matches_snapshot(f"keys-{command}", "\n".join(sorted(key_names(answer.json))) + "\n")


@pytest.mark.parametrize("option", [["--format", "json"], ["--format=json"]])
def test_an_error_for_machines_is_json_on_standard_output(
    run: Callable[..., Any], project: Any, option: list[str]
) -> None:
    project.write_artifacts({"port": "4000", "dev_mode": 1})

    answer = run("check", "-a", project.artifacts, *option)

    assert (answer.code, answer.err) == (1, "")
    assert answer.json == {
        "ok": False,
        "error": {
            "summary": f"The compiled artifacts {project.artifacts} are wrong:",
            "problems": [
                "$.consumption.port: input should be a valid integer",
                "$.consumption.dev_mode: input should be a valid boolean (given: 1)",
            ],
        },
    }


def test_with_consumption_off_there_is_nothing_to_check(run: Callable[..., Any], project: Any) -> None:
    project.write_artifacts({"enabled": False})

    text = run("check", "-a", project.artifacts)
    machine = run("check", "-a", project.artifacts, "--format", "json")

    assert text.out == "consumption.enabled is false in the artifacts: nothing to check.\n"
    assert machine.json == {"ok": True, "enabled": False}


def test_a_cube_without_the_filter_column_is_an_error_that_leaves_the_others_be(
    run: Callable[..., Any], project: Any
) -> None:
    project.add_an_error()
    named = (
        "model.shop.stores (models/stores.sql): has no column organization_id, so the cube stores refuses every query"
    )

    text, machine = run("check", "-a", project.artifacts), run("check", "-a", project.artifacts, "--format", "json")
    assert (text.code, machine.code, text.err) == (1, 1, "")
    assert text.out.startswith(f"error: {named}")
    assert (machine.json["ok"], machine.json["counts"]["errors"]) == (False, 1)
    assert machine.json["issues"][0]["severity"] == "error"

    generated = run("generate", "-a", project.artifacts, "-o", project.out)
    assert generated.code == 0
    assert named in generated.out
    assert (project.out / "model" / "cubes" / "stores.yml").exists()
    strict = run("generate", "-a", project.artifacts, "-o", project.out, "--strict")
    assert strict.err.startswith("Error: 1 error(s) and 0 warning(s), which --strict takes for errors:\n")


def test_strict_takes_warnings_for_errors(run: Callable[..., Any], project: Any) -> None:
    assert run("check", "-a", project.artifacts, "--strict").code == 0
    project.add_a_warning()

    assert run("check", "-a", project.artifacts).code == 0
    assert run("check", "-a", project.artifacts, "--strict").code == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "Usage: "),
        (("check",), "give --artifacts, or --stack-file"),
        (("generate", "-a", "a.json"), "--out"),
        (("nope",), "nope"),
        (("check", "--nope"), "--nope"),
        (("check", "-a", "a.json", "--format", "xml"), "xml"),
    ],
)
def test_wrong_usage_ends_with_2(run: Callable[..., Any], arguments: tuple[str, ...], told: str) -> None:
    answer = run(*arguments)

    assert answer.code == 2
    assert told in answer.err + answer.out


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("check", "--help"), ("generate", "-h")])
def test_help_ends_with_0(run: Callable[..., Any], arguments: tuple[str, ...]) -> None:
    answer = run(*arguments)

    assert answer.code == 0
    assert "Usage: " in answer.out


def test_a_setting_by_its_former_name_counts_and_is_warned_of_beside_the_answer(
    run: Callable[..., Any], project: Any
) -> None:
    stack = project.folder / "Pulumi.dev.yaml"
    image = "registry.example.com/cube:v1.7.43"
    stack.write_text(
        f"config:\n  floe-cube-infra:environment: dev\n  floe-cube-infra:artifacts: {project.artifacts}\n"
        f"  floe-cube-infra:api:\n    image: {image}\n"
    )

    answer = run("check", "-s", stack, "--format", "json")

    assert (answer.code, answer.json["ok"]) == (0, True)
    assert answer.err.startswith(f"Warning: {stack}: floe-cube-infra:api.image is floe-cube-infra:images.cube now.")
    assert len(answer.err.splitlines()) == 1
