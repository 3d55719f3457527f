"""What is printed where: a table with colours on a terminal, plain lines elsewhere, JSON always whole."""

from __future__ import annotations

import io
import json
import sys

import pytest

from floe_cube_infra.cli.report import print_error, print_issues, print_json, print_line
from floe_cube_infra.translate.issues import Issue

LONG = "word " * 40


def issue(message: str, severity: str = "warning", **other: object) -> Issue:
    fields = {"model": "model.shop.orders", "column": None, "file": "models/orders.yml", **other}
    return Issue(message=message, severity=severity, **fields)  # type: ignore[arg-type]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "60")


def test_into_a_pipe_every_issue_is_one_line_however_long(pipe: None, capsys: pytest.CaptureFixture[str]) -> None:
    print_issues([issue(LONG), issue("b", severity="error", column="id", file=None)])

    assert capsys.readouterr().out.splitlines() == [
        f"warning: model.shop.orders (models/orders.yml): {LONG}",
        "error: model.shop.orders.id: b",
    ]


def test_on_a_terminal_issues_are_a_table_with_colours(terminal: None, capsys: pytest.CaptureFixture[str]) -> None:
    print_issues([issue("[red]a[/red] :key:", column="id"), issue("b", severity="error", file=None)])

    out = capsys.readouterr().out
    assert "\x1b[33mmodel.shop.orders.id" in out
    assert "\x1b[31mmodel.shop.orders" in out
    assert "models/orders.yml" in out
    assert "[red]a[/red] :key:" in out


@pytest.mark.usefixtures("pipe")
def test_no_issues_say_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    print_issues([])

    assert capsys.readouterr().out == ""


def test_no_issues_say_nothing_on_a_terminal_either(terminal: None, capsys: pytest.CaptureFixture[str]) -> None:
    print_issues([])

    assert capsys.readouterr().out == ""


def test_an_error_into_a_pipe_is_plain_and_not_wrapped(pipe: None, capsys: pytest.CaptureFixture[str]) -> None:
    print_error(LONG + "[/red]", [LONG, "[bold] :key: 10%"], as_json=False)

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"Error: {LONG}[/red]\n  - {LONG}\n  - [bold] :key: 10%\n"


def test_an_error_on_a_terminal_is_coloured(terminal: None, capsys: pytest.CaptureFixture[str]) -> None:
    print_error("wrong", [], as_json=False)

    assert capsys.readouterr().err == "\x1b[31mError:\x1b[0m wrong\n"


def test_control_characters_of_foreign_files_are_spelt_out(pipe: None, capsys: pytest.CaptureFixture[str]) -> None:
    print_line("a\x1b[31mb\u202ec\ud800d\te\nf ü 道")

    assert capsys.readouterr().out == "a\\x1b[31mb\\u202ec\\ud800d\\te\nf ü 道\n"


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_json_is_whole_whatever_the_output_can_encode(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    document = {"name": "straße 道", "path": "\udcff.json"}
    written = io.BytesIO()
    stdout = io.TextIOWrapper(written, encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stdout)

    print_json(document)

    stdout.flush()
    assert json.loads(written.getvalue().decode(encoding)) == document


def test_json_keeps_letters_that_the_output_can_encode(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"name": "straße"})

    assert capsys.readouterr().out == '{\n  "name": "straße"\n}\n'
