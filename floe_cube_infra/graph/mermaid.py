"""The graph for Mermaid, which GitHub and GitLab draw within Markdown.

A flow chart, not `erDiagram`: it has forms for views and words for row filters, and marks for what changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from floe_cube_infra.graph.boxes import row_access
from floe_cube_infra.graph.lettering import shortened
from floe_cube_infra.graph.model_graph import GraphJoin, GraphNode, ModelGraph

MOST_LINES: Final = 500
"""Edges that Mermaid draws unless it is configured, which nobody can at GitHub."""

_HARMLESS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-.,:/()")
_LATIN: Final = 0x2FF
_CLASSES: Final = {
    "filter": "stroke:#2463a8",
    "unfiltered": "stroke:#a35a00",
    "refused": "stroke:#6b7280",
    "view": "stroke:#6d4fa3,stroke-dasharray:5 3",
    "added": "stroke:#1a7f37,stroke-width:3px",
    "removed": "stroke:#cf222e,stroke-width:3px,stroke-dasharray:7 4",
    "renamed": "stroke:#9a6700,stroke-width:3px",
    "changed": "stroke:#9a6700,stroke-width:3px",
}
"""Outlines only, so that text is readable on dark pages, too; each is told in words besides."""


def mermaid(graph: ModelGraph, *, with_folders: bool = True) -> str:
    """The chart; ends with a line break.

    Args:
        graph: What is drawn.
        with_folders: Whether each folder of the dbt project has a frame of its own, where there are several.
    """
    places = {node.name: f"n{number}" for number, node in enumerate(graph.nodes)}
    folders = sorted({node.folder for node in graph.nodes})
    lines = ["flowchart LR"]
    if with_folders and len(folders) > 1:
        for number, folder in enumerate(folders):
            lines.append(f'  subgraph f{number}["{_text(folder)}"]')
            lines += [f"    {_node(node, places)}" for node in graph.nodes if node.folder == folder]
            lines.append("  end")
    else:
        lines += [f"  {_node(node, places)}" for node in graph.nodes]
    lines += [f"  {line}" for line in _edges(graph, places)]
    used = {_class(node) for node in graph.nodes}
    lines += [f"  classDef {name} {style}" for name, style in _CLASSES.items() if name in used]
    return "\n".join(lines) + "\n"


def count_lines(graph: ModelGraph) -> int:
    """How many edges the chart has."""
    return sum(1 for _ in _edges(graph, {node.name: "" for node in graph.nodes}))


def _node(node: GraphNode, places: dict[str, str]) -> str:
    said = [node.told, node.name, row_access(node)]
    if node.extends is not None:
        said.append(f"{node.extends} in another role")
    label = "<br/>".join(_text(shortened(each)) for each in said if each)
    opening, closing = ('(["', '"])') if node.kind == "view" else ('["', '"]')
    return f"{places[node.name]}{opening}{label}{closing}:::{_class(node)}"


def _class(node: GraphNode) -> str:
    return node.mark or node.access or "view"


def _edges(graph: ModelGraph, places: dict[str, str]) -> Iterator[str]:
    for join in graph.drawn_joins():
        # Two marks in words: colours of single lines would have to be told by their number.
        line = "-.->" if join.mark == "removed" else "-->"
        yield f'{places[join.cube]} {line}|"{_text(_words(join))}"| {places[join.to]}'
    for node in graph.nodes:
        yield from (f"{places[node.name]} -.- {places[cube]}" for cube in node.uses if cube in places)


def _words(join: GraphJoin) -> str:
    ends = ":".join("1" if end == "one" else "n" for end in join.ends)
    return f"{join.mark} {ends}" if join.mark else ends


def _text(text: str) -> str:
    """Text within quotes, of which Mermaid, HTML and Markdown take nothing for their own."""
    line = "".join(each if each.isprintable() else " " for each in text)
    return "".join(each if each in _HARMLESS or ord(each) > _LATIN else f"#{ord(each)};" for each in line)
