"""From the spelling of a column's type to the bare name of the type.

Nothing here depends on the warehouse: sizes, arguments, nullability, collations, defaults, time zones,
schemas, quotes and comments are written alike wherever they exist, and none of them changes how Cube
treats a column. What a bare name means is for the tables beside this file.
"""

from __future__ import annotations

import re
from typing import Final

ARRAY: Final = "array"
"""The name of every array type, whatever its elements are."""

_TOKEN: Final = re.compile(
    r"""
      (?P<ignored> \s+ | --[^\n]* | /\*.*?(?:\*/|\Z) | '(?:[^']|'')*' )
    | (?P<quoted>  "(?:[^"]|"")*" | `[^`]*` )
    | (?P<word>    [\w$]+ )
    | (?P<open>    [(<] )
    | (?P<close>   [)>\]] )
    | (?P<index>   \[ )
    | (?P<dot>     \. )
    | (?P<other>   . )
    """,
    re.VERBOSE | re.DOTALL,
)

# What may follow a type in a column's definition, in any of the warehouses.
_CLAUSES: Final = frozenset(
    {
        "as",
        "autoincrement",
        "check",
        "collate",
        "comment",
        "constraint",
        "default",
        "distkey",
        "encode",
        "generated",
        "identity",
        "key",
        "masking",
        "not",
        "null",
        "nullable",
        "options",
        "primary",
        "references",
        "required",
        "sortkey",
        "tag",
        "unique",
    }
)
# `with time zone`, `without time zone`, `with local time zone`; Snowflake's `with masking policy`.
_SUFFIXES: Final = frozenset({"with", "without"})
_SIGNS: Final = frozenset({"signed", "unsigned", "zerofill"})
# BigQuery's mode of a column that holds an array.
_ARRAY_WORDS: Final = frozenset({ARRAY, "repeated"})


def base_name(spelling: str) -> str:
    """The bare name of a type: lower case, words joined by one space, no arguments, no schema.

    `NUMBER(38,0) NOT NULL` gives `number`, `timestamp(6) with time zone` gives `timestamp`,
    `"public"."citext"` gives `citext`, `interval day to second` gives `interval`, and every array
    (`int[]`, `integer array`, `ARRAY<STRING>`, `array(varchar)`) gives `array`.

    Args:
        spelling: The type as a manifest, a catalog or a contract writes it.

    Returns:
        The name, or what is left of a text that is no type; the empty string for an empty text.
        No text raises.
    """
    words = _words(spelling)
    if not words:
        return ""
    if any(word in _ARRAY_WORDS for word in words):
        return ARRAY
    if words[0] == "interval":
        # `year to month`, `day to second`: the fields say how long, not what kind.
        return "interval"
    name = words[: _first_suffix(words)]
    # DuckDB has a type that is called SIGNED, so a sign alone stays.
    return " ".join([word for word in name if word not in _SIGNS] or name)


def _words(spelling: str) -> list[str]:
    """The words of the outermost level, up to the first clause; an index counts as the word `array`."""
    words: list[str] = []
    depth = 0
    for token in _TOKEN.finditer(spelling):
        kind, text = token.lastgroup, token.group().lower()
        if kind == "open" or (kind == "index" and depth):
            depth += 1
        elif kind == "close" and depth:
            depth -= 1
        elif depth or kind == "ignored":
            continue
        elif kind == "index" and words:
            return [ARRAY]
        elif kind == "word" and words and text in _CLAUSES:
            return words
        elif kind == "dot" and words:
            # What stood before was a database or a schema.
            words.clear()
        elif kind == "quoted":
            words.append(text[1:-1])
        else:
            # Other characters are kept, so that a text with them is no known name.
            words.append(text)
    return words


def _first_suffix(words: list[str]) -> int:
    """Where `with ...` or `without ...` begins; the number of words if nowhere."""
    return next((at for at, word in enumerate(words) if at and word in _SUFFIXES), len(words))
