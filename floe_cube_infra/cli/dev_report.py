"""What `floe-cube dev` prints."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from floe_cube_infra.cli.options import Format
from floe_cube_infra.cli.report import print_line
from floe_cube_infra.cli.watch_report import WatchReport
from floe_cube_infra.local_cube.questions import graphql_line, rest_line, sql_line

if TYPE_CHECKING:
    from floe_cube_infra.cli.ready_cube import Ready
    from floe_cube_infra.cli.regeneration import Run


class DevReport:
    """Tells the user how far it is, where Cube is, and what to ask it.

    Args:
        folder: Cube's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._started = time.monotonic()
        self._runs = WatchReport(Format.TEXT, folder)

    def step(self, text: str) -> None:
        """Says what is being done, or was found."""
        _say(text)

    def generated(self, run: Run) -> None:
        """Says what was generated, as `floe-cube watch` does."""
        self._runs.run_ended(run)

    def answers(self, ready: Ready, error: str) -> None:
        """Says where Cube is and what to ask it.

        Args:
            ready: Cube.
            error: Why it did not answer a first question, if it didn't.
        """
        _say("")
        if error:
            _say(f"Cube listens on {ready.address}, but did not answer: {error}")
            _say(f"Its log: {ready.process.log}")
        else:
            _say(f"Cube answers on {ready.address} after {time.monotonic() - self._started:.0f} s.")
        who = ", ".join(f"{name} {value}" for name, value in sorted(ready.claims.items()))
        _say(f"A token for {ready.user}{f' of {who}' if who else ''}:")
        _say("")
        _say(f"  TOKEN={ready.token}")
        for what, line in _lines(ready):
            _say("")
            _say(what)
            _say(f"  {line}")
        _say("")
        _say("The model follows its inputs; Ctrl-C ends.")


def _lines(ready: Ready) -> list[tuple[str, str]]:
    if ready.question is None:
        return []
    lines = [
        ("REST:", rest_line(ready.question, ready.address)),
        ("GraphQL:", graphql_line(ready.question, ready.address)),
    ]
    if ready.sql_port is None:
        what = "SQL, with Cube's own addon only, which isn't here:"
        return [*lines, (what, sql_line(ready.question, 15432, ready.user))]
    return [*lines, ("SQL:", sql_line(ready.question, ready.sql_port, ready.user))]


def _say(text: str) -> None:
    print_line(text)
    sys.stdout.flush()
