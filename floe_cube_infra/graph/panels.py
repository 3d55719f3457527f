"""What is drawn together: the whole graph where it is small; else folder by folder, in parts that an eye can hold.

Lines across a large picture can't be followed. There, a join that leaves its part, or leads to a cube that everything
is joined to, is a line of text in the cube's box, as networks are named rather than wired in a circuit's schematic.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from floe_cube_infra.graph.model_graph import GraphJoin, GraphNode, ModelGraph

WHOLE: Final = 40
"""Nodes that are drawn as one."""

_PART: Final = 24
"""Nodes of a part that a larger folder falls into."""

_SCATTERED: Final = 4
"""Nodes that are too few for a part of their own."""

_LINES: Final = 10
"""Lines to one cube; where there would be more, each is named instead."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """A view and the cube that it hangs on."""

    view: str
    cube: str


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What is drawn together.

    Attributes:
        title: The folder, and in which part of it; empty where everything is drawn as one.
        folder: The folder.
        nodes: By name.
        joins: Drawn as lines, from many to one.
        links: Drawn as lines.
        named: Joins of its cubes that are told in words, by the cube in whose box.
    """

    title: str
    folder: str
    nodes: tuple[GraphNode, ...]
    joins: tuple[GraphJoin, ...]
    links: tuple[Link, ...]
    named: dict[str, tuple[GraphJoin, ...]]


def panels(graph: ModelGraph) -> list[Panel]:
    """All of the graph, each node once; panels by their titles."""
    joins = graph.drawn_joins()
    links = _links(graph)
    if len(graph.nodes) <= WHOLE:
        return [_panel("", "", graph.nodes, joins, links)] if graph.nodes else []
    parts = _parts(graph, joins, links)
    by_part: dict[tuple[str, str], list[GraphNode]] = defaultdict(list)
    for node in graph.nodes:
        by_part[parts[node.name]].append(node)
    ties = graph.joined_by() + graph.joining()
    found = []
    for (folder, part), nodes in sorted(by_part.items()):
        # The most joined cube names a part.
        centre = max(nodes, key=lambda node: (node.kind == "cube", ties[node.name], node.name)).name
        others = sum(each[0] == folder for each in by_part) > 1
        title = folder if not others else f"{folder}, around {centre}" if part else f"{folder}, others"
        # Views have a line to their cube only where there is room for a column of them.
        found.append(_panel(title, folder, nodes, joins, ()))
    return found


def _links(graph: ModelGraph) -> list[Link]:
    """Each view with its root, or the first of its cubes that is in the picture."""
    known = {node.name for node in graph.nodes}
    found = []
    for node in graph.nodes:
        cube = next((name for name in node.uses if name in known), None)
        if cube is not None:
            found.append(Link(view=node.name, cube=cube))
    return found


def _panel(
    title: str, folder: str, nodes: Iterable[GraphNode], joins: Sequence[GraphJoin], links: Sequence[Link]
) -> Panel:
    nodes = tuple(nodes)
    inside = {node.name for node in nodes}
    within = [join for join in joins if join.cube in inside and join.to in inside]
    lines = Counter(join.to for join in within)
    named: dict[str, list[GraphJoin]] = defaultdict(list)
    for join in joins:
        if join.cube in inside and (join.to not in inside or lines[join.to] > _LINES):
            named[join.cube].append(join)
    return Panel(
        title=title,
        folder=folder,
        nodes=nodes,
        joins=tuple(join for join in within if lines[join.to] <= _LINES),
        links=tuple(link for link in links if link.view in inside and link.cube in inside),
        named={cube: tuple(those) for cube, those in named.items()},
    )


def _parts(graph: ModelGraph, joins: Sequence[GraphJoin], links: Sequence[Link]) -> dict[str, tuple[str, str]]:
    """The part of each node: its folder; where that is large, the cubes that are joined most closely in it.

    Parts grow along joins, those between cubes of few joins first, so that what everyone shares comes last.
    """
    folder = {node.name: node.folder for node in graph.nodes}
    # Views are shown with the cube that they hang on, whatever folder declares them.
    folder |= {link.view: folder[link.cube] for link in links}
    sizes = Counter(folder.values())
    degrees = Counter(name for join in joins for name in (join.cube, join.to))
    parts = _Parts(folder)
    pairs = [(link.view, link.cube) for link in links]
    pairs += sorted(
        ((join.cube, join.to) for join in joins),
        key=lambda pair: (max(degrees[name] for name in pair), sum(degrees[name] for name in pair), pair),
    )
    for one, other in pairs:
        if folder[one] == folder[other] and sizes[folder[one]] > WHOLE:
            parts.unite(one, other)
    # What is left between the parts is shown together.
    return {
        name: (folder[name], parts.first(name) if sizes[folder[name]] > WHOLE and parts.size(name) > _SCATTERED else "")
        for name in folder
    }


class _Parts:
    """Disjoint sets of nodes, none larger than a part."""

    def __init__(self, names: Iterable[str]) -> None:
        self._of = {name: [name] for name in names}

    def unite(self, one: str, other: str) -> None:
        mine, theirs = self._of[one], self._of[other]
        if mine is not theirs and len(mine) + len(theirs) <= _PART:
            mine += theirs
            for name in theirs:
                self._of[name] = mine

    def size(self, name: str) -> int:
        return len(self._of[name])

    def first(self, name: str) -> str:
        return min(self._of[name])
