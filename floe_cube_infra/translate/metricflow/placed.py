"""Metrics that have become measures, and how other measures refer to them."""

from __future__ import annotations

from dataclasses import dataclass
from keyword import iskeyword
from typing import Final

from floe_cube_infra.translate.metricflow.index import BoundModel

# fmt: off
_WORDS: Final = frozenset(
    ["case", "catch", "const", "debugger", "default", "delete", "do", "enum", "export", "extends", "false", "function",
     "implements", "instanceof", "interface", "let", "new", "null", "package", "private", "protected", "public",
     "static", "super", "switch", "this", "throw", "true", "typeof", "var", "void"]
)
"""Words of JavaScript, which Cube doesn't read as a member where they stand alone."""
# fmt: on


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A measure and where it is.

    Attributes:
        model: The semantic model whose cube has the measure.
        member: The measure's name.
        is_computed: Whether its SQL is a formula, which needs parentheses where it is put into another.
        time: The time dimension that the metric goes by.
        is_cube: Whether a cube has the same name, which Cube would take instead.
    """

    model: BoundModel
    member: str
    is_computed: bool
    time: str | None
    is_cube: bool

    @property
    def node_id(self) -> str:
        """The `unique_id` of the cube's node."""
        return self.model.node_id

    @property
    def cube(self) -> str:
        """The cube's name."""
        return self.model.source.cube_name

    def reference(self, home: Placed) -> str:
        """The measure in the SQL of a measure of `home`'s cube."""
        if self.node_id != home.node_id:
            return f"{{{self.cube}.{self.member}}}"
        is_plain = not (self.is_cube or self.member in _WORDS or iskeyword(self.member))
        return f"{{{self.member}}}" if is_plain else f"{{CUBE.{self.member}}}"

    def operand(self, home: Placed) -> str:
        """The same, fit to stand beside an operator."""
        return f"({self.reference(home)})" if self.is_computed else self.reference(home)
