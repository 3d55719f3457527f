"""Pydantic's complaints as sentences with a JSON path, safe to print."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import BaseModel, ValidationError

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# A value may be a secret that was put in the wrong place, so only such as can't be one are repeated.
_REPEATABLE = (bool, int, float, type(None))


def problems_of(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """Each problem as `$.path: what is wrong`, in the order of the input.

    Args:
        error: What Pydantic raised for `model`.
        model: The outermost model, to look up which keys are allowed where one is unknown.
    """
    return [_sentence(detail, model) for detail in error.errors(include_url=False, include_context=True)]


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


def _sentence(detail: Mapping[str, object] | object, model: type[BaseModel]) -> str:
    assert isinstance(detail, dict)  # noqa: S101 - ErrorDetails is a TypedDict
    location: tuple[int | str, ...] = detail["loc"]
    path = json_path(location)
    if detail["type"] == "extra_forbidden":
        allowed = ", ".join(_keys_at(model, location[:-1])) or "none"
        return f"{path}: unknown key; allowed are: {allowed}"
    if detail["type"] == "missing":
        return f"{path}: missing"
    message = str(detail["msg"]).removeprefix("Value error, ")
    given = detail["input"]
    shown = f" (given: {given})" if isinstance(given, _REPEATABLE) and detail["type"] != "value_error" else ""
    return f"{path}: {message[0].lower()}{message[1:]}{shown}"


def _keys_at(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    current: object = model
    for step in location:
        current = _step(current, step)
    if isinstance(current, type) and issubclass(current, BaseModel):
        return sorted(field.alias or name for name, field in current.model_fields.items())
    return []


def _step(annotation: object, step: int | str) -> object:
    """The model below `step`, through optionals, lists and mappings."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            if step in (name, field.alias):
                return _model_in(field.annotation)
    return annotation


def _model_in(annotation: object) -> object:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _model_in(argument)
        if found is not None:
            return found
    return None
