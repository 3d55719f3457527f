"""Where everything lies: boxes in layers from many to one, lines around them, panels side by side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Final

from floe_cube_infra.errors import OutputError
from floe_cube_infra.graph import lettering
from floe_cube_infra.graph.boxes import Content, Ties, content
from floe_cube_infra.graph.model_graph import GraphJoin, GraphNode, ModelGraph
from floe_cube_infra.graph.packing import grid, pack
from floe_cube_infra.graph.panels import Link, Panel, panels

TITLE: Final = 19
"""Of the letters of a panel's title, in pixels: to be found on a sheet that is seen from afar."""

_GAP: Final = 28.0
_INSIDE: Final = 18.0
_TITLE_BAR: Final = 42.0
_NARROWEST: Final = 260.0
_OPTIONS: Final = {
    "spacing": {"layer_gap": 72.0, "node_gap": 20.0, "dummy_gap": 20.0, "port_gap": 12.0, "stub": 20.0},
    "labels": {"reservation": "never"},
    # Straightened lines would run along the borders of boxes.
    "tuning": {"routing": {"step_flatten": 0.0}},
}

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Box:
    """A node's box.

    Attributes:
        node: The node.
        content: What stands in it.
        x: Its left side.
        y: Its top.
        ties: What ties it to others.
    """

    node: GraphNode
    content: Content
    x: float
    y: float
    ties: Ties


@dataclass(frozen=True, kw_only=True)
class Wire:
    """A line.

    Attributes:
        of: What it stands for.
        points: From the many side to the one side, or from a view to its cube, along right angles.
    """

    of: GraphJoin | Link
    points: tuple[Point, ...]


@dataclass(frozen=True, kw_only=True)
class PlacedPanel:
    """What is drawn together, and where.

    Attributes:
        title: Of the panel; empty where there is only one.
        folder: Of the dbt project; one may fall into several panels.
        x: Its left side.
        y: Its top.
        width: In pixels.
        height: In pixels.
        boxes: Inside it.
        wires: Inside it, through no box.
    """

    title: str
    folder: str
    x: float
    y: float
    width: float
    height: float
    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]

    @property
    def shown_title(self) -> str:
        """As much of the title as there is room for."""
        return lettering.shortened(self.title, int((self.width - 2 * _INSIDE) / lettering.width("x", TITLE)))


@dataclass(frozen=True, kw_only=True)
class Layout:
    """All of it; nothing lies outside `width` and `height`, in pixels."""

    panels: tuple[PlacedPanel, ...]
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """Boxes that hang together by lines, from (0, 0) on."""

    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    width: float
    height: float


def lay_out(graph: ModelGraph) -> Layout:
    """Where everything lies; the same for the same graph.

    Raises:
        OutputError: What lays out isn't installed.
    """
    joined, joining = graph.joined_by(), graph.joining()
    placed = [_place(panel, joined, joining) for panel in panels(graph)]
    corners, width, height = pack([(each.width, each.height) for each in placed], _GAP)
    return Layout(
        panels=tuple(_moved(each, corner) for each, corner in zip(placed, corners, strict=True)),
        width=width,
        height=height,
    )


def _place(panel: Panel, joined: Counter[str], joining: Counter[str]) -> PlacedPanel:
    pieces = list(_pieces(panel, joined, joining))
    corners, width, height = pack([(each.width, each.height) for each in pieces], _GAP)
    boxes: list[Box] = []
    wires: list[Wire] = []
    left, top = (_INSIDE, _TITLE_BAR) if panel.title else (0.0, 0.0)
    for piece, (x, y) in zip(pieces, corners, strict=True):
        boxes += [replace(box, x=box.x + left + x, y=box.y + top + y) for box in piece.boxes]
        wires += [_wire_at(wire, left + x, top + y) for wire in piece.wires]
    if panel.title:
        width = max(width + 2 * _INSIDE, _NARROWEST)
        height += _TITLE_BAR + _INSIDE
    return PlacedPanel(
        title=panel.title,
        folder=panel.folder,
        x=0.0,
        y=0.0,
        width=width,
        height=height,
        boxes=tuple(boxes),
        wires=tuple(wires),
    )


