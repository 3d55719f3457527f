"""`floe-cube explain`: which rollup answers a query, or what keeps each one from it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from floe_cube_infra import generation
from floe_cube_infra.acceleration import Explainer, Explanation, read_query
from floe_cube_infra.cli.options import Artifacts, Catalog, Format, Manifest, OutputFormat, StackFile, settings_from
from floe_cube_infra.cli.progress import progress
from floe_cube_infra.cli.report import print_json, print_line
from floe_cube_infra.errors import QueryError

Query = Annotated[
    str, typer.Argument(metavar="QUERY.json", help="A query as Cube's REST API takes it, in a file; - for input.")
]


def explain(
    query: Query,
    artifacts: Artifacts = None,
    manifest: Manifest = None,
    catalog: Catalog = None,
    stack_file: StackFile = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Say which rollup answers a query, or why none does. Cube isn't asked: the model alone decides."""
    settings = settings_from(artifacts, manifest, catalog, stack_file)
    asked = read_query(_read(query), query)
    with progress("reading the dbt project, and translating it"):
        generated = generation.generate(settings, Path.cwd())
    if generated is None:
        if output_format is Format.JSON:
            print_json({"ok": True, "enabled": False})
        else:
            print_line("consumption.enabled is false in the artifacts: there is no model to ask.")
        return
    explainer = Explainer(generated.model, generated.time_zones, rollup_only=settings.api.rollup_only)
    explanation = explainer.explain(asked)
    if output_format is Format.JSON:
        print_json({"ok": True, "enabled": True, **_as_document(explanation)})
    else:
        for line in _lines(explanation, explainer.otherwise):
            print_line(line)


def _read(query: str) -> str:
    try:
        return sys.stdin.read() if query == "-" else Path(query).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise QueryError(f"The query {query} can't be read: {reason}. Give a JSON file, or - for input.") from None


def _as_document(explanation: Explanation) -> dict[str, object]:
    return {
        "servedBy": explanation.served_by,
        "isBuilt": explanation.is_built,
        "refusedBy": list(explanation.refused),
        "notes": list(explanation.notes),
        "rollups": [
            {
                "rollup": rollup,
                "reasons": [
                    {"kind": reason.kind, "member": reason.member, "message": reason.text} for reason in reasons
                ],
            }
            for rollup, reasons in explanation.against.items()
        ],
    }


def _lines(explanation: Explanation, otherwise: str) -> list[str]:
    lines = [f"{cube} refuses every query: row-level security has no column there" for cube in explanation.refused]
    if explanation.served_by is None:
        lines.append(f"No rollup answers it: {otherwise}.")
    else:
        lines.append(f"{explanation.served_by} {'answers it' if explanation.is_built else 'would answer it'}.")
    lines += [f"  {note}" for note in explanation.notes]
    for rollup, reasons in explanation.against.items():
        lines.append(f"{rollup} does not:")
        lines += [f"  - {reason.text}" for reason in reasons]
    return lines
