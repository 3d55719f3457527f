"""The options that several commands share, and the settings they make."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from floe_cube_infra.inputs import settings as stack_settings
from floe_cube_infra.inputs.settings import Settings


class Format(StrEnum):
    """How a command answers."""

    TEXT = "text"
    JSON = "json"


Artifacts = Annotated[
    str | None,
    typer.Option("--artifacts", "-a", help="compiled_artifacts.json: a path, s3:// or https://."),
]
Manifest = Annotated[
    str | None,
    typer.Option("--manifest", "-m", help="dbt's manifest.json; by default what the artifacts say."),
]
Catalog = Annotated[
    str | None,
    typer.Option("--catalog", "-c", help="dbt's catalog.json, for columns and types that the manifest lacks."),
]
StackFile = Annotated[
    Path | None,
    typer.Option("--stack-file", "-s", help="Settings of a stack, such as stacks/Pulumi.dev.yaml."),
]
Strict = Annotated[bool, typer.Option("--strict", help="Take warnings for errors.")]
OutputFormat = Annotated[Format, typer.Option("--format", help="How to answer.")]


def settings_from(
    artifacts: str | None, manifest: str | None, catalog: str | None, stack_file: Path | None
) -> Settings:
    """The settings of the stack file, with what was given beside it on top.

    Raises:
        typer.BadParameter: Neither artifacts nor a stack file was given.
        SettingsError: The stack file is wrong.
    """
    given = {
        key: value
        for key, value in (("artifacts", artifacts), ("manifest", manifest), ("catalog", catalog))
        if value is not None
    }
    if stack_file is not None:
        return stack_settings.from_stack_file(stack_file).model_copy(update=given)
    if artifacts is None:
        raise typer.BadParameter("give --artifacts, or --stack-file")
    return stack_settings.parse({**given, "environment": "local"}, "the command line")
