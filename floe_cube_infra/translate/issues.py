"""What is wrong or doubtful in a dbt project: collected with its place, sorted, and reported at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from floe_cube_infra.inputs.dbt_manifest import Node

Severity = Literal["error", "warning", "note"]


_ORDER: Final[dict[Severity, int]] = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, kw_only=True)
class Issue:
    """One thing that is wrong (error) or doubtful (warning).

    Attributes:
        model: The dbt node's `unique_id`.
        column: The column, if it is about one.
        message: What is the matter, and what to do about it.
        severity: An error has to be mended; a warning is to be looked at; a note tells what was decided.
        file: The dbt node's file, relative to the dbt project.
        stops: Whether nothing is generated because of it. An error that doesn't stop leaves a cube that refuses every
            query, while all others serve.
    """

    model: str
    column: str | None
    message: str
    severity: Severity
    file: str | None
    stops: bool = False

    def __str__(self) -> str:
        place = f"{self.model}.{self.column}" if self.column else self.model
        where = f" ({self.file})" if self.file else ""
        return f"{place}{where}: {self.message}"

    @property
    def _order(self) -> tuple[int, str, str, str]:
        return (_ORDER[self.severity], self.model, self.column or "", self.message)


@dataclass
class IssueLog:
    """Collects issues while the translation goes on; the same issue twice is one."""

    _issues: set[Issue] = field(default_factory=set)

    def error(self, node: Node, message: str, column: str | None = None) -> None:
        """Notes what stops the generation."""
        self._add(node, message, column, "error", stops=True)

    def refused(self, node: Node, message: str) -> None:
        """Notes what is wrong with a cube that is generated all the same, and refuses every query."""
        self._add(node, message, None, "error")

    def warning(self, node: Node, message: str, column: str | None = None) -> None:
        """Notes what is doubtful."""
        self._add(node, message, column, "warning")

    def warning_at(self, unique_id: str, file: str | None, message: str) -> None:
        """Notes what is doubtful about something in dbt that is no node: an exposure, a saved query."""
        self._issues.add(Issue(model=unique_id, column=None, message=message, severity="warning", file=file))

    def note(self, node: Node, message: str, column: str | None = None) -> None:
        """Notes what was decided, and why."""
        self._add(node, message, column, "note")

    def _add(self, node: Node, message: str, column: str | None, severity: Severity, *, stops: bool = False) -> None:
        # A model's properties stand in its YAML file, if it has one: that is where people mend things.
        patch = node.patch_path.partition("://")[2] if node.patch_path else None
        file = patch or node.original_file_path
        self._issues.add(
            Issue(model=node.unique_id, column=column, message=message, severity=severity, file=file, stops=stops)
        )

    def sorted(self) -> tuple[Issue, ...]:
        """All issues: errors first, then by model, column and text."""
        return tuple(sorted(self._issues, key=lambda issue: issue._order))


def stopping(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """The ones because of which nothing is generated."""
    return tuple(issue for issue in issues if issue.stops)


def errors(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """The ones that have to be mended."""
    return tuple(issue for issue in issues if issue.severity == "error")


def warnings(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """The ones that are doubtful."""
    return tuple(issue for issue in issues if issue.severity == "warning")
