"""The coverage as a picture: for each cube its measures by its dimensions, filled where a rollup answers. SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape  # nosec B406 # it is written, not read

from floe_cube_infra.acceleration.coverage import CubeCoverage, Pair

_CELL: Final = 18
_MARGIN: Final = 24
_LETTER: Final = 6.8  # the width of one, at 11 pixels
_COLOURS: Final = ("#2f6fb0", "#2e8b57", "#8a5fb0", "#b0702f", "#2f9aa8", "#a8476b")
"""One for each rollup of a cube, in turn; dark enough for white beside them."""
_NONE: Final = "#e9edf1"
_STYLE: Final = (
    "text{font:11px ui-monospace,Menlo,Consolas,monospace;fill:#1f2933}"
    ".cube{font-weight:600;font-size:14px}.share{fill:#5b6875}"
)


def draw(cubes: Sequence[CubeCoverage]) -> str:
    """The picture; the same for the same coverage."""
    top, parts, widest = _MARGIN, [], 360.0
    for cube in cubes:
        lines, width, height = _cube(cube, top)
        parts += lines
        widest = max(widest, width)
        top += height + _MARGIN
    if not cubes:
        parts = [f'<text x="{_MARGIN}" y="{top + 12}">There are no rollups.</text>']
        top += 40
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{widest:.0f}" height="{top}" '
            f'viewBox="0 0 {widest:.0f} {top}" role="img">',
            "<title>Measures by dimensions: what rollups answer</title>",
            f"<style>{_STYLE}</style>",
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            *parts,
            "</svg>\n",
        ]
    )


def _cube(cube: CubeCoverage, top: int) -> tuple[list[str], float, int]:
    """Its lines, how far they reach to the right, and their height."""
    rollups = list(dict.fromkeys(pair.served_by for row in cube.pairs for pair in row if pair.served_by is not None))
    colours = {rollup: _COLOURS[index % len(_COLOURS)] for index, rollup in enumerate(rollups)}
    left = _MARGIN + round(_LETTER * max(map(len, cube.measures), default=0)) + 8
    # Names of columns rise to the right, at half a right angle.
    longest = _LETTER * max(map(len, cube.dimensions), default=0) * 0.71
    grid = top + 28 + round(longest) + 8
    lines = [f'<text class="cube" x="{_MARGIN}" y="{top + 14}">{escape(cube.cube)}</text>']
    share = f"{cube.served} of {cube.count} pairs are answered by a rollup"
    after = _MARGIN + 9 * len(cube.cube) + 12
    lines.append(f'<text class="share" x="{after}" y="{top + 14}">{share}</text>')
    for index, name in enumerate(cube.dimensions):
        x, y = left + index * _CELL + 11, grid - 5
        lines.append(f'<text transform="translate({x} {y}) rotate(-45)">{escape(name)}</text>')
    for number, (name, row) in enumerate(zip(cube.measures, cube.pairs, strict=True)):
        y = grid + number * _CELL
        lines.append(f'<text x="{left - 8}" y="{y + 13}" text-anchor="end">{escape(name)}</text>')
        lines += _cells(row, left, y, colours)
    y = grid + len(cube.measures) * _CELL + 20
    for rollup, colour in (*colours.items(), ("none: the source tables", _NONE)):
        lines.append(f'<rect x="{left}" y="{y - 10}" width="12" height="12" rx="2" fill="{colour}"/>')
        lines.append(f'<text x="{left + 18}" y="{y}">{escape(rollup)}</text>')
        y += 18
    names = max((*map(len, rollups), len("none: the source tables")))
    width = max(
        left + len(cube.dimensions) * _CELL + longest, after + _LETTER * len(share), left + 18 + _LETTER * names
    )
    return lines, width + _MARGIN, y - top


def _cells(row: Sequence[Pair], left: int, y: int, colours: dict[str, str]) -> Iterator[str]:
    for index, pair in enumerate(row):
        colour = _NONE if pair.served_by is None else colours[pair.served_by]
        told = f"{pair.measure} by {pair.dimension}: {pair.served_by or pair.why_not}"
        yield (
            f'<rect x="{left + index * _CELL}" y="{y}" width="{_CELL - 2}" height="{_CELL - 2}" rx="2" '
            f'fill="{colour}"><title>{escape(told)}</title></rect>'
        )
