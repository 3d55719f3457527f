"""Personal and confidential columns: hidden, masked or exposed.

What kind of data a column holds comes from the artifacts' `column_classifications` and from the column's own meta
(`classification` or `pii: true`). What that means comes from the column's `meta.cube.visibility`, else from the
stack's settings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from floe_cube_infra.inputs.cube_meta import Visibility
from floe_cube_infra.translate.sources import SourceColumn

PERSONAL: Final = "pii"

DEFAULT_VISIBILITY: Final[Mapping[str, Visibility]] = {PERSONAL: "hide", "pci": "hide", "confidential": "hide"}
"""What settings may change; any other classification is exposed."""


@dataclass(frozen=True, kw_only=True)
class Classifications:
    """What is known about columns before dbt's own meta.

    Attributes:
        by_model: The classification by model name and lower-case column name.
        visibility: What each classification means.
    """

    by_model: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    visibility: Mapping[str, Visibility] = field(default_factory=lambda: DEFAULT_VISIBILITY)

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

    def of(self, model: str, column: str, meta: Mapping[str, Any]) -> str | None:
        """The classification of a column; the artifacts' goes before dbt's."""
        known = self.by_model.get(model, {}).get(column.lower())
        if known is not None:
            return known
        own = meta.get("classification")
        if isinstance(own, str):
            return own
        return PERSONAL if meta.get("pii") is True or meta.get("pii_type") else None

    def visibility_of(self, classification: str | None) -> Visibility:
        """What a classification means for those who query."""
        return self.visibility.get(classification, "expose") if classification else "expose"
