"""JSON whose objects name each key once, read as cube.js reads it.

Parsers take the first or the last of two equal keys: a token that two services read differently is not to be trusted.
Not the standard library's parser: that takes NaN, refuses long integers and deep nesting, and knows integers that
JavaScript rounds. Here, as there, every number is a double (RFC 8259, 6).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

_PLAIN: Final = r'[^"\\\x00-\x1f]*'
_TOKEN: Final = re.compile(
    r"[ \t\n\r]*(?:"
    r"(?P<mark>[{}\[\]:,])"
    rf'|(?P<text>"{_PLAIN}(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{{4}}){_PLAIN})*")'
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<word>true|false|null)"
    r"|(?P<end>\Z)"
    r")"
)
_WORDS: Final[dict[str, object]] = {"true": True, "false": False, "null": None}
_CLOSES: Final = {dict: "}", list: "]"}

Container = dict[str, object] | list[object]


class NotStrictJsonError(ValueError):
    """The text isn't JSON, or an object in it has a key twice."""


def parse_strict_json(text: str) -> object:
    """The value.

    Raises:
        NotStrictJsonError: With a sentence that repeats nothing of the text.
    """
    whole: list[object] = []
    opened: list[Container] = [whole]
    keys: list[str] = []
    # What may come: a value, a key, the colon after it, or what follows a value; `first` allows an empty container.
    wanted, first = "value", False
    for kind, part in _tokens(text):
        here = opened[-1]
        if first and part == _CLOSES[type(here)]:
            opened.pop()
            wanted, first = "next", False
        elif wanted == "value" and (kind in ("text", "number", "word") or part in ("{", "[")):
            value = _value(kind, part)
            if isinstance(here, dict):
                here[keys.pop()] = value
            else:
                here.append(value)
            wanted, first = "next", False
            if isinstance(value, (dict, list)):
                opened.append(value)
                wanted, first = "key" if isinstance(value, dict) else "value", True
        elif wanted == "key" and kind == "text" and isinstance(here, dict):
            key = json.loads(part)
            if key in here:
                raise NotStrictJsonError("an object has a key twice")
            keys.append(key)
            wanted, first = "colon", False
        elif wanted == "colon" and part == ":":
            wanted = "value"
        elif wanted == "next" and len(opened) > 1 and part == ",":
            wanted = "key" if isinstance(here, dict) else "value"
        elif wanted == "next" and len(opened) > 1 and part == _CLOSES[type(here)]:
            opened.pop()
        elif wanted == "next" and len(opened) == 1 and kind == "end":
            return whole[0]
        else:
            break
    raise NotStrictJsonError("it is not JSON")


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while found := _TOKEN.match(text, position):
        kind = str(found.lastgroup)
        yield kind, found[kind]
        if kind == "end":
            return
        position = found.end()


def _value(kind: str, part: str) -> object:
    if kind == "mark":
        return {} if part == "{" else []
    if kind == "number":
        return float(part)
    return json.loads(part) if kind == "text" else _WORDS[part]
