"""Pulumi's property paths: `spec.containers[0].image`, `metadata.annotations["a.b/c"]`, `data.*`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""The steps to a value: a string is a key, a number an index."""

_NEEDS_QUOTES = re.compile(r'[."\[\]]|^$')
_STEP = re.compile(
    r"""
    \[ " (?P<quoted> (?: \\" | [^"] )* ) " \]   # ["a \" b"]
  | \[ (?P<index> [0-9]+ | \* ) \]              # [3], [*]
  | \.? (?P<bare> [^.\[]+ )                     # name, .name
  | \. (?= \[ )                                 # old programs write a.["b"]
    """,
    re.VERBOSE,
)


class PropertyPathError(ValueError):
    """A text that isn't a property path."""


def format_path(path: Sequence[str | int]) -> str:
    """Gives `path` as text, as the official provider writes it.

    Only keys with a dot, a quote or a bracket are quoted.
    """
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _NEEDS_QUOTES.search(step):
            escaped = step.replace('"', '\\"')
            text += f'["{escaped}"]'
        else:
            text += f".{step}" if text else step
    return text


def parse_path(text: str) -> Path:
    """Gives the steps of a property path.

    Raises:
        PropertyPathError: If `text` is empty or doesn't follow the grammar.
    """
    steps: list[str | int] = []
    position = 0
    while position < len(text):
        match = _STEP.match(text, position)
        if match is None or (position == 0 and text.startswith(".")):
            raise PropertyPathError(
                f"{text!r} isn't a property path (at character {position + 1}); "
                'write it like spec.containers[0].image or metadata.annotations["a.b/c"].'
            )
        if (quoted := match["quoted"]) is not None:
            steps.append(quoted.replace('\\"', '"'))
        elif (index := match["index"]) is not None:
            steps.append("*" if index == "*" else int(index))
        elif (bare := match["bare"]) is not None:
            steps.append(bare)
        position = match.end()
    if not steps:
        raise PropertyPathError("An empty text isn't a property path; name a property, such as spec.replicas.")
    return tuple(steps)


def contains(outer: Path, inner: Path) -> bool:
    """Says whether `inner` is `outer` or lies below it; a step `*` of `outer` stands for any key or index."""
    return len(inner) >= len(outer) and all(wanted in ("*", given) for wanted, given in zip(outer, inner, strict=False))
