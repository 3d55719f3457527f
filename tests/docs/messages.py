"""The texts that the program can print, as far as they are written in its sources."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.docs.pages import PROJECT

# What stands for the parts of a text that are put in when it is printed.
_PUT_IN: Final = "\0"


def fragments(message: str) -> list[str]:
    """The fixed parts of a message in which `<so>` stands for what differs."""
    return [part for part in (part.strip(" :") for part in re.split(r"<[^<>]+>", message)) if part]


def is_printed(message: str) -> bool:
    """Whether each fixed part of a message is in some text of the program."""
    return all(part in _texts() for part in fragments(message))


@functools.cache
def _texts() -> str:
    folders = [PROJECT / "floe_cube_infra", PROJECT / "tools"]
    python = [text for folder in folders for file in folder.rglob("*.py") for text in _python(file)]
    scripts = [_javascript(file) for file in (PROJECT / "floe_cube_infra" / "cube").glob("*.js")]
    return "\n".join([*python, *scripts])


def _python(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else _PUT_IN for part in node.values)


def _javascript(file: Path) -> str:
    return re.sub(r"\$\{[^}]*\}", _PUT_IN, file.read_text().replace("\\'", "'"))
