"""Texts of errors without credentials, personal data and values; as `withoutValues` in `cube/safe_texts.js`."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 500

_SENSITIVE: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    # A URL's user and password.
    (re.compile(r"\b([a-z][a-z0-9+.-]*://)[^\s/@]+@", re.IGNORECASE), r"\1"),
    # JSON Web Tokens.
    (re.compile(r"\beyJ[\w-]*(\.[\w-]*){1,2}"), "[token]"),
    (re.compile(r"\b(bearer|basic)\s+[\w+/=.~-]+", re.IGNORECASE), r"\1 [credential]"),
    (
        re.compile(
            r"\b(password|passwd|pwd|secret|token|api_?key|access_?key|credential)s?([\"']?\s*[:=]\s*)"
            r"(\"[^\"]*\"|'[^']*'|[^\s,;&]+)",
            re.IGNORECASE,
        ),
        r"\1\2[credential]",
    ),
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII), "[e-mail]"),
    # PostgreSQL's details of a failed constraint: (email)=(ada@example.com).
    (re.compile(r"\)=\([^)]*\)"), ")=(?)"),
    # Literals; names of members and tables in double quotes stay.
    (re.compile(r"'(?:[^']|'')*'"), "'?'"),
    # A value that a database repeats: invalid input syntax for type integer: "x".
    (re.compile(r'(: )"[^"]*"'), r'\1"?"'),
    (re.compile(r"\b\d[\d.,:/-]{3,}", re.ASCII), "?"),
)


def without_values(text: str) -> str:
    """The text's first line without values, and not longer than 500 characters."""
    line = text.split("\n", 1)[0][: 4 * LONGEST]
    for pattern, replacement in _SENSITIVE:
        line = pattern.sub(replacement, line)
    return line[:LONGEST]
