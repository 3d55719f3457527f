"""`floe-cube drift`: what differs between a stack and its cluster."""

from __future__ import annotations

# pulumi, as a list, without a shell.
import subprocess  # nosec B404
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from floe_cube_infra.cli.progress import progress
from floe_cube_infra.cli.report import print_json, print_line
from floe_cube_infra.drift.findings import findings
from floe_cube_infra.drift.report import document, markdown, text_lines
from floe_cube_infra.errors import DriftError


class DriftFormat(StrEnum):
    """How drift is told."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


File = Annotated[
    str | None,
    typer.Argument(help="What `pulumi refresh --preview-only --json` wrote; - reads it. Else pulumi is asked."),
]


def drift(
    file: File = None,
    stack: Annotated[
        str | None, typer.Option(help="The stack. Without a file pulumi is asked of it, in the project's folder.")
    ] = None,
    output_format: Annotated[DriftFormat, typer.Option("--format", help="How to answer.")] = DriftFormat.TEXT,
) -> None:
    """Say what was changed or removed behind a stack's back: objects and their properties, never values.

    Exit code 0: nothing; 1: there is drift; 2: nobody knows, since it can't be read. Nothing is changed anywhere.
    """
    if file is None and stack is None:
        raise typer.BadParameter("give --stack, or a file")
    source = file or f"pulumi refresh of {stack}"
    with progress(f"asking Pulumi how the objects of {stack} are"):
        text = _refreshed(str(stack)) if file is None else _read(file)
    found = findings(text, source)
    name = stack or Path(source).stem
    match output_format:
        case DriftFormat.JSON:
            print_json(document(found, name))
        case DriftFormat.MARKDOWN:
            print_line(markdown(found, name).rstrip("\n"))
        case DriftFormat.TEXT:
            for line in text_lines(found, name):
                print_line(line)
    if found:
        raise typer.Exit(1)


def _read(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise DriftError(
            f"{file} can't be read: {reason}. `pulumi refresh --preview-only --json` writes such a file; with --stack "
            "pulumi is asked."
        ) from None


def _refreshed(stack: str) -> str:
    """What Pulumi finds. Its errors are part of that; without a stack or project there is nothing to read."""
    command = ["pulumi", "refresh", "--preview-only", "--json", "--non-interactive", "--stack", stack]
    try:
        got = subprocess.run(command, capture_output=True, check=False)  # nosec B603
    except OSError:
        raise DriftError(
            'Drift is asked of the program pulumi, which is not on PATH. Run `eval "$(python3 -m tools env)"` in the '
            "project's folder, or install it."
        ) from None
    text = got.stdout.decode(errors="replace")
    if "{" not in text:
        lines = got.stderr.decode(errors="replace").strip().splitlines()
        reason = lines[-1].removeprefix("error: ") if lines else "it says nothing"
        raise DriftError(f"pulumi doesn't look at the stack {stack}: {reason}.")
    return text
