"""What the semantic layer's templates and group-bys name: `Dimension('order__status').grain('month')` and the like.

Source: https://docs.getdbt.com/docs/build/metricflow-commands, and metricflow's `ParameterSetFactory`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, cast, get_args

from floe_cube_infra.translate.metricflow.unsupported import CannotSay

Kind = Literal["Dimension", "TimeDimension", "Entity", "Metric"]

METRIC_TIME: Final = "metric_time"
"""Stands for the time dimension that each metric aggregates by."""

GRAINS: Final = (
    "nanosecond",
    "microsecond",
    "millisecond",
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "quarter",
    "year",
)
_KINDS: Final = get_args(Kind)
_PARAMETERS: Final[dict[str, tuple[str, ...]]] = {
    "Dimension": ("name", "path"),
    "TimeDimension": ("name", "grain", "path", "descending", "date_part"),
    "Entity": ("name", "path"),
    "Metric": ("name", "path"),
}
_KEYWORDS: Final = {
    "dimension_name": "name",
    "time_dimension_name": "name",
    "entity_name": "name",
    "metric_name": "name",
    "entity_path": "path",
    "group_by": "path",
    "time_granularity_name": "grain",
    "grain": "grain",
    "date_part_name": "date_part",
    "descending": "descending",
}
_CALL = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_BARE = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A dimension, entity or metric by its way through entities.

    Attributes:
        kind: What it is.
        links: The entities on the way: `("order",)` for `order__status`.
        element: Its name in its semantic model.
        grain: The period that a time is cut to.
        date_part: The part of a time that is taken.
        text: As it is written.
    """

    kind: Kind
    links: tuple[str, ...]
    element: str
    grain: str | None
    date_part: str | None
    text: str


def parse_item(text: str) -> Item:
    """Reads one item; a bare `order__status` is a dimension. Nothing in the text is run.

    Raises:
        CannotSay: It is none.
    """
    text = text.strip()
    if _BARE.fullmatch(text):
        return _item("Dimension", {"name": text}, text)
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise CannotSay(f"{text!r} is no {', '.join(_KINDS)}") from None
    later: dict[str, str] = {}
    while isinstance(tree, ast.Call) and isinstance(tree.func, ast.Attribute):
        method, arguments = tree.func.attr, tree.args
        if method not in {"grain", "date_part", "descending"} or len(arguments) != 1 or tree.keywords:
            raise CannotSay(f"{text!r} has a method that is unknown here: {method}")
        if method != "descending":
            later[method] = _string(arguments[0], text)
        tree = tree.func.value
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name) or tree.func.id not in _KINDS:
        raise CannotSay(f"{text!r} is no {', '.join(_KINDS)}")
    item = _item(cast(Kind, tree.func.id), _arguments(tree, text), text)
    if {"grain", "date_part"} & later.keys():
        return replace(item, grain=later.get("grain", item.grain), date_part=later.get("date_part", item.date_part))
    return item


def split_template(template: str) -> Iterator[str | Item]:
    """The pieces of a filter in their order: SQL, and the items between `{{` and `}}`.

    Raises:
        CannotSay: An item is none, or there is other Jinja in it.
    """
    if "{%" in template or "{#" in template:
        raise CannotSay(f"the filter {template.strip()!r} has Jinja statements")
    position = 0
    for match in _CALL.finditer(template):
        yield template[position : match.start()]
        yield parse_item(match[1])
        position = match.end()
    yield template[position:]


def _item(kind: Kind, given: dict[str, str | tuple[str, ...]], text: str) -> Item:
    name, path = given.get("name"), given.get("path", ())
    if not isinstance(name, str) or isinstance(path, str):
        raise CannotSay(f"{text!r} has no name, or no list where one is wanted")
    parts = name.split("__")
    grain = _optional(given, "grain", text)
    if len(parts) > 1 and parts[-1] in GRAINS and kind in {"Dimension", "TimeDimension"}:
        grain = grain or parts[-1]
        parts = parts[:-1]
    return Item(
        kind=kind,
        links=(*path, *parts[:-1]) if kind != "Metric" else (),
        element=parts[-1] if kind != "Metric" else name,
        grain=grain.lower() if grain else None,
        date_part=(_optional(given, "date_part", text) or "").lower() or None,
        text=text,
    )


def _arguments(call: ast.Call, text: str) -> dict[str, str | tuple[str, ...]]:
    kind = cast(ast.Name, call.func).id
    named: list[tuple[str, ast.expr]] = list(zip(_PARAMETERS[kind], call.args, strict=False))
    if len(call.args) > len(_PARAMETERS[kind]):
        raise CannotSay(f"{text!r} has too many arguments")
    for keyword in call.keywords:
        parameter = _KEYWORDS.get(keyword.arg or "")
        if parameter is None:
            raise CannotSay(f"{text!r} has an argument that is unknown here: {keyword.arg}")
        named.append((parameter, keyword.value))
    read: dict[str, Callable[[ast.expr, str], str | tuple[str, ...]]] = {"path": _strings}
    return {
        parameter: read.get(parameter, _string)(value, text)
        for parameter, value in named
        if parameter != "descending" and not (isinstance(value, ast.Constant) and value.value is None)
    }


def _string(value: ast.expr, text: str) -> str:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    raise CannotSay(f"{text!r} has an argument that is no text")


def _strings(value: ast.expr, text: str) -> tuple[str, ...]:
    if isinstance(value, ast.List | ast.Tuple):
        return tuple(_string(one, text) for one in value.elts)
    raise CannotSay(f"{text!r} has an argument that is no list of texts")


def _optional(given: dict[str, str | tuple[str, ...]], key: str, text: str) -> str | None:
    value = given.get(key)
    if value is None or isinstance(value, str):
        return value
    raise CannotSay(f"{text!r} has a list where a text is wanted")
