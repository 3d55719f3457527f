"""Lines of joins: a crow's foot where many rows meet, a bar where one does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import hypot
from typing import Final

from floe_cube_infra.graph.layout import Point, Wire
from floe_cube_infra.graph.markup import number, text
from floe_cube_infra.graph.model_graph import GraphJoin

_ROUND: Final = 7.0
"""Of a line's corners, in pixels."""

_FOOT: Final = 5.0
_FOOT_LONG: Final = 11.0
_BAR_AT: Final = 8.0


def draw_wire(wire: Wire) -> Iterator[str]:
    """Its lines of SVG."""
    path = _path(wire.points)
    if not isinstance(wire.of, GraphJoin):
        yield f'<g class="link"><title>{text(f"view {wire.of.view} of {wire.of.cube}")}</title><path d="{path}"/></g>'
        return
    join = wire.of
    told = f"{join.mark}: " if join.mark else ""
    yield f'<g class="{" ".join(filter(None, ("join", join.mark)))}">'
    yield f"<title>{text(f'{told}{join.cube} {join.words} {join.to}')}</title>"
    yield f'<path d="{path}"/>'
    yield f'<path d="{_end(wire.points[0], wire.points[1], join.ends[0])}"/>'
    yield f'<path d="{_end(wire.points[-1], wire.points[-2], join.ends[1])}"/></g>'


def _end(at: Point, towards: Point, end: str) -> str:
    x, y = _direction(at, towards)
    if end == "many":
        tip = (at[0] + x * _FOOT_LONG, at[1] + y * _FOOT_LONG)
        return "".join(f"M{_at(tip)}L{_at(toe)}" for toe in _aside(at, x, y))
    one, other = _aside((at[0] + x * _BAR_AT, at[1] + y * _BAR_AT), x, y)
    return f"M{_at(one)}L{_at(other)}"


def _aside(point: Point, x: float, y: float) -> tuple[Point, Point]:
    """The points on both sides of a line in that direction."""
    return (point[0] + y * _FOOT, point[1] + x * _FOOT), (point[0] - y * _FOOT, point[1] - x * _FOOT)


def _path(points: Sequence[Point]) -> str:
    drawn = [f"M{_at(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(_ROUND, _distance(before, corner) / 2, _distance(corner, after) / 2)
        start, end = _along(corner, before, radius), _along(corner, after, radius)
        drawn.append(f"L{_at(start)}Q{_at(corner)} {_at(end)}")
    return "".join([*drawn, f"L{_at(points[-1])}"])


def _along(start: Point, towards: Point, far: float) -> Point:
    x, y = _direction(start, towards)
    return start[0] + x * far, start[1] + y * far


def _direction(start: Point, towards: Point) -> Point:
    length = _distance(start, towards) or 1.0
    return (towards[0] - start[0]) / length, (towards[1] - start[1]) / length


def _distance(one: Point, other: Point) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


def _at(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"
