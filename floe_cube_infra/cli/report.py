"""What commands print: for people with rich, for machines as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from floe_cube_infra.generation import Generated
from floe_cube_infra.translate.issues import Issue

_SHOWN_COUNTS = ("models", "columns", "cubes", "dimensions", "measures", "joins", "files", "warnings")


def print_error(summary: str, problems: Sequence[str], *, as_json: bool) -> None:
    """An error: for people on standard error, for machines on standard output like any other answer."""
    if as_json:
        print_json({"ok": False, "error": {"summary": summary, "problems": list(problems)}})
        return
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    console.print(f"[red]Error:[/red] {escape(summary)}")
    for problem in problems:
        console.print(f"  - {escape(problem)}")


def print_json(document: Mapping[str, object]) -> None:
    """One JSON document on standard output."""
    print(json.dumps(document, indent=2, ensure_ascii=False))


def as_document(generated: Generated) -> dict[str, object]:
    """What was generated, for machines."""
    return {
        "ok": True,
        "enabled": True,
        "modelVersion": generated.files.model_version,
        "counts": generated.counts.model_dump(),
        "issues": [
            {
                "severity": issue.severity,
                "model": issue.model,
                "column": issue.column,
                "file": issue.file,
                "message": issue.message,
            }
            for issue in generated.issues
        ],
        "files": list(generated.files.everything()),
    }


def print_issues(issues: Sequence[Issue]) -> None:
    """The issues as a table: the place on the left, what is the matter on the right."""
    if not issues:
        return
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=True, header_style="bold")
    table.add_column("where")
    table.add_column("what", ratio=1)
    for issue in issues:
        place = f"{issue.model}.{issue.column}" if issue.column else issue.model
        file = f"\n[dim]{escape(issue.file)}[/dim]" if issue.file else ""
        colour = "red" if issue.severity == "error" else "yellow"
        table.add_row(f"[{colour}]{escape(place)}[/{colour}]{file}", escape(issue.message))
    Console().print(table)


def print_counts(generated: Generated) -> None:
    """How much was read and generated, in one line."""
    counts = generated.counts.model_dump()
    Console(highlight=False).print(", ".join(f"{counts[name]} {name}" for name in _SHOWN_COUNTS))
