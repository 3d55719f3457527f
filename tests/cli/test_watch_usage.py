"""What `floe-cube watch` refuses before it begins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "give --artifacts, or --stack-file"),
        (["-a", "https://user:hunter2@example.com/a.json?sig=hunter2"], "https://***@example.com/a.json?*** can't be"),
        (["-a", "a.json", "-m", "s3://bucket/manifest.json"], "s3://bucket/manifest.json can't be watched"),
        (["-a", "a.json", "-c", "s3://bucket/catalog.json"], "s3://bucket/catalog.json can't be watched"),
        (["-a", "a.json", "--debounce", "-1"], "--debounce is -1; allowed are 0 to 60 seconds"),
        (["-a", "a.json", "--debounce", "nan"], "--debounce is nan; allowed are 0 to 60 seconds"),
        (["-a", "a.json", "--up"], "--up needs --stack"),
        (["-a", "a.json", "--stack", "dev"], "--stack is for --up only"),
    ],
)
def test_wrong_usage_is_a_sentence_and_exit_code_2(
    run: Callable[..., Any], tmp_path: Path, arguments: list[str], said: str
) -> None:
    answer = run("watch", "-o", tmp_path / "out", *arguments)

    assert (answer.code, answer.out) == (2, "")
    assert said in " ".join(answer.err.split())
    assert "hunter2" not in answer.err
    assert not (tmp_path / "out").exists()


def test_a_remote_input_in_the_stack_file_is_refused(run: Callable[..., Any], tmp_path: Path) -> None:
    stack_file = tmp_path / "Pulumi.dev.yaml"
    stack_file.write_text("config:\n  floe-cube-infra:environment: dev\n  floe-cube-infra:artifacts: s3://b/a.json\n")

    answer = run("watch", "-o", tmp_path / "out", "-s", stack_file)

    assert (answer.code, "s3://b/a.json can't be watched" in answer.err) == (2, True)


def test_up_without_pulumi_says_how_to_get_it(
    run: Callable[..., Any], project: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    answer = run("watch", "-o", tmp_path / "out", "-a", project.artifacts, "--up", "--stack", "local")

    assert (answer.code, answer.out) == (1, "")
    assert 'eval "$(python3 -m tools env)"' in answer.err


def test_up_outside_of_a_project_says_where_to_run_it(
    run: Callable[..., Any], project: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "bin" / "pulumi"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))

    answer = run("watch", "-o", tmp_path / "out", "-a", project.artifacts, "--up", "--stack", "local")

    assert (answer.code, f"{tmp_path} has no Pulumi.yaml" in answer.err) == (1, True)
