"""`floe-cube diff`: what a change of the model means to those who query."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from floe_cube_infra.cli.diff_sources import Given, files_of
from floe_cube_infra.cli.options import Artifacts, Catalog, StackFile
from floe_cube_infra.cli.progress import progress
from floe_cube_infra.cli.report import print_json, print_line
from floe_cube_infra.semantic_diff.changes import Effect
from floe_cube_infra.semantic_diff.comparison import comparison
from floe_cube_infra.semantic_diff.report import markdown, text_lines
from floe_cube_infra.semantic_diff.snapshot import Snapshot


class DiffFormat(StrEnum):
    """How the difference is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


class FailOn(StrEnum):
    """What ends with exit code 1."""

    SECURITY = "security"
    BREAKING = "breaking"


_FAILS = {FailOn.SECURITY: {Effect.WIDENS}, FailOn.BREAKING: {Effect.WIDENS, Effect.BREAKS}}

Old = Annotated[str, typer.Argument(help="A generated folder, a manifest, a stack's file, or REVISION:STACK_FILE.")]
New = Annotated[str, typer.Argument(help="The same, as it is to be.")]


def diff(
    old: Old,
    new: New,
    artifacts: Artifacts = None,
    catalog: Catalog = None,
    stack_file: StackFile = None,
    output_format: Annotated[DiffFormat, typer.Option("--format", help="How to answer.")] = DiffFormat.TEXT,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(help="Exit code 1 where the change may widen who sees what; `breaking`: or breaks a query, too."),
    ] = None,
) -> None:
    """Say what changes for those who query: who may see more, what breaks, which numbers change."""
    given = Given(artifacts=artifacts, catalog=catalog, stack_file=stack_file)
    with progress("reading both, and comparing them"):
        compared = comparison(Snapshot(files_of(old, given)), Snapshot(files_of(new, given)))
    changes = compared.changes
    match output_format:
        case DiffFormat.JSON:
            print_json(compared.model_dump(mode="json"))
        case DiffFormat.MARKDOWN:
            print_line(markdown(changes).rstrip("\n"))
        case DiffFormat.TEXT:
            for line in text_lines(changes):
                print_line(line)
    if fail_on is not None and any(each.effect in _FAILS[fail_on] for each in changes):
        raise typer.Exit(1)
