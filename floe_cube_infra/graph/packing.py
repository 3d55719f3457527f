"""Rectangles side by side on a sheet that is about as wide as a screen is."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt
from typing import Final

Size = tuple[float, float]
Corner = tuple[float, float]

_SHAPE: Final = 1.6
"""Of a sheet: its width to its height."""

_TRIES: Final = 24


def pack(sizes: Sequence[Size], gap: float) -> tuple[list[Corner], float, float]:
    """Corners of rectangles that don't overlap, and the width and height of the whole.

    Each goes as high up as it can, then as far left; those before others in the order come before them on the sheet.

    Args:
        sizes: Width and height of each.
        gap: Between two of them.
    """
    if not sizes:
        return [], 0.0, 0.0
    least = max(width for width, _ in sizes)
    most = sum(width + gap for width, _ in sizes) - gap
    wanted = sqrt(_SHAPE * sum((width + gap) * (height + gap) for width, height in sizes))
    widths = {most, least, *(min(most, max(least, wanted * (0.8 + step / _TRIES))) for step in range(_TRIES))}
    sheets = [_packed(sizes, gap, width) for width in sorted(widths)]
    return min(sheets, key=lambda sheet: (max(sheet[1], _SHAPE * sheet[2]), sheet[1]))


def grid(sizes: Sequence[Size], gap: float) -> tuple[list[Corner], float, float]:
    """The same in columns of equal width and rows as high as they need."""
    width = max(each for each, _ in sizes)
    height = max(each for _, each in sizes)
    columns = min(len(sizes), max(1, ceil(sqrt(_SHAPE * len(sizes) * height / width))))
    corners: list[Corner] = []
    top = 0.0
    for first in range(0, len(sizes), columns):
        row = sizes[first : first + columns]
        corners += [(place * (width + gap), top) for place in range(len(row))]
        top += max(each for _, each in row) + gap
    return corners, columns * (width + gap) - gap, top - gap


def _packed(sizes: Sequence[Size], gap: float, widest: float) -> tuple[list[Corner], float, float]:
    # Where the sheet is taken, from above: from which x on, down to which y.
    skyline: list[Corner] = [(0.0, 0.0)]
    corners: list[Corner] = []
    for width, height in sizes:
        starts = [x for x, _ in skyline if x == 0 or x + width <= widest + 0.01]
        y, x = min((_lowest(skyline, x, x + width + gap), x) for x in starts)
        corners.append((round(x, 1), round(y, 1)))
        skyline = _taken(skyline, x, x + width + gap, y + height + gap)
    reach = max(x + width for (x, _), (width, _) in zip(corners, sizes, strict=True))
    depth = max(y + height for (_, y), (_, height) in zip(corners, sizes, strict=True))
    return corners, round(reach, 1), round(depth, 1)


def _lowest(skyline: Sequence[Corner], left: float, right: float) -> float:
    ends = [x for x, _ in skyline[1:]] + [float("inf")]
    return max(y for (x, y), end in zip(skyline, ends, strict=True) if x < right and end > left)


def _taken(skyline: Sequence[Corner], left: float, right: float, depth: float) -> list[Corner]:
    after = max((each for each in skyline if each[0] <= right), key=lambda each: each[0])[1]
    kept = [each for each in skyline if each[0] < left or each[0] > right]
    return sorted([*kept, (left, depth), (right, after)])
