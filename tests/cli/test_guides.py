"""Help, version, completion, and what a terminal gets beside the answer."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup
from typer.main import get_command

from floe_cube_infra.cli.app import app
from floe_cube_infra.cli.guides import GUIDES
from floe_cube_infra.cli.progress import progress
from tests.docs.known_commands import check

COMMAND = Path(sys.executable).with_name("floe-cube")
# Else Typer takes the shell that runs the tests, whichever that is.
NAMED_SHELL = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
COLOUR = re.compile(r"\x1b\[(?:[0-9]*;)*(?:3[0-7]|9[0-7]|38)[;m]")

Run = Callable[..., Any]


class Terminal:
    """Makes both streams of this process terminals, as far as a program can ask."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.delenv("NO_COLOR", raising=False)

    def begin(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            self._monkeypatch.setattr(stream, "isatty", lambda: True)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(monkeypatch)


def commands() -> list[str]:
    program = get_command(app)
    assert isinstance(program, TyperGroup)
    names = list(program.commands)
    for name, command in program.commands.items():
        names += [f"{name} {below}" for below in getattr(command, "commands", {})]
    return names


def test_every_command_has_a_guide() -> None:
    assert set(commands()) == set(GUIDES)


@pytest.mark.parametrize("name", GUIDES)
def test_help_shows_examples_that_the_program_takes(run: Run, name: str) -> None:
    answer = run(*name.split(), "--help")

    assert answer.code == 0
    for example in GUIDES[name].examples:
        assert f"\n    floe-cube {example}\n" in answer.out
        assert example.startswith(name)
        check(f"floe-cube {example}")


def test_the_list_of_commands_cuts_nothing_off(run: Run) -> None:
    listed = run("--help").out.partition("Commands:\n")[2]

    assert "..." not in listed
    assert [guide.summary for name, guide in GUIDES.items() if " " not in name and guide.summary not in listed] == []


def test_the_version_is_that_of_the_package(run: Run) -> None:
    assert run("--version").out == f"floe-cube {version('floe-cube-infra')}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_shown_for_each_shell(shell: str) -> None:
    done = completion("--show-completion", shell, os.environ | NAMED_SHELL)

    assert done.returncode == 0, done.stderr
    assert "_FLOE_CUBE_COMPLETE" in done.stdout


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        (["floe-cube", "che"], ["check"]),
        (["floe-cube", "images", ""], ["pin"]),
        (["floe-cube", "check", "--str"], ["--strict"]),
        (["floe-cube", "check", "--format", ""], ["text", "json"]),
    ],
)
def test_the_shell_completes_commands_options_and_values(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: list[str], completed: list[str]
) -> None:
    monkeypatch.setenv("_FLOE_CUBE_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", " ".join(words))
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    answer = run()

    assert (answer.out.split(), answer.err) == (completed, "")


def test_completion_installs_into_the_shells_own_files(tmp_path: Path) -> None:
    done = completion("--install-completion", "bash", os.environ | NAMED_SHELL | {"HOME": str(tmp_path)})

    assert done.returncode == 0, done.stdout
    (script,) = (tmp_path / ".bash_completions").iterdir()
    assert str(script) in (tmp_path / ".bashrc").read_text()


def completion(option: str, shell: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, option, shell], env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_on_a_terminal_a_command_ends_with_the_next_step_on_standard_error(
    run: Run, project: Any, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.begin()
    answer = run("check", "-a", project.artifacts)

    assert answer.code == 0
    assert "Next:" not in answer.out
    assert "`floe-cube generate --out build/` writes the files" in answer.err


def test_where_something_was_found_the_next_step_is_to_mend_it(run: Run, project: Any, terminal: Terminal) -> None:
    project.add_an_error()
    terminal.begin()

    answer = run("check", "-a", project.artifacts)

    assert answer.code == 1
    assert "mend the errors where they are said to be" in answer.err


def test_an_error_which_names_its_mend_has_no_step_beside_it(run: Run, project: Any, terminal: Terminal) -> None:
    project.artifacts.unlink()
    terminal.begin()

    answer = run("check", "-a", project.artifacts)

    assert answer.code == 1
    assert "does not exist" in answer.err
    assert "Next:" not in answer.err


def test_a_command_below_another_has_one_next_step_only(run: Run, project: Any, terminal: Terminal) -> None:
    terminal.begin()

    answer = run("images")

    assert answer.err.count("Next:") == 1


@pytest.mark.parametrize("arguments", [("images",), ("check", "-a"), ("settings",)])
def test_a_pipe_gets_the_answer_and_nothing_else(run: Run, project: Any, arguments: tuple[str, ...]) -> None:
    more = [project.artifacts] if arguments[-1] == "-a" else []

    answer = run(*arguments, *more)

    assert (answer.code, answer.err) == (0, "")
    assert "\x1b" not in answer.out


def test_no_color_takes_the_colours_from_a_terminal(
    run: Run, project: Any, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.add_an_error()
    terminal.begin()
    coloured = run("check", "-a", project.artifacts)
    monkeypatch.setenv("NO_COLOR", "1")
    plain = run("check", "-a", project.artifacts)

    assert COLOUR.search(coloured.out)
    assert not COLOUR.search(plain.out + plain.err)


def test_a_terminal_is_told_what_takes_long_and_a_log_is_not(
    capsys: pytest.CaptureFixture[str], terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("floe_cube_infra.cli.progress.DELAY_S", 0.0)
    written = ""
    with progress("not told"):
        time.sleep(0.01)
    assert capsys.readouterr() == ("", "")

    terminal.begin()
    with progress("reading the dbt project"):
        for _ in range(1000):
            written += capsys.readouterr().err
            if "reading the dbt project" in written:
                break
            time.sleep(0.01)
    assert "reading the dbt project" in written


def test_what_is_quick_shows_nothing_on_a_terminal_either(
    capsys: pytest.CaptureFixture[str], terminal: Terminal
) -> None:
    terminal.begin()
    with progress("reading"):
        pass
    assert capsys.readouterr() == ("", "")


def test_an_error_in_what_takes_long_passes(terminal: Terminal) -> None:
    terminal.begin()
    with pytest.raises(typer.BadParameter), progress("reading"):
        raise typer.BadParameter("wrong")
