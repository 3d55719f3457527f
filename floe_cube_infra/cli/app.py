"""The commands, and what every one of them does with an error."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Annotated

import typer

from floe_cube_infra.cli import (
    check,
    commands,
    dev,
    diff,
    drift,
    explain,
    generate,
    graph,
    images,
    landing,
    outputs,
    pull_request,
    rollups,
    schemas,
    settings,
    token,
    watch,
)
from floe_cube_infra.cli.guides import GUIDES, Guide
from floe_cube_infra.cli.options import Format
from floe_cube_infra.cli.report import print_error, print_next_step, print_warning
from floe_cube_infra.errors import FloeCubeError, InputError
from floe_cube_infra.inputs.settings import DeprecatedSettingWarning

app = typer.Typer(
    name="floe-cube",
    help="A Cube semantic layer from dbt artifacts.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    # Usage errors as plain lines, which a log can show.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 - other commands start sooner without

        typer.echo(f"floe-cube {version('floe-cube-infra')}")
        raise typer.Exit


@app.callback()
def _floe_cube(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """What goes before a command."""


def _with_sentences(run: Callable[..., None], guide: Guide) -> Callable[..., None]:
    """What a user can mend ends with its sentence and its exit code, all else with the next step.

    Former names of settings are warned of.
    """

    @functools.wraps(run)
    def with_sentences(**options: object) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("default", DeprecatedSettingWarning)
                warnings.showwarning = lambda message, *_, **__: print_warning(str(message))
                run(**options)
        except FloeCubeError as error:
            problems = error.problems if isinstance(error, InputError) else ()
            summary = error.summary if isinstance(error, InputError) else str(error)
            print_error(summary, problems, as_json=options.get("output_format") == Format.JSON)
            raise typer.Exit(error.exit_code) from None
        except typer.Exit as end:
            if end.exit_code and guide.otherwise:
                print_next_step(guide.otherwise)
            raise
        context = options.get("context")
        if not (isinstance(context, typer.Context) and context.invoked_subcommand):
            print_next_step(guide.then)

    return with_sentences


def _command(run: Callable[..., None], group: typer.Typer = app, prefix: str = "") -> None:
    """Makes a function a command."""
    name = run.__name__
    guide = GUIDES[f"{prefix}{name}"]
    group.command(name, short_help=guide.summary, epilog=guide.epilog)(_with_sentences(run, guide))


_command(generate.generate)
_command(check.check)
_command(diff.diff)
_command(pull_request.report)
_command(landing.landing)
_command(drift.drift)
_command(schemas.schemas)
_command(settings.settings)
_command(outputs.outputs)
_command(commands.commands)
_command(watch.watch)
_command(token.token)
_command(dev.dev)
_command(explain.explain)
_command(rollups.rollups)
_command(graph.graph)

_images = typer.Typer(rich_markup_mode=None)
_images.callback(invoke_without_command=True)(_with_sentences(images.images, GUIDES["images"]))
_command(images.pin, _images, "images ")
app.add_typer(_images, name="images", short_help=GUIDES["images"].summary, epilog=GUIDES["images"].epilog)
