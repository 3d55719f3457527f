from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer
from typer.main import get_command

from floe_cube_infra.cli.app import app
from floe_cube_infra.cli.commands import reference

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"


def test_the_committed_page_is_what_the_commands_are_now() -> None:
    program = typer.Context(get_command(app), info_name="floe-cube")
    assert PAGE.read_text() == reference(program), "write it anew: floe-cube commands > docs/commands.md"


def test_the_command_prints_the_page_with_commands_below_commands(run: Callable[..., Any]) -> None:
    printed = run("commands").out
    assert printed == PAGE.read_text()
    assert "## floe-cube images pin\n" in printed
    assert "| `--renew` | Ask for images that are pinned already, too. |" in printed
