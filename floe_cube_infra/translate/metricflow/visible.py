"""Columns that queries must not see, also not through an expression or a view."""

from __future__ import annotations

import re
from dataclasses import dataclass

from floe_cube_infra.inputs.cube_meta import Visibility
from floe_cube_infra.translate.sources import SourceColumn, SourceModel
from floe_cube_infra.translate.visibility import Classifications

_COLUMN = re.compile(r'\{CUBE\}\.("[^"]+"|`[^`]+`|\w+)')


@dataclass(frozen=True, kw_only=True)
class Visible:
    """What classifications mean for the semantic layer."""

    classifications: Classifications

    def is_open_column(self, column: SourceColumn, source: SourceModel) -> bool:
        """Whether queries may see the column's values."""
        return column.cube.public is not False and self._visibility(column, source) == "expose"

    def is_masked(self, column: SourceColumn, source: SourceModel) -> bool:
        """Whether the column's dimension is the same for all rows."""
        return self._visibility(column, source) == "mask"

    def is_open(self, sql: str, source: SourceModel) -> bool:
        """Whether every column in the SQL of a member may be seen."""
        columns = (source.column(match[1]) for match in _COLUMN.finditer(sql))
        return all(column is None or self.is_open_column(column, source) for column in columns)

    def _visibility(self, column: SourceColumn, source: SourceModel) -> Visibility:
        known = self.classifications.of(source.node.name, column.name, column.meta)
        return column.cube.visibility or self.classifications.visibility_of(known)
