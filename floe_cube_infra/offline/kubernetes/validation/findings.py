"""Collects what is wrong with an object, and reads its parts without tripping over what isn't known yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from floe_cube_infra.offline.property_path import Path, format_path
from floe_cube_infra.offline.wire import Plain, Unknown


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that Kubernetes would refuse: where it is (a property path), and a sentence."""

    path: str
    reason: str


@dataclass(slots=True)
class Findings:
    """The problems found so far.

    The readers below give an empty value for a part that is missing or not known yet, and note a problem for
    one of the wrong type; so that rules can read on and every problem is told at once.
    """

    problems: list[Problem] = field(default_factory=list)

    def add(self, path: Path, reason: str) -> None:
        """Notes that something is wrong at `path`."""
        self.problems.append(Problem(format_path(path), reason))

    def mapping(self, parent: dict[str, Any], key: str, path: Path) -> dict[str, Any]:
        """Gives the mapping `parent[key]`; `path` is the parent's."""
        value = parent.get(key)
        if isinstance(value, dict):
            return value
        self._note_wrong_type(value, (*path, key), "a mapping")
        return {}

    def items(self, parent: dict[str, Any], key: str, path: Path) -> list[tuple[Path, dict[str, Any]]]:
        """Gives the mappings in the list `parent[key]`, each with its path."""
        value = parent.get(key)
        found: list[tuple[Path, dict[str, Any]]] = []
        if isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, dict):
                    found.append(((*path, key, index), item))
                else:
                    self._note_wrong_type(item, (*path, key, index), "a mapping", null_is_fine=False)
        else:
            self._note_wrong_type(value, (*path, key), "a list")
        return found

    def _note_wrong_type(self, value: Plain, path: Path, wanted: str, *, null_is_fine: bool = True) -> None:
        if isinstance(value, Unknown) or (value is None and null_is_fine):
            return
        self.add(path, f"must be {wanted}, but is {kind_of(value)}")


def kind_of(value: Plain) -> str:
    """Gives the words for a value's type, as a person who writes YAML would say it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, list) else "a mapping"
