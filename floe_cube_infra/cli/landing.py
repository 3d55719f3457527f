"""`floe-cube landing`: whether a stack serves what it was updated to."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from floe_cube_infra.cli.report import print_json, print_line
from floe_cube_infra.errors import LandingError

TOKEN_VARIABLE = "FLOE_CUBE_TOKEN"  # noqa: S105  # nosec B105 # a name


class LandingFormat(StrEnum):
    """How the landing is told."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


Outputs = Annotated[
    str | None,
    typer.Option(help="What `pulumi stack output --json` wrote; - reads it from standard input."),
]
Url = Annotated[str | None, typer.Option(help="Cube's address, instead of the one that the outputs tell.")]
Model = Annotated[
    str | None,
    typer.Option(help="The expected model: a hash, or a folder of `floe-cube generate`; by default the outputs' one."),
]
Ask = Annotated[str | None, typer.Option(metavar="CUBE.MEMBER", help="What each API is asked for; by default a count.")]


def landing(
    outputs: Outputs = None,
    url: Url = None,
    model: Model = None,
    ready_url: Annotated[str | None, typer.Option(help="A pod's http://...:4010/ready, where it is reached.")] = None,
    sql_url: Annotated[
        str | None, typer.Option(help="The SQL API for psql, such as postgresql://127.0.0.1:15432/cube.")
    ] = None,
    ask: Ask = None,
    token_env: Annotated[str, typer.Option(help="The variable with the token.")] = TOKEN_VARIABLE,
    timeout: Annotated[float, typer.Option(min=0, max=3600, help="Seconds to wait for it.")] = 300,
    output_format: Annotated[LandingFormat, typer.Option("--format", help="How to answer.")] = LandingFormat.TEXT,
) -> None:
    """Check that a stack has landed: its pods are ready, they serve the expected model, and each API answers.

    Exit code 0: it has; 1: it has not within the time; 2: it can't be checked with what was given.
    """
    # Imported here: other commands start without an HTTP client.
    from floe_cube_infra.landing import report  # noqa: PLC0415
    from floe_cube_infra.landing.checks import look  # noqa: PLC0415
    from floe_cube_infra.landing.client import CubeClient  # noqa: PLC0415
    from floe_cube_infra.landing.sql_client import SqlClient  # noqa: PLC0415
    from floe_cube_infra.landing.target import read_outputs, target  # noqa: PLC0415
    from floe_cube_infra.landing.waiting import land  # noqa: PLC0415

    told = None if outputs is None else read_outputs(_text(outputs), outputs)
    where = target(told, url=url, model=model, pod=ready_url, sql=sql_url)
    token = _token(token_env)
    client = CubeClient(where.api, token)
    sql = SqlClient.found(_user(token, token_env), token)
    landed = land(lambda: look(where, client, sql, ask), timeout, lambda line: typer.echo(line, err=True))
    match output_format:
        case LandingFormat.JSON:
            print_json(report.document(landed, where))
        case LandingFormat.MARKDOWN:
            print_line(report.markdown(landed, where).rstrip("\n"))
        case LandingFormat.TEXT:
            for line in report.text_lines(landed, where):
                print_line(line)
    if not landed.has_landed:
        raise typer.Exit(1)


def _text(source: str) -> str:
    try:
        return sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise LandingError(
            f"{source} can't be read: {reason}. `pulumi stack output --json` writes such a file."
        ) from None


def _token(variable: str) -> str:
    token = os.environ.get(variable, "").strip()
    if not token:
        raise LandingError(
            f"The variable {variable} holds no token, and without one Cube answers nobody. Take one of your identity "
            f"provider for a user of its own, or make one with the stack's secret: "
            f'export {variable}="$(floe-cube token --stack-file STACK_FILE --claim NAME=VALUE --ttl 15m)".'
        )
    return token


def _user(token: str, variable: str) -> str:
    """Who a token stands for; SQL logins have to say it. Cube alone decides whether it holds."""
    from floe_cube_infra.security.errors import TokenError  # noqa: PLC0415
    from floe_cube_infra.security.token_parts import token_parts  # noqa: PLC0415

    try:
        return str(token_parts(token, max_bytes=1 << 16).claims.get("sub", ""))
    except TokenError as error:
        raise LandingError(f"What the variable {variable} holds is no token: {error.reason}.") from None
