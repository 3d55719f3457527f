"""`floe-cube check`: everything that `generate` does but writing."""

from __future__ import annotations

from pathlib import Path

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
from floe_cube_infra.cli.report import as_document, print_counts, print_issues, print_json, print_line
from floe_cube_infra.errors import TranslationError
from floe_cube_infra.generation import Generated
from floe_cube_infra.translate.issues import warnings


def check(
    artifacts: Artifacts = None,
    manifest: Manifest = None,
    catalog: Catalog = None,
    stack_file: StackFile = None,
    strict: Strict = False,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Say what is wrong or doubtful with artifacts and manifest; write nothing."""
    settings = settings_from(artifacts, manifest, catalog, stack_file)
    generated = generation.generate(settings, Path.cwd())
    if generated is None:
        if output_format is Format.JSON:
            print_json({"ok": True, "enabled": False})
        else:
            print_line("consumption.enabled is false in the artifacts: nothing to check.")
        return
    refuse_warnings(generated, strict=strict)
    if output_format is Format.JSON:
        print_json(as_document(generated))
        return
    print_issues(generated.issues)
    print_counts(generated)


def refuse_warnings(generated: Generated, *, strict: bool) -> None:
    """With `strict`, warnings are errors.

    Raises:
        TranslationError: There are warnings.
    """
    found = warnings(generated.issues)
    if strict and found:
        raise TranslationError(f"{len(found)} warning(s), which --strict takes for errors:", map(str, found))
