"""`floe-cube check`: everything that `generate` does but writing."""

from __future__ import annotations

from pathlib import Path

import typer

from floe_cube_infra import generation
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
from floe_cube_infra.errors import TranslationError
from floe_cube_infra.generation import Generated
from floe_cube_infra.translate.issues import errors, warnings


def check(
    artifacts: Artifacts = None,
    manifest: Manifest = None,
    catalog: Catalog = None,
    stack_file: StackFile = None,
    strict: Strict = False,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Say what is wrong or doubtful with artifacts and manifest; write nothing. Errors end with exit code 1."""
    settings = settings_from(artifacts, manifest, catalog, stack_file)
    with progress("reading the dbt project, and translating it"):
        generated = generation.generate(settings, Path.cwd())
    if generated is None:
        if output_format is Format.JSON:
            print_json({"ok": True, "enabled": False})
        else:
            print_line("consumption.enabled is false in the artifacts: nothing to check.")
        return
    refuse_warnings(generated, strict=strict)
    if output_format is Format.JSON:
        print_json({**as_document(generated), "ok": not errors(generated.issues)})
    else:
        print_issues(generated.issues)
        print_counts(generated)
    if errors(generated.issues):
        raise typer.Exit(1)


def refuse_warnings(generated: Generated, *, strict: bool) -> None:
    """With `strict`, warnings are errors, and every error stops.

    Raises:
        TranslationError: There are errors or warnings.
    """
    wrong, doubtful = errors(generated.issues), warnings(generated.issues)
    if not strict or not (wrong or doubtful):
        return
    also = f"{len(wrong)} error(s) and " if wrong else ""
    summary = f"{also}{len(doubtful)} warning(s), which --strict takes for errors:"
    raise TranslationError(summary, map(str, (*wrong, *doubtful)))
