"""Texts as JavaScript sees them, where Python sees them otherwise."""

from __future__ import annotations

from typing import Final

# WhiteSpace and LineTerminator (ECMA-262, 12.2 and 12.3). Python's strip takes U+0085, too, and leaves U+FEFF.
_BLANKS: Final = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"  # fmt: skip # noqa: E501


def trim(text: str) -> str:
    """The text without blanks at both ends."""
    return text.strip(_BLANKS)


def length(text: str) -> int:
    """The number of UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_well_formed(text: str) -> bool:
    """Whether no half of a surrogate pair stands alone."""
    return not any("\ud800" <= character <= "\udfff" for character in text)
