"""`floe-cube commands`: every command with its arguments and options, as one page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import typer
from typer.core import TyperGroup

from floe_cube_infra.cli.guides import GUIDES
from floe_cube_infra.cli.reference_pages import markdown_table

_HEAD: Final = """\
# Commands

Written by `floe-cube commands`. Exit codes: 0 fine, 1 the input is wrong, 2 wrong usage, unless a command says
otherwise. Each command has `--help`; `floe-cube --install-completion` lets the shell complete them.
"""


def commands(context: typer.Context) -> None:
    """Print every command with its arguments and options, as Markdown."""
    program = typer.Context(context.find_root().command, info_name="floe-cube")
    typer.echo(reference(program), nl=False)


def reference(program: typer.Context) -> str:
    """The page, Markdown; ends with a line break.

    Args:
        program: The program's own context.
    """
    return "\n".join([_HEAD, *_sections(program)])


def _sections(parent: typer.Context) -> Iterator[str]:
    group = parent.command
    if not isinstance(group, TyperGroup):
        return
    for name, command in group.commands.items():
        context = typer.Context(command, info_name=name, parent=parent)
        yield f"## {context.command_path}\n\n{command.help}\n"
        told = [part.get_help_record(context) for part in command.get_params(context)]
        rows = [(f"`{written}`", meaning) for written, meaning in filter(None, told) if "--help" not in written]
        if rows:
            yield markdown_table(("Argument or option", "Meaning"), rows)
        yield _examples(context.command_path.removeprefix("floe-cube "))
        yield from _sections(context)


def _examples(name: str) -> str:
    lines = [f"floe-cube {example}" for example in GUIDES[name].examples]
    return "\n".join(["<!-- not run: the files are your own -->", "```sh", *lines, "```\n"])
