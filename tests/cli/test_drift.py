"""`floe-cube drift`, on files and on what stands in for the program pulumi."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Answer

REFRESHES = Path(__file__).parents[1] / "drift" / "refreshes"
Run = Callable[..., Answer]


def stand_in(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "pulumi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_files_are_read_and_exit_codes_say_what_was_found(run: Run) -> None:
    quiet = run("drift", REFRESHES / "at-rest.json", "--stack", "dev")
    assert (quiet.code, quiet.out, quiet.err) == (0, "What is there is what the stack dev has made.\n", "")
    changed = run("drift", REFRESHES / "changed-by-hand.json", "--stack", "dev", "--format", "json")
    assert (changed.code, changed.json["ok"], len(changed.json["findings"])) == (1, False, 2)
    assert run("drift", REFRESHES / "no-cluster.json").code == 2
    assert run("drift", "nowhere.json").code == 2
    assert run("drift").code == 2
    markdown = run("drift", REFRESHES / "changed-by-hand.json", "--format", "markdown")
    assert "| | Object | Properties |" in markdown.out


def test_pulumi_is_asked_of_the_stack_and_nothing_is_changed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, f'echo "$@" > asked; cat {REFRESHES / "changed-by-hand.json"}', monkeypatch)
    assert run("drift", "--stack", "dev").code == 1
    asked = (tmp_path / "asked").read_text()
    assert asked == "refresh --preview-only --json --non-interactive --stack dev\n"


def test_why_pulumi_doesnt_look_is_told(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, "echo \"error: no stack named 'dev' found\" >&2; exit 255", monkeypatch)
    answer = run("drift", "--stack", "dev")
    assert (answer.code, "no stack named 'dev' found" in answer.err) == (2, True)
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    answer = run("drift", "--stack", "dev")
    assert (answer.code, "not on PATH" in answer.err) == (2, True)
