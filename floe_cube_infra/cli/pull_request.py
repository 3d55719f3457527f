"""`floe-cube report`: the one comment of a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import ValidationError

from floe_cube_infra.cli.diff_sources import Given, files_of
from floe_cube_infra.cli.options import Artifacts, Catalog, StackFile
from floe_cube_infra.cli.report import print_line
from floe_cube_infra.errors import PreviewError
from floe_cube_infra.graph.model_graph import ModelGraph
from floe_cube_infra.graph.svg import draw
from floe_cube_infra.pull_request.comment import EnvironmentReport, changed_models, comment
from floe_cube_infra.pull_request.links import Link, is_address
from floe_cube_infra.pull_request.preview import Preview, read_preview
from floe_cube_infra.semantic_diff.changed_graph import MOST
from floe_cube_infra.semantic_diff.comparison import Comparison, comparison
from floe_cube_infra.semantic_diff.snapshot import Snapshot
from floe_cube_infra.sync.file import write_file

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
    links: Annotated[
        list[str] | None,
        typer.Option("--link", metavar="TITLE=URL", help="A link below the summary, by https; repeatable."),
    ] = None,
    picture: Annotated[
        Path | None, typer.Option("--picture", help="Write what changes of the model's graph there, as SVG.")
    ] = None,
    artifacts: Artifacts = None,
    catalog: Catalog = None,
    stack_file: StackFile = None,
) -> None:
    """Write the comment of a pull request, as Markdown: what changes for those who query, and for what runs."""
    if (old is None) != (new is None):
        raise typer.BadParameter("give OLD and NEW, or neither")
    models: dict[str, Comparison] = {}
    if old is not None and new is not None:
        given = Given(artifacts=artifacts, catalog=catalog, stack_file=stack_file)
        models[_MODEL] = comparison(Snapshot(files_of(old, given)), Snapshot(files_of(new, given)))
    for environment, file in _named(diffs or (), "--diff"):
        models[environment] = _read_comparison(_read(file), file)
    resources: dict[str, Preview] = {
        environment: read_preview(_read(file), file) for environment, file in _named(previews or (), "--preview")
    }
    names = list(dict.fromkeys([*models, *resources]))
    if not names:
        raise typer.BadParameter("give OLD and NEW, --diff or --preview: there is nothing to tell of")
    told = [
        EnvironmentReport(
            name=name,
            changes=models[name].changes if name in models else None,
            graph=models[name].graph if name in models else None,
            preview=resources.get(name),
        )
        for name in names
    ]
    print_line(comment(told, [_link(each) for each in links or ()]).rstrip("\n"))
    # After the comment, which matters more.
    if picture is not None:
        write_file(picture, draw(list(_graphs(told))))


def _graphs(told: Sequence[EnvironmentReport]) -> Iterable[tuple[str, ModelGraph]]:
    models = changed_models(told)
    for names, first in models:
        yield f"{', '.join(names)}: what changes, and around it", (first.graph or ModelGraph()).first(MOST)
    if not models:
        yield "Nothing changes for those who query", ModelGraph()


def _link(given: str) -> Link:
    title, equals, address = given.partition("=")
    if not (title and equals and is_address(address)):
        raise typer.BadParameter(
            f"--link {given}: give a title and an address by https, such as run=https://ci.example.com/7; parentheses, "
            "quotes and brackets in it have to be written by their numbers, such as %28"
        )
    return Link(title=title, address=address)


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
        raise PreviewError(
            f"{file} can't be read: {reason}. `floe-cube diff --format json` and `pulumi preview --json` write such "
            "files."
        ) from None


def _read_comparison(text: str, file: str) -> Comparison:
    try:
        return Comparison.model_validate_json(text)
    except ValidationError:
        raise PreviewError(
            f"{file} is no comparison: write it with `floe-cube diff OLD NEW --format json > {file}`, "
            "without anything else."
        ) from None
