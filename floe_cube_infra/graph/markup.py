"""Foreign text and numbers within SVG: text stays text, and numbers are short."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr  # nosec B406 # it is written, not read


def text(value: str) -> str:
    """The text as content of an element; control characters, which XML doesn't take, become blanks."""
    return escape(_printable(value))


def attribute(value: str) -> str:
    """The text as an attribute's value, quotes included."""
    return quoteattr(_printable(value))


def number(value: float) -> str:
    """To a tenth of a pixel."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def _printable(value: str) -> str:
    return "".join(each if each.isprintable() or each == "\n" else " " for each in value)
