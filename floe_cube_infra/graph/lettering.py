"""How wide text is: nobody knows the viewer's fonts here, so that it is taken for as wide as it may be."""

from __future__ import annotations

import unicodedata
from typing import Final

FONT: Final = "ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace"
_WIDEST: Final = 0.62
"""Of a letter to its size, among fonts of one width."""

LONGEST: Final = 44
"""Letters; of what is longer, the middle is left out."""


def width(text: str, size: float) -> float:
    """How wide a line may get, in pixels.

    Args:
        text: One line.
        size: Of the font, in pixels.
    """
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text) * size * _WIDEST


def shortened(text: str, most: int = LONGEST) -> str:
    """The text on one line, its middle left out where it is long: both ends tell names apart."""
    line = "".join(each if each.isprintable() else " " for each in text)
    if len(line) <= most:
        return line
    head = (most - 1) // 2
    return f"{line[:head]}…{line[len(line) - (most - 1 - head) :]}"
