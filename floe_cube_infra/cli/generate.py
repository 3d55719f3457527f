"""`floe-cube generate`: writes what the stack ships, without Pulumi."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from floe_cube_infra import generation
from floe_cube_infra.cli.check import refuse_warnings
from floe_cube_infra.cli.options import (
    Artifacts,
    Catalog,
    Format,
    Manifest,
    OutputFormat,
    StackFile,
    Strict,
    settings_from,
)
from floe_cube_infra.cli.progress import progress
from floe_cube_infra.cli.report import as_document, print_counts, print_issues, print_json, print_line
from floe_cube_infra.sync.folder import write_folder

Out = Annotated[Path, typer.Option("--out", "-o", help="The folder to write; other files in it stay.")]


def generate(
    out: Out,
    artifacts: Artifacts = None,
    manifest: Manifest = None,
    catalog: Catalog = None,
    stack_file: StackFile = None,
    strict: Strict = False,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Write cube.js, settings.json and the model, exactly as the stack ships them; and owners.json, whom to ask."""
    settings = settings_from(artifacts, manifest, catalog, stack_file)
    with progress("reading the dbt project, and translating it"):
        generated = generation.generate(settings, Path.cwd())
    if generated is None:
        _say_disabled(output_format)
        return
    refuse_warnings(generated, strict=strict)
    changes = write_folder(out, generated.folder())
    if output_format is Format.JSON:
        print_json({**as_document(generated), "changes": changes.model_dump()})
        return
    print_issues(generated.issues)
    print_counts(generated)
    print_line(
        f"{out}: {len(changes.written)} written, {len(changes.removed)} removed, {len(changes.untouched)} untouched."
    )


def _say_disabled(output_format: Format) -> None:
    if output_format is Format.JSON:
        print_json({"ok": True, "enabled": False})
    else:
        print_line("consumption.enabled is false in the artifacts: nothing to generate.")
