"""The graph as SVG: light and dark, without scripts, to be read by eyes, searched by browsers, and read aloud."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from floe_cube_infra.graph.boxes import LEFT, Line, counts, row_access
from floe_cube_infra.graph.head import head, panel_id, spoken
from floe_cube_infra.graph.layout import Box, Layout, PlacedPanel, lay_out
from floe_cube_infra.graph.markup import attribute, text
from floe_cube_infra.graph.markup import number as _n
from floe_cube_infra.graph.model_graph import ModelGraph
from floe_cube_infra.graph.style import STYLE
from floe_cube_infra.graph.wires import draw_wire

_MARGIN: Final = 28.0
_AS_WIDE: Final = 2400.0
"""Pixels: how wide a sheet may be before what explains it is drawn larger."""


def draw(graphs: Sequence[tuple[str, ModelGraph]]) -> str:
    """The picture; the same bytes for the same graphs.

    Args:
        graphs: Each with a heading above it, from top to bottom.

    Raises:
        OutputError: What lays out isn't installed.
    """
    parts: list[str] = []
    top, widest = _MARGIN, 420.0
    for number, (heading, graph) in enumerate(graphs):
        layout, prefix = lay_out(graph), f"g{number}-" if number else ""
        lines, width, height = head(heading, graph, layout, prefix)
        # What explains a large sheet is seen from as far away.
        scale = max(1.0, round(layout.width / _AS_WIDE, 1))
        parts += [f'<g transform="translate({_n(_MARGIN)} {_n(top)}) scale({_n(scale)})">', *lines, "</g>"]
        top += height * scale + _MARGIN / 2
        parts += [f'<g transform="translate({_n(_MARGIN)} {_n(top)})">', *_drawn(layout, prefix), "</g>"]
        top += layout.height + 2 * _MARGIN
        widest = max(widest, layout.width, width * scale)
    across, down = _n(widest + 2 * _MARGIN), _n(top - _MARGIN)
    title = "; ".join(heading for heading, _ in graphs)
    description = " ".join(spoken(graph) for _, graph in graphs)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}" height="{down}" '
            f'viewBox="0 0 {across} {down}" role="img" aria-labelledby="title desc">',
            f'<title id="title">{text(title)}</title>',
            f'<desc id="desc">{text(description)}</desc>',
            f"<style>{STYLE}</style>",
            '<rect class="sheet" width="100%" height="100%"/>',
            *parts,
            "</svg>\n",
        ]
    )


def _drawn(layout: Layout, prefix: str) -> Iterator[str]:
    seen: set[str] = set()
    for panel in layout.panels:
        yield from _panel(panel, prefix, is_first=panel.folder not in seen)
        seen.add(panel.folder)


def _panel(panel: PlacedPanel, prefix: str, *, is_first: bool) -> Iterator[str]:
    yield f"<g id={attribute(panel_id(prefix, panel.folder))}>" if panel.title and is_first else "<g>"
    if panel.title:
        size = f'width="{_n(panel.width)}" height="{_n(panel.height)}"'
        yield f'<rect class="panel" x="{_n(panel.x)}" y="{_n(panel.y)}" {size} rx="10"/>'
        at = f'x="{_n(panel.x + 18)}" y="{_n(panel.y + 27)}"'
        yield f'<text class="panel-title" {at}>{text(panel.shown_title)}<title>{text(panel.title)}</title></text>'
    for wire in panel.wires:
        yield from draw_wire(wire)
    for box in panel.boxes:
        yield from _box(box, prefix)
    yield "</g>"


def _box(box: Box, prefix: str) -> Iterator[str]:
    node, content = box.node, box.content
    classes = [
        "node",
        node.kind,
        node.access or "",
        "hub" if box.ties.is_hub else "fact" if box.ties.is_fact else "",
        node.mark or "",
    ]
    told = [node.told, node.name, row_access(node), "" if node.kind == "view" else counts(node), node.folder]
    told += [f"view of {', '.join(node.uses)}" if node.uses else ""]
    yield f'<g class="{" ".join(filter(None, classes))}" id={attribute(f"{prefix}cube-{node.name}")}>'
    yield f"<title>{text(chr(10).join(filter(None, told)))}</title>"
    size = f'width="{_n(content.width)}" height="{_n(content.height)}"'
    yield f'<rect class="box" x="{_n(box.x)}" y="{_n(box.y)}" {size} rx="{16 if node.kind == "view" else 6}"/>'
    if node.access is not None:
        at = f'x="{_n(box.x + 4)}" y="{_n(box.y + 5)}"'
        yield f'<rect class="side" {at} width="4" height="{_n(content.height - 10)}" rx="2"/>'
    for line in content.lines:
        yield from _line(line, box, prefix)
    yield "</g>"


def _line(line: Line, box: Box, prefix: str) -> Iterator[str]:
    x, y = box.x + line.left, box.y + line.baseline
    if line.kind == "access":
        yield _sign(box.node.access or "", box.x + LEFT, y - 8.5)
    drawn = f'<text class="{line.kind}" x="{_n(x)}" y="{_n(y)}">{text(line.text)}</text>'
    yield drawn if line.link is None else f"<a href={attribute(f'#{prefix}cube-{line.link}')}>{drawn}</a>"


def _sign(access: str, x: float, y: float) -> str:
    """A funnel, an open ring, or a ring with a bar: row access is told by form, not by colour alone."""
    at = f'<g class="sign" transform="translate({_n(x)} {_n(y)})">'
    if access == "filter":
        return f'{at}<path class="full" d="M0 0.5H10L6.2 5V9.5L3.8 8V5Z"/></g>'
    bar = '<path d="M2 5H8"/>' if access == "refused" else ""
    return f'{at}<circle cx="5" cy="5" r="4.2"/>{bar}</g>'
