"""What commands print: for people with rich, for machines as JSON.

Colours, tables and line breaks are for terminals; a pipe or a file gets one line a matter, as long as it is.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from floe_cube_infra.generation import Generated
from floe_cube_infra.translate.issues import Issue

if TYPE_CHECKING:
    from rich.table import Table

# rich is imported where it is needed: answers for machines, and plain lines, come a tenth of a second sooner.
_SHOWN_COUNTS = (
    "models",
    "columns",
    "cubes",
    "roles",
    "views",
    "dimensions",
    "measures",
    "joins",
    "rollups",
    "files",
    "errors",
    "warnings",
)


def print_error(summary: str, problems: Sequence[str], *, as_json: bool) -> None:
    """An error: for people on standard error, for machines on standard output like any other answer."""
    if as_json:
        print_json({"ok": False, "error": {"summary": summary, "problems": list(problems)}})
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(stderr=True)
    console.print(Text.assemble(("Error:", "red"), " ", _printable(summary)), soft_wrap=True)
    for problem in problems:
        console.print(Text(f"  - {_printable(problem)}"), soft_wrap=True)


def print_warning(text: str) -> None:
    """A warning on standard error."""
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    Console(stderr=True).print(Text.assemble(("Warning:", "yellow"), " ", _printable(text)), soft_wrap=True)


def print_next_step(text: str) -> None:
    """What to do next: for whoever sits at a terminal, on standard error; whatever reads a pipe has its own plans."""
    if not (sys.stdout.isatty() and sys.stderr.isatty()):
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    Console(stderr=True).print(Text.assemble(("Next:", "bold"), " ", text))


def print_line(text: str) -> None:
    """A line on standard output, as it is: no markup, no wrapping."""
    print(_printable(text))


def print_json(document: Mapping[str, object]) -> None:
    """One JSON document on standard output."""
    try:
        # Many times faster than the standard library with the paths of twenty thousand files.
        text = msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
        text.encode(sys.stdout.encoding)
    except UnicodeEncodeError:  # an output without UTF-8, or a file name that isn't UTF-8
        text = json.dumps(document, indent=2)
    print(text)


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
        "files": list(generated.folder()),
    }


def print_issues(issues: Sequence[Issue]) -> None:
    """The issues: on a terminal as a table, the place on the left; elsewhere one a line."""
    if sys.stdout.isatty() or os.environ.get("FORCE_COLOR"):
        from rich.console import Console  # noqa: PLC0415

        if issues:
            Console().print(_table(issues))
    else:
        for issue in issues:
            print_line(f"{issue.severity}: {issue}")


def print_counts(generated: Generated) -> None:
    """How much was read and generated, in one line."""
    counts = generated.counts.model_dump()
    print_line(", ".join(f"{counts[name]} {name}" for name in _SHOWN_COUNTS))


def _table(issues: Sequence[Issue]) -> Table:
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, padding=(0, 2, 0, 0), show_header=True, header_style="bold")
    table.add_column("where")
    table.add_column("what", ratio=1)
    for issue in issues:
        place = f"{issue.model}.{issue.column}" if issue.column else issue.model
        colour = {"error": "red", "warning": "yellow", "note": "blue"}[issue.severity]
        where = Text(_printable(place), style=colour)
        if issue.file:
            where.append(f"\n{_printable(issue.file)}", style="dim default")
        table.add_row(where, Text(_printable(issue.message)))
    return table


def _printable(text: str) -> str:
    """The text with control characters spelt out: names come from foreign files and may hold escape codes."""
    return "".join(
        character if character.isprintable() or character == "\n" else character.encode("unicode_escape").decode()
        for character in text
    )
