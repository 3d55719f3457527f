"""What `floe-cube watch` prints: for people a short block a run, for machines one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from floe_cube_infra.cli.options import Format
from floe_cube_infra.cli.regeneration import Run
from floe_cube_infra.cli.report import print_counts, print_error, print_issues, print_line
from floe_cube_infra.cli.stack_update import Update
from floe_cube_infra.errors import FloeCubeError, InputError
from floe_cube_infra.sync.model_changes import ModelChanges, change_lines

_DISABLED = "consumption.enabled is false in the artifacts: nothing to generate"


class WatchReport:
    """Prints runs as they end.

    Args:
        output_format: For whom.
        out: The folder that is written, as the user named it.
    """

    def __init__(self, output_format: Format, out: Path) -> None:
        self._is_json = output_format is Format.JSON
        self._out = out

    def begins(self) -> None:
        """Says how it is ended."""
        if not self._is_json:
            print_line("Watching the inputs; Ctrl-C ends.")
            sys.stdout.flush()

    def run_ended(self, run: Run) -> None:
        """Says what a run did; as JSON it is said with the update."""
        if not self._is_json:
            _print_run(run, self._out)
            sys.stdout.flush()

    def update_begins(self, stack: str) -> None:
        """Says what the lines to come are about."""
        if not self._is_json:
            _indented(f"updating the stack {stack}:")

    def pulumi_said(self, line: str) -> None:
        """Hands on a line of Pulumi's; beside JSON, to standard error."""
        if self._is_json:
            print(line, file=sys.stderr, flush=True)
        elif line:
            _indented(f"  {line}")

    def all_ended(self, run: Run, update: Update | None) -> None:
        """Says how the update ended; as JSON, all of the run."""
        if self._is_json:
            # Escaped, so that no output's encoding stands in the way.
            print(json.dumps(_document(run, update)), flush=True)
        elif update:
            _indented(_update_line(update))


def _print_run(run: Run, out: Path) -> None:
    time = f"{run.started:%H:%M:%S}"
    if run.status == "waiting":
        print_line(f"{time}  {run.message}")
    elif run.status == "disabled":
        print_line(f"{time}  {_DISABLED}; {out} stays as it was.")
    elif run.error:
        print_line(f"{time}  failed after {run.seconds:.2f} s; {out} stays as it was.")
        sys.stdout.flush()
        print_error(*_parts(run.error), as_json=False)
    elif run.generated and run.files:
        files = f"{len(run.files.written)} written, {len(run.files.removed)} removed"
        print_line(f"{time}  generated in {run.seconds:.2f} s: {files}, {len(run.files.untouched)} untouched.")
        if run.changes is None:
            print_counts(run.generated)
        else:
            _print_changes(run.changes, [*run.files.written, *run.files.removed])
        print_issues(run.new_issues)


def _print_changes(changes: ModelChanges, files: list[str]) -> None:
    for line in change_lines(changes):
        print_line(f"  {line}")
    beside = [file for file in files if not file.startswith("model/")]
    if beside or not changes:
        print_line(f"  {', '.join(beside) or 'the model'}: {'changed' if beside else 'unchanged'}")


def _document(run: Run, update: Update | None) -> dict[str, object]:
    document: dict[str, object] = {
        "time": run.started.isoformat(timespec="milliseconds"),
        "seconds": round(run.seconds, 3),
        "status": run.status,
    }
    if run.message:
        document["message"] = run.message
    if run.error:
        summary, problems = _parts(run.error)
        document["error"] = {"summary": summary, "problems": problems}
    if run.generated and run.files:
        document |= {
            "changes": None if run.changes is None else [change.model_dump() for change in run.changes.cubes],
            "counts": run.generated.counts.model_dump(),
            "newIssues": [f"{issue.severity}: {issue}" for issue in run.new_issues],
            "files": {
                "written": run.files.written,
                "removed": run.files.removed,
                "untouched": len(run.files.untouched),
            },
        }
    if update:
        document["update"] = _update_document(update)
    return document


def _update_document(update: Update) -> Mapping[str, object]:
    return {
        "stack": update.stack,
        "ok": not update.error,
        "seconds": round(update.seconds, 3),
        "resources": update.resources,
        "error": update.error or None,
    }


def _update_line(update: Update) -> str:
    if update.error:
        return f"update failed after {update.seconds:.1f} s: {update.error}"
    resources = ", ".join(f"{count} {operation}" for operation, count in sorted(update.resources.items()))
    return f"updated in {update.seconds:.1f} s: {resources or 'no resources'}"


def _parts(error: FloeCubeError) -> tuple[str, tuple[str, ...]]:
    return (error.summary, error.problems) if isinstance(error, InputError) else (str(error), ())


def _indented(line: str) -> None:
    print_line(f"  {line}")
    sys.stdout.flush()
