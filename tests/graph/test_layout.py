"""Where boxes and lines lie: nothing overlaps, no text leaves its box, no line runs through a box of others."""

from __future__ import annotations

import sys
from itertools import combinations, pairwise

import pytest
from hypothesis import HealthCheck, given, settings

from floe_cube_infra.errors import OutputError
from floe_cube_infra.graph.layout import Box, Layout, PlacedPanel, Point, Wire, lay_out
from floe_cube_infra.graph.model_graph import GraphJoin, GraphNode, ModelGraph
from floe_cube_infra.graph.packing import grid, pack
from tests.graph.models import graphs, warehouse

Rectangle = tuple[float, float, float, float]


def rectangle(of: Box | PlacedPanel) -> Rectangle:
    width, height = (of.content.width, of.content.height) if isinstance(of, Box) else (of.width, of.height)
    return of.x, of.y, of.x + width, of.y + height


def overlap(one: Rectangle, other: Rectangle) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def crosses(start: Point, end: Point, box: Rectangle) -> bool:
    """Whether a line along a right angle runs through the inside of a box."""
    (left, right), (top, bottom) = sorted((start[0], end[0])), sorted((start[1], end[1]))
    return left < box[2] - 0.5 and right > box[0] + 0.5 and top < box[3] - 0.5 and bottom > box[1] + 0.5


def ends(wire: Wire) -> tuple[str, str]:
    return (wire.of.cube, wire.of.to) if isinstance(wire.of, GraphJoin) else (wire.of.view, wire.of.cube)


def problems(layout: Layout) -> list[str]:
    found = []
    for one, other in combinations(layout.panels, 2):
        if overlap(rectangle(one), rectangle(other)):
            found.append(f"panel {one.title} over {other.title}")
    for panel in layout.panels:
        frame = rectangle(panel)
        for one, other in combinations(panel.boxes, 2):
            if overlap(rectangle(one), rectangle(other)):
                found.append(f"box {one.node.name} over {other.node.name}")
        for box in panel.boxes:
            x, y, right, bottom = rectangle(box)
            if x < frame[0] - 0.2 or y < frame[1] - 0.2 or right > frame[2] + 0.2 or bottom > frame[3] + 0.2:
                found.append(f"box {box.node.name} out of its panel")
            for line in box.content.lines:
                if line.right > box.content.width or not 8 <= line.baseline <= box.content.height - 3:
                    found.append(f"text {line.text} out of its box")
        by_name = {box.node.name: box for box in panel.boxes}
        for wire in panel.wires:
            for start, end in pairwise(wire.points):
                if abs(start[0] - end[0]) > 1 and abs(start[1] - end[1]) > 1:
                    found.append(f"line {ends(wire)} aslant from {start} to {end}")
                found += [
                    f"line {ends(wire)} through {box.node.name}"
                    for name, box in by_name.items()
                    if name not in ends(wire) and crosses(start, end, rectangle(box))
                ]
            for name, point in zip(ends(wire), (wire.points[0], wire.points[-1]), strict=True):
                x, y, right, bottom = rectangle(by_name[name])
                if not (x - 0.2 <= point[0] <= right + 0.2 and y - 0.2 <= point[1] <= bottom + 0.2):
                    found.append(f"line {ends(wire)} doesn't reach {name}")
    return found


@pytest.mark.parametrize("count", [6, 36, 120, 500])
def test_nothing_overlaps_however_large_the_model(count: int) -> None:
    graph = warehouse(count)

    layout = lay_out(graph)

    assert problems(layout) == []
    assert sorted(box.node.name for panel in layout.panels for box in panel.boxes) == [
        each.name for each in graph.nodes
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(graphs())
def test_nothing_overlaps_whatever_is_joined(graph: ModelGraph) -> None:
    layout = lay_out(graph)

    assert problems(layout) == []
    assert layout == lay_out(graph)
    assert max((panel.x + panel.width for panel in layout.panels), default=0) <= layout.width + 0.2
    assert max((panel.y + panel.height for panel in layout.panels), default=0) <= layout.height + 0.2


@pytest.mark.parametrize("count", [36, 500])
def test_every_join_is_a_line_or_told_in_the_box_of_its_cube(count: int) -> None:
    graph = warehouse(count)
    layout = lay_out(graph)

    lines = {wire.of for panel in layout.panels for wire in panel.wires}
    told = {join for panel in layout.panels for box in panel.boxes for join in box.ties.named}

    assert not lines & told
    assert {*graph.drawn_joins()} == {each for each in lines if isinstance(each, GraphJoin)} | told


def test_a_join_that_both_cubes_declare_is_drawn_once_from_many_to_one() -> None:
    nodes = (GraphNode(name="customers"), GraphNode(name="orders"))
    joins = (
        GraphJoin(cube="customers", to="orders", relationship="one_to_many"),
        GraphJoin(cube="orders", to="customers", relationship="many_to_one", mark="added"),
    )

    [join] = ModelGraph(nodes=nodes, joins=joins).drawn_joins()

    assert (join.cube, join.to, join.words, join.mark) == ("orders", "customers", "many to one", "added")


def test_what_many_cubes_are_joined_to_stands_out() -> None:
    [panel] = lay_out(warehouse(30)).panels
    boxes = {box.node.name: box for box in panel.boxes}

    assert boxes["dim_date"].ties.is_hub
    assert any(line.kind == "large" for line in boxes["dim_date"].content.lines)
    assert f"joined by {boxes['dim_date'].ties.joined_by}" in [each.text for each in boxes["dim_date"].content.lines]


def test_what_is_drawn_together_follows_the_folders_of_the_project() -> None:
    panels = lay_out(warehouse(120)).panels

    assert [panel.title for panel in panels] == ["models/core", *(f"models/domain_{number}" for number in range(7))]
    assert all(box.node.folder == panel.title or box.node.kind == "view" for panel in panels for box in panel.boxes)


def test_around_a_cube_is_what_few_joins_reach() -> None:
    graph = ModelGraph(
        nodes=(*(GraphNode(name=name) for name in "abcde"), GraphNode(name="v", kind="view", uses=("b", "e"))),
        joins=tuple(GraphJoin(cube=one, to=other, relationship="many_to_one") for one, other in ("ab", "bc", "cd")),
    )

    assert [node.name for node in graph.around(["a"], 1).nodes] == ["a", "b"]
    assert [node.name for node in graph.around(["a"], 2).nodes] == ["a", "b", "c", "v"]
    assert [(join.cube, join.to) for join in graph.around(["a"], 2).joins] == [("a", "b"), ("b", "c")]


def test_without_the_engine_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "graphlay", None)

    with pytest.raises(OutputError, match=r"pip install 'floe-cube-infra\[pictures\]'"):
        lay_out(warehouse(10))


@pytest.mark.parametrize("packing", [pack, grid])
def test_rectangles_lie_apart_by_the_gap(packing: type) -> None:
    sizes = [(float(30 + 37 * number % 90), float(20 + 53 * number % 70)) for number in range(40)]

    corners, width, height = packing(sizes, 10.0)

    grown = [(x, y, x + w + 10, y + h + 10) for (x, y), (w, h) in zip(corners, sizes, strict=True)]
    assert not any(overlap(one, other) for one, other in combinations(grown, 2))
    assert max(right for _, _, right, _ in grown) <= width + 10.1
    assert max(bottom for _, _, _, bottom in grown) <= height + 10.1
