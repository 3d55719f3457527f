"""Pydantic's complaints as sentences with a JSON path, safe to print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import UnionType
from typing import Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# A value may be a secret that was put in the wrong place, so only such as can't be one are repeated.
_REPEATABLE = (bool, int, float, type(None))
# A short word of lower-case letters ("mysql") or a version number ("0.9.0"): too little to be a secret.
_HARMLESS = re.compile(r"[a-z][a-z_-]{0,15}|v?\d{1,4}(\.\d{1,4}){0,3}(-[a-z]{1,8})?")


def problems_of(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """Each problem as `$.path: what is wrong`, in the order of the input.

    Args:
        error: What Pydantic raised for `model`.
        model: The outermost model, to look up which keys are allowed where one is unknown.
    """
    return [_sentence(detail, model) for detail in error.errors(include_url=False, include_context=True)]


def shown(value: object) -> str:
    """A value for a message, or a description in its stead where it may be a secret in the wrong place."""
    if isinstance(value, _REPEATABLE) or (isinstance(value, str) and _HARMLESS.fullmatch(value)):
        return repr(value)
    return "the value given (not repeated, since it may be a secret)"


def json_path(location: tuple[int | str, ...]) -> str:
    """A JSON path as RFC 9535 writes it: `$.a[0]['b c']`."""
    parts = ["$"]
    for step in location:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif _PLAIN_KEY.fullmatch(step):
            parts.append(f".{step}")
        else:
            parts.append(f"[{step!r}]")
    return "".join(parts)


def _sentence(detail: ErrorDetails, model: type[BaseModel]) -> str:
    location = detail["loc"]
    path = json_path(location)
    if detail["type"] == "extra_forbidden":
        allowed = ", ".join(_keys_at(model, location[:-1])) or "none"
        return f"{path}: unknown key; allowed are: {allowed}"
    if detail["type"] == "missing":
        return f"{path}: missing"
    message = detail["msg"].removeprefix("Value error, ")
    given = detail["input"]
    shown = f" (given: {given})" if isinstance(given, _REPEATABLE) and detail["type"] != "value_error" else ""
    return f"{path}: {message[0].lower()}{message[1:]}{shown}"


def _keys_at(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    kinds: list[object] = [model]
    for step in location:
        kinds = [below for kind in kinds for below in _below(kind, step)]
    return sorted(
        field.alias or name
        for kind in kinds
        if isinstance(kind, type) and issubclass(kind, BaseModel)
        for name, field in kind.model_fields.items()
    )


def _below(kind: object, step: int | str) -> Iterator[object]:
    """The types of what lies at `step`: a model's field, a mapping's value, a list's item."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            if step in (name, field.alias):
                yield from _alternatives(field.annotation)
    elif get_origin(kind) is dict:
        yield from _alternatives(get_args(kind)[1])
    elif get_origin(kind) in (list, tuple):
        yield from _alternatives(get_args(kind)[0])


def _alternatives(annotation: object) -> tuple[object, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
