"""The commands, and what every one of them does with an error."""

from __future__ import annotations

import sys

import typer

from floe_cube_infra.cli import check, generate
from floe_cube_infra.cli.report import print_error
from floe_cube_infra.errors import FloeCubeError, InputError

app = typer.Typer(
    name="floe-cube",
    help="A Cube semantic layer from dbt artifacts.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("generate")(generate.generate)
app.command("check")(check.check)


def main() -> None:
    """Runs the command; what a user can mend ends with its sentence and exit code 1."""
    try:
        app()
    except FloeCubeError as error:
        problems = error.problems if isinstance(error, InputError) else ()
        summary = error.summary if isinstance(error, InputError) else str(error)
        print_error(summary, problems, as_json="json" in sys.argv or "--format=json" in sys.argv)
        sys.exit(1)
