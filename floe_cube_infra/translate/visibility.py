"""Personal and confidential columns: hidden, masked or exposed.

What kind of data a column holds comes from the artifacts' `column_classifications` and from the column's own meta
(`classification`, `pii` or `pii_type`). What that means comes from the column's `meta.cube.visibility`, else from the
stack's settings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from floe_cube_infra.inputs.cube_meta import Visibility
from floe_cube_infra.translate.sources import SourceColumn

PERSONAL: Final = "pii"

DEFAULT_VISIBILITY: Final[Mapping[str, Visibility]] = {PERSONAL: "hide", "pci": "hide", "confidential": "hide"}
"""What settings may change; any other classification is exposed."""


# What people write into meta to say that a column is not personal; anything else says that it is.
_NO: Final = frozenset({"false", "no", "none", "n", "0"})


@dataclass(frozen=True, kw_only=True)
class Classifications:
    """What is known about columns before dbt's own meta.

    Attributes:
        by_model: The classification by model name and lower-case column name.
        visibility: What each classification means; case doesn't matter.
        clear_for: The roles that see a classification's columns in the clear, though hidden or masked for others.
    """

    by_model: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    visibility: Mapping[str, Visibility] = field(default_factory=lambda: DEFAULT_VISIBILITY)
    clear_for: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def of_model(self, model: str) -> Callable[[SourceColumn], Visibility]:
        """What the columns of a model are to those who query: `meta.cube.visibility`, else by classification."""
        known = self.by_model.get(model, {})

        def visibility(column: SourceColumn) -> Visibility:
            if column.cube.visibility is not None:
                return column.cube.visibility
            if not known and not column.meta:
                return "expose"
            return self.visibility_of(self.of(model, column.name, column.meta))

        return visibility

    def roles_for(self, model: str, column: SourceColumn) -> tuple[str, ...]:
        """The roles that see a column in the clear: `meta.cube.clear_for`, and those of its classification."""
        classification = (self.of(model, column.name, column.meta) or "").strip().lower()
        by_name = {name.strip().lower(): roles for name, roles in self.clear_for.items()}
        return tuple(sorted({*column.cube.clear_for, *by_name.get(classification, ())}))

    def of(self, model: str, column: str, meta: Mapping[str, Any]) -> str | None:
        """The classification of a column; the artifacts' goes before dbt's."""
        known = self.by_model.get(model, {}).get(column.lower())
        if known is not None:
            return known
        own = meta.get("classification")
        if isinstance(own, str):
            return own
        is_personal = str(meta.get("pii") or "no").lower() not in _NO or meta.get("pii_type")
        return PERSONAL if is_personal else None

    def visibility_of(self, classification: str | None) -> Visibility:
        """What a classification means for those who query."""
        return self._by_lower_case.get(classification.strip().lower(), "expose") if classification else "expose"

    @cached_property
    def _by_lower_case(self) -> Mapping[str, Visibility]:
        return {name.strip().lower(): visibility for name, visibility in self.visibility.items()}
