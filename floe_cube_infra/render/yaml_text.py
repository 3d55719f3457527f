"""YAML, written: block style, every text exactly as given, nothing that could be read as something else.

Ours, since model files are written by the ten thousand: libraries took two to fourteen times as long. A property-based
test reads everything back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import isnan
from typing import Final


class Written(str):
    """Lines that are YAML already, at the indent of a list in a list's mapping; each ends with a line break."""

    __slots__ = ()


Node = Mapping[str, "Node"] | Sequence["Node"] | str | int | float | bool | None

# Words and spaces that start with a letter: no reader takes that for a number, a date or an indicator.
_PLAIN = re.compile(r"[A-Za-z_](?:[\w ,.()/%;-]*[\w.)])?", re.ASCII)
# YAML 1.1 and 1.2 together; `=` and `<<` are no words.
_RESERVED: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_LONGEST: Final = max(map(len, _RESERVED))


def document(node: Mapping[str, Node]) -> str:
    """A mapping as a YAML document; ends with a line break."""
    lines: list[str] = []
    _mapping(node, "", "", lines)
    return "".join(lines)


def items(nodes: Sequence[Node], depth: int) -> Written:
    """A list's items as lines, at the indent of so many levels."""
    lines: list[str] = []
    _sequence(nodes, "  " * depth, lines)
    return Written("".join(lines))


def _mapping(node: Mapping[str, Node], first: str, indent: str, lines: list[str]) -> None:
    """Appends the lines of a mapping; its first line follows `first`, the others `indent`."""
    lead = first
    for key, value in node.items():
        # What occurs most comes first; lists and dictionaries are known sooner than other sequences and mappings.
        if isinstance(value, str):
            if isinstance(value, Written):
                lines.append(f"{lead}{scalar(key)}:\n{value}")
            else:
                lines.append(f"{lead}{scalar(key)}: {text(value, indent)}\n")
        elif isinstance(value, (list, tuple, Sequence)):
            if value:
                lines.append(f"{lead}{scalar(key)}:\n")
                _sequence(value, indent + "  ", lines)
            else:
                lines.append(f"{lead}{scalar(key)}: []\n")
        elif isinstance(value, (dict, Mapping)):
            if value:
                lines.append(f"{lead}{scalar(key)}:\n")
                _mapping(value, indent + "  ", indent + "  ", lines)
            else:
                lines.append(f"{lead}{scalar(key)}: {{}}\n")
        else:
            lines.append(f"{lead}{scalar(key)}: {_constant(value)}\n")
        lead = indent


def _sequence(node: Sequence[Node], indent: str, lines: list[str]) -> None:
    for item in node:
        if isinstance(item, str):
            lines.append(f"{indent}- {text(item, indent)}\n")
        elif isinstance(item, (dict, Mapping)) and item:
            _mapping(item, indent + "- ", indent + "  ", lines)
        elif isinstance(item, Mapping):
            lines.append(f"{indent}- {{}}\n")
        elif isinstance(item, Sequence) and item:
            lines.append(f"{indent}-\n")
            _sequence(item, indent + "  ", lines)
        elif isinstance(item, Sequence):
            lines.append(f"{indent}- []\n")
        else:
            lines.append(f"{indent}- {_constant(item)}\n")


def _constant(value: float | bool | None) -> str:
    """JSON's spelling of numbers, truth and nothing is YAML's as well, but for numbers beyond all bounds."""
    if isinstance(value, float):
        if isnan(value):
            return ".nan"
        if value in (float("inf"), float("-inf")):
            return ".inf" if value > 0 else "-.inf"
        # YAML 1.1 wants a point in the mantissa and a sign in the exponent.
        mantissa, e, exponent = repr(value).partition("e")
        if not e:
            return mantissa
        point = "" if "." in mantissa else ".0"
        return f"{mantissa}{point}e{exponent if exponent.startswith('-') else '+' + exponent.lstrip('+')}"
    return json.dumps(value)


def is_plain(value: str) -> bool:
    """Whether a text can stand as it is, and says the same to every reader: words, and little between them."""
    return _PLAIN.fullmatch(value) is not None and (len(value) > _LONGEST or value.lower() not in _RESERVED)


def text(value: str, indent: str) -> str:
    """A text as the value of a key at that indent; several lines become a literal block where they can."""
    if "\n" in value and _can_be_literal(value):
        return _literal(value, indent + "  ")
    return scalar(value)


def _can_be_literal(value: str) -> bool:
    """Whether a literal block gives the text back: no blank at a line's end, nor at the first one's beginning."""
    lines = value.split("\n")
    return bool(lines[0]) and lines[0][0] != " " and all(line.isprintable() and line[-1:] != " " for line in lines)


def _literal(value: str, indent: str) -> str:
    """A literal block; how many line breaks are kept at the end stands in its header."""
    body = value.rstrip("\n")
    ends = len(value) - len(body)
    header = "|-" if ends == 0 else "|" if ends == 1 else "|+"
    lines = [f"\n{indent}{line}" if line else "\n" for line in body.split("\n")]
    return header + "".join(lines) + "\n" * max(ends - 1, 0)


@lru_cache(maxsize=1 << 16)
def scalar(value: str) -> str:
    """A text on one line, quoted where it has to be."""
    if is_plain(value):
        return value
    # What Python can print, YAML can hold.
    if value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, value)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character == "\n":
        return "\\n"
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
