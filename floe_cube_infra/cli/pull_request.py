"""`floe-cube report`: the one comment of a pull request."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import ValidationError

from floe_cube_infra.cli.diff_sources import Given, files_of
from floe_cube_infra.cli.options import Artifacts, Catalog, StackFile
from floe_cube_infra.cli.report import print_line
from floe_cube_infra.errors import PreviewError
from floe_cube_infra.pull_request.comment import EnvironmentReport, comment
from floe_cube_infra.pull_request.preview import Preview, read_preview
from floe_cube_infra.semantic_diff.changes import Change
from floe_cube_infra.semantic_diff.compare import compare
from floe_cube_infra.semantic_diff.snapshot import Snapshot

_MODEL: Final = "model"
"""What OLD and NEW are called where no environment is."""

Old = Annotated[str | None, typer.Argument(help="As of `floe-cube diff`; left out where --diff says what changed.")]
New = Annotated[str | None, typer.Argument(help="The same, as it is to be.")]


def report(
    old: Old = None,
    new: New = None,
    diffs: Annotated[
        list[str] | None,
        typer.Option("--diff", metavar="ENVIRONMENT=FILE", help="What `diff --format json` wrote; repeatable."),
    ] = None,
    previews: Annotated[
        list[str] | None,
        typer.Option("--preview", metavar="ENVIRONMENT=FILE", help="What `pulumi preview --json` wrote; repeatable."),
    ] = None,
    artifacts: Artifacts = None,
    catalog: Catalog = None,
    stack_file: StackFile = None,
) -> None:
    """Write the comment of a pull request, as Markdown: what changes for those who query, and for what runs."""
    if (old is None) != (new is None):
        raise typer.BadParameter("give OLD and NEW, or neither")
    by_environment: dict[str, tuple[Change, ...]] = {}
    if old is not None and new is not None:
        given = Given(artifacts=artifacts, catalog=catalog, stack_file=stack_file)
        by_environment[_MODEL] = tuple(compare(Snapshot(files_of(old, given)), Snapshot(files_of(new, given))))
    for environment, file in _named(diffs or (), "--diff"):
        by_environment[environment] = _changes(_read(file), file)
    resources: dict[str, Preview] = {
        environment: read_preview(_read(file), file) for environment, file in _named(previews or (), "--preview")
    }
    names = list(dict.fromkeys([*by_environment, *resources]))
    if not names:
        raise typer.BadParameter("give OLD and NEW, --diff or --preview: there is nothing to tell of")
    told = [
        EnvironmentReport(name=name, changes=by_environment.get(name), preview=resources.get(name)) for name in names
    ]
    print_line(comment(told).rstrip("\n"))


def _named(given: Iterable[str], option: str) -> Iterable[tuple[str, str]]:
    seen = set()
    for each in given:
        name, equals, file = each.partition("=")
        if not (name and equals and file):
            raise typer.BadParameter(f"{option} {each}: give an environment and a file, such as prod=prod.json")
        if name in seen:
            raise typer.BadParameter(f"{option} {name}: was given twice")
        seen.add(name)
        yield name, file


def _read(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise PreviewError(f"{file} can't be read: {reason}.") from None


def _changes(text: str, file: str) -> tuple[Change, ...]:
    try:
        return tuple(Change.model_validate(each) for each in json.loads(text)["changes"])
    except (ValueError, TypeError, KeyError, ValidationError):
        raise PreviewError(
            f"{file} is no comparison: write it with `floe-cube diff OLD NEW --format json > {file}`, "
            "without anything else."
        ) from None
