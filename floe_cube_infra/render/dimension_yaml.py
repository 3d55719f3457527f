"""Dimensions as YAML: by far the most text of a model, so it is written in one go and not as a tree first."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from floe_cube_infra.model.members import CubeDimension, DimensionType
from floe_cube_infra.render import cube_text
from floe_cube_infra.render.yaml_text import Node, Written, document, is_plain, scalar, text

_ITEM: Final = "      - "
_INDENT: Final = "        "


def render_dimensions(dimensions: Iterable[CubeDimension]) -> Written:
    """All dimensions of a cube, as items of a list."""
    return Written("".join(map(_dimension, dimensions)))


def _dimension(dimension: CubeDimension) -> str:
    lines = _beginning(dimension.name, dimension.sql, dimension.type)
    if dimension.primary_key:
        lines += f"{_INDENT}primary_key: true\n"
    if dimension.title:
        lines += f"{_INDENT}title: {_people(dimension.title)}\n"
    if dimension.description:
        lines += f"{_INDENT}description: {_people(dimension.description)}\n"
    if dimension.public is None and dimension.format is None and dimension.meta is None and dimension.mask is None:
        return f"{lines}{_INDENT}sub_query: true\n" if dimension.sub_query else lines
    return lines + "".join(f"{_INDENT}{line}\n" for line in _rest(dimension).splitlines())


@lru_cache(maxsize=1 << 16)
def _beginning(name: str, sql: str, kind: DimensionType) -> str:
    """What each dimension has; the same in every table that has such a column."""
    value = text(cube_text.sql(sql), _INDENT)
    return f"{_ITEM}name: {scalar(name)}\n{_INDENT}sql: {value}\n{_INDENT}type: {kind}\n"


def _rest(dimension: CubeDimension) -> str:
    """What few dimensions have."""
    node: dict[str, Node] = {}
    if dimension.format is not None:
        node["format"] = cube_text.literal(dimension.format)
    if dimension.public is not None:
        node["public"] = dimension.public
    if dimension.mask is not None:
        node["mask"] = cube_text.mask(dimension.mask) if isinstance(dimension.mask, str) else dimension.mask
    if dimension.sub_query:
        node["sub_query"] = True
    if dimension.meta:
        node["meta"] = cube_text.meta(dimension.meta)  # type: ignore[assignment] # plain values, as JSON has them
    return document(node) if node else ""


def _people(value: str) -> str:
    # Plain words are nothing that Cube would take for an expression, but for a lone letter.
    if len(value) > 1 and is_plain(value):
        return value
    return text(cube_text.literal(value), _INDENT)