def _moved(panel: PlacedPanel, corner: Point) -> PlacedPanel:
    x, y = corner
    return replace(
        panel,
        x=x,
        y=y,
        boxes=tuple(replace(box, x=box.x + x, y=box.y + y) for box in panel.boxes),
        wires=tuple(_wire_at(wire, x, y) for wire in panel.wires),
    )


def _wire_at(wire: Wire, x: float, y: float) -> Wire:
    return replace(wire, points=tuple((across + x, down + y) for across, down in wire.points))


def _pieces(panel: Panel, joined: Counter[str], joining: Counter[str]) -> Iterator[_Piece]:
    """What hangs together, the largest first; then all that hangs on nothing, as a grid."""
    wires: list[GraphJoin | Link] = [*panel.joins, *panel.links]
    into = Counter(_ends(wire)[1] for wire in wires)
    out = Counter(_ends(wire)[0] for wire in wires)
    ties = {
        node.name: Ties(
            joined_by=joined[node.name],
            joins=joining[node.name],
            named=panel.named.get(node.name, ()),
            lines_in=into[node.name],
            lines_out=out[node.name],
        )
        for node in panel.nodes
    }
    boxes = {
        node.name: Box(node=node, content=content(node, ties[node.name]), x=0.0, y=0.0, ties=ties[node.name])
        for node in panel.nodes
    }
    components = _components(boxes, wires)
    for component in sorted(components, key=lambda names: (-len(names), names)):
        if len(component) > 1:
            inside = set(component)
            yield _layered([boxes[name] for name in component], [wire for wire in wires if _ends(wire)[0] in inside])
    lone = [boxes[component[0]] for component in components if len(component) == 1]
    if lone:
        corners, width, height = grid([(box.content.width, box.content.height) for box in lone], _INSIDE)
        placed = [replace(box, x=x, y=y) for box, (x, y) in zip(lone, corners, strict=True)]
        yield _Piece(boxes=tuple(placed), wires=(), width=width, height=height)


def _components(boxes: dict[str, Box], wires: Sequence[GraphJoin | Link]) -> list[list[str]]:
    neighbours: dict[str, list[str]] = defaultdict(list)
    for wire in wires:
        one, other = _ends(wire)
        neighbours[one].append(other)
        neighbours[other].append(one)
    found: list[list[str]] = []
    seen: set[str] = set()
    for name in boxes:
        if name not in seen:
            seen.add(name)
            component = [name]
            for each in component:
                new = [other for other in neighbours[each] if other not in seen]
                seen.update(new)
                component += new
            found.append(sorted(set(component)))
    return found


def _layered(boxes: Sequence[Box], wires: Sequence[GraphJoin | Link]) -> _Piece:
    graph = _engine().Graph()
    for box in boxes:
        graph.node(box.node.name, width=box.content.width, height=box.content.height)
    for wire in wires:
        graph.edge(*_ends(wire))
    drawn = _engine().layout(graph, options=_OPTIONS)
    left, top = drawn.bounds["min"]["x"], drawn.bounds["min"]["y"]
    right, bottom = drawn.bounds["max"]["x"], drawn.bounds["max"]["y"]
    centres = drawn.positions()
    return _Piece(
        boxes=tuple(
            replace(
                box,
                x=_round(centres[box.node.name][0] - box.content.width / 2 - left),
                y=_round(centres[box.node.name][1] - box.content.height / 2 - top),
            )
            for box in boxes
        ),
        wires=tuple(
            Wire(of=wire, points=tuple((_round(at["x"] - left), _round(at["y"] - top)) for at in edge["points"]))
            for wire, edge in zip(wires, drawn.edges, strict=True)
        ),
        width=_round(right - left),
        height=_round(bottom - top),
    )


def _ends(wire: GraphJoin | Link) -> tuple[str, str]:
    return (wire.view, wire.cube) if isinstance(wire, Link) else (wire.cube, wire.to)


def _round(value: float) -> float:
    # Whatever the machine computes beyond that, nobody sees, and bytes stay the same.
    return round(value, 1) + 0.0


def _engine() -> ModuleType:
    try:
        import graphlay  # noqa: PLC0415 - most commands draw nothing
    except ImportError:
        raise OutputError(
            "A picture is laid out by graphlay, which isn't installed: pip install 'floe-cube-infra[pictures]'; "
            "--format mermaid and --format dot do without."
        ) from None
    return graphlay
