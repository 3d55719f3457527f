"""The graph for Graphviz, in its language DOT."""

from __future__ import annotations

from typing import Final

from floe_cube_infra.graph.boxes import counts, row_access
from floe_cube_infra.graph.model_graph import GraphNode, ModelGraph

_ENDS: Final = {"one": "tee", "many": "crow"}


def dot(graph: ModelGraph) -> str:
    """The graph; ends with a line break. Folders of the dbt project are clusters."""
    known = {node.name for node in graph.nodes}
    lines = ["digraph model {", "  rankdir=LR; node [shape=box, style=rounded]; edge [dir=both];"]
    for number, folder in enumerate(sorted({node.folder for node in graph.nodes})):
        lines.append(f"  subgraph cluster_{number} {{ label={_quoted(folder)};")
        lines += [f"    {_node(node)}" for node in graph.nodes if node.folder == folder]
        lines.append("  }")
    for join in graph.drawn_joins():
        tail, head = (_ENDS[end] for end in join.ends)
        style = ", style=dashed" if join.mark == "removed" else ""
        edge = f"{_quoted(join.cube)} -> {_quoted(join.to)}"
        lines.append(f"  {edge} [arrowtail={tail}, arrowhead={head}{style}];")
    lines += [
        f"  {_quoted(node.name)} -> {_quoted(cube)} [style=dashed, arrowtail=none, arrowhead=none];"
        for node in graph.nodes
        for cube in node.uses
        if cube in known
    ]
    return "\n".join([*lines, "}"]) + "\n"


def _node(node: GraphNode) -> str:
    said = [node.told, node.name, row_access(node), counts(node) if node.kind == "cube" else ""]
    style = ', style="rounded,dashed"' if node.kind == "view" else ""
    return f"{_quoted(node.name)} [label={_quoted(chr(10).join(filter(None, said)))}{style}];"


def _quoted(text: str) -> str:
    line = "".join(each if each.isprintable() or each == "\n" else " " for each in text)
    escaped = line.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
