"""One setting of a stack's file, put in place: every other line, and every comment, stays as it is.

YAML libraries write whole files anew and lose comments or layout on the way. Here the parser only says where in the
text a setting is; the lines there are replaced, and what comes of it is read back before anything is written.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from floe_cube_infra.errors import OutputError
from floe_cube_infra.sync.refusal import cannot_write


def set_in_stack_file(path: Path, key: str, setting: str, value: Sequence[str]) -> bool:
    """Gives a setting a list of texts.

    Args:
        path: The stack's file.
        key: The section, with its prefix: `floe-cube-infra:images`.
        setting: The setting in it.
        value: What it is to be.

    Returns:
        Whether the file has changed.

    Raises:
        OutputError: The file can't be written, or is of a form that can't be edited without changing more.
    """
    try:
        old = path.read_bytes().decode()
        new = with_setting(old, key, setting, value)
        if new is None:
            lines = "\n".join(["config:", *_lines(key, setting, value, indent=2, step=2)])
            raise OutputError(f"{path} is of a form that can't be edited; put this into it by hand:\n{lines}")
        if new == old:
            return False
        _replace(path, new.encode())
    except OSError as error:
        raise cannot_write(error, path) from None
    return True


def with_setting(text: str, key: str, setting: str, value: Sequence[str]) -> str | None:
    """The text of a stack's file with a setting in it; None if it can't be put there without changing more."""
    wanted = _document(text)
    if not isinstance(wanted, dict) or not isinstance(wanted.get("config"), dict):
        return None
    section = wanted["config"].get(key)
    section = {} if section is None else section
    if not isinstance(section, dict):
        return None
    if section.get(setting) == list(value):
        return text
    wanted["config"][key] = {**section, setting: list(value)}
    new = _edited(text, key, setting, value)
    return new if new is not None and _document(new) == wanted else None


def _document(text: str) -> Any:  # noqa: ANN401 - whatever the file holds
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return None


def _edited(text: str, key: str, setting: str, value: Sequence[str]) -> str | None:
    config = _entry(yaml.compose(text, Loader=yaml.SafeLoader), "config")
    if config is None or config[1].flow_style:
        return None
    lines = text.splitlines(keepends=True)
    end = "\r\n" if "\r\n" in text else "\n"
    step = config[1].start_mark.column or 2
    section = _entry(config[1], key)
    if section is None or _is_null(section[1]):
        at = _end_of(config[1]) if section is None else section[0].start_mark.line + 1
        removed = 0 if section is None else 1
        added = _lines(key, setting, value, indent=config[1].start_mark.column, step=step)
        return _spliced(lines, at - removed, at, added, end)
    if section[1].flow_style:
        return _in_flow_style(text, section[1], setting, value)
    indent = section[1].start_mark.column
    added = _lines(None, setting, value, indent=indent, step=step)
    there = _entry(section[1], setting)
    if there is None:
        first = section[0].end_mark.line + 1
        return _spliced(lines, first, first, added, end)
    return _spliced(lines, there[0].start_mark.line, max(_end_of(there[1]), there[0].start_mark.line + 1), added, end)


def _entry(mapping: yaml.Node | None, key: str) -> tuple[yaml.Node, Any] | None:
    pairs = mapping.value if isinstance(mapping, yaml.MappingNode) else []
    return next(((name, value) for name, value in pairs if name.value == key), None)


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _end_of(node: yaml.Node) -> int:
    """The line after a node's last one: block collections themselves end only where the next thing begins."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return max(map(_end_of, last)) if isinstance(last, tuple) else _end_of(last)
    # A block scalar ends at the beginning of the line after it.
    return node.end_mark.line + (1 if node.end_mark.column else 0)


def _lines(key: str | None, setting: str, value: Sequence[str], *, indent: int, step: int) -> list[str]:
    head = [] if key is None else [f"{' ' * indent}{key}:"]
    inner = " " * (indent if key is None else indent + step)
    if not value:
        return [*head, f"{inner}{setting}: []"]
    return [*head, f"{inner}{setting}:", *(f"{inner}{' ' * step}- {item}" for item in value)]


def _spliced(lines: Sequence[str], start: int, stop: int, added: Sequence[str], end: str) -> str:
    before = "".join(lines[:start])
    # The last line of a file may have no end.
    joint = end if before and not before.endswith("\n") else ""
    return before + joint + "".join(f"{line}{end}" for line in added) + "".join(lines[stop:])


def _in_flow_style(text: str, section: yaml.Node, setting: str, value: Sequence[str]) -> str:
    start, stop = section.start_mark.index, section.end_mark.index
    mapping: Mapping[str, Any] = yaml.safe_load(text[start:stop])
    flow = yaml.safe_dump(
        {**mapping, setting: list(value)}, default_flow_style=True, sort_keys=False, width=2**31, allow_unicode=True
    )
    return text[:start] + flow.strip() + text[stop:]


def _replace(path: Path, content: bytes) -> None:
    """Replaces a file atomically; where it is a link, the file that it leads to."""
    target = path.resolve()
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, target.stat().st_mode & 0o7777)  # noqa: PTH101
        os.replace(temporary, target)  # noqa: PTH105
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108
        raise
