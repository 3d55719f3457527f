"""What stands in a node's box, line by line, and how large that makes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Final, Literal

from floe_cube_infra.graph import lettering
from floe_cube_infra.graph.lettering import LONGEST, shortened
from floe_cube_infra.graph.model_graph import GraphJoin, GraphNode

LineKind = Literal["told", "large", "name", "access", "plain", "join"]
SIZES: Final[dict[LineKind, int]] = {"told": 11, "large": 16, "name": 13, "access": 11, "plain": 11, "join": 11}
"""Of each kind's letters, in pixels."""

_HUB: Final = 3
_FACT: Final = 2

LEFT: Final = 16
"""Pixels between the box's side and its text; the colour of its row access is there."""

ICON: Final = 16
"""Pixels before the line of row access, for its sign."""

_RIGHT: Final = 12
_ABOVE: Final = 8
_LEADING: Final = 1.45
_NARROWEST: Final = 120
_PORT: Final = 14
"""Pixels from one line's end to the next."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of text.

    Attributes:
        kind: What it says.
        text: As it is drawn, maybe shortened.
        whole: All of it.
        baseline: Pixels below the box's top.
        link: The cube that it leads to.
    """

    kind: LineKind
    text: str
    whole: str
    baseline: float
    link: str | None = None

    @property
    def left(self) -> float:
        """Pixels from the box's left side."""
        return LEFT + (ICON if self.kind == "access" else 0)

    @property
    def right(self) -> float:
        """How far from the box's left side it may reach."""
        return self.left + lettering.width(self.text, SIZES[self.kind])


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a box holds, and the size that takes, in pixels."""

    lines: tuple[Line, ...]
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Ties:
    """What ties a node to others.

    Attributes:
        joined_by: How many joins lead to it, from anywhere.
        joins: How many lead from it.
        named: Those of them that are told in its box in words.
        lines_in: How many lines end at its left side.
        lines_out: How many begin at its right side.
    """

    joined_by: int
    joins: int
    named: tuple[GraphJoin, ...]
    lines_in: int
    lines_out: int

    @property
    def is_hub(self) -> bool:
        """Whether so many are joined to it that it stands out."""
        return self.joined_by >= _HUB

    @property
    def is_fact(self) -> bool:
        """Whether it is the middle of a star."""
        return self.joins >= _FACT and not self.is_hub


def content(node: GraphNode, ties: Ties) -> Content:
    """A box's text and size."""
    lines, y = [], float(_ABOVE)
    for kind, text, link in _texts(node, ties):
        leading = SIZES[kind] * _LEADING
        drawn, baseline = shortened(text), round(y + leading * 0.74, 1)
        lines.append(Line(kind=kind, text=drawn, whole=text, baseline=baseline, link=link))
        y += leading
    width = max(_NARROWEST, *(line.right + _RIGHT for line in lines))
    height = max(y + _ABOVE, _PORT * (max(ties.lines_in, ties.lines_out) + 1))
    return Content(lines=tuple(lines), width=float(ceil(width)), height=float(ceil(height)))


def row_access(node: GraphNode) -> str:
    """Whose rows a query may see, in words; empty for views."""
    match node.access:
        case "filter":
            return f"rows by {', '.join(node.filter_columns)}"
        case "unfiltered":
            return "all rows, unfiltered"
        case "refused":
            return "refuses every query"
        case None:
            return ""


def _texts(node: GraphNode, ties: Ties) -> Iterator[tuple[LineKind, str, str | None]]:
    if node.told:
        yield "told", node.told, None
    yield "large" if ties.is_hub or ties.is_fact else "name", node.name, None
    if node.extends is not None:
        yield "plain", f"{node.extends} in another role", node.extends
    if node.access is not None:
        yield "access", row_access(node), None
    if node.kind == "view":
        yield "plain", _uses(node), None
    elif node.kind == "cube":
        yield "plain", counts(node), None
    if ties.is_hub or ties.joined_by > ties.lines_in:
        yield "plain", f"joined by {ties.joined_by}", None
    yield from (("join", f"{_sign(join)} {join.to}", join.to) for join in ties.named)


def _uses(node: GraphNode) -> str:
    whole = f"view of {', '.join(node.uses)}"
    if len(whole) <= LONGEST or len(node.uses) == 1:
        return whole
    return f"view of {node.uses[0]} and {len(node.uses) - 1} more"


def counts(node: GraphNode) -> str:
    """How many members it has."""
    rollups = [_count(node.rollups, "rollup")] if node.rollups else []
    return ", ".join([_count(node.dimensions, "dimension"), _count(node.measures, "measure"), *rollups])


def _count(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count != 1)}"


def _sign(join: GraphJoin) -> str:
    return ":".join("1" if end == "one" else "n" for end in join.ends)
