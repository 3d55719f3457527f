"""What the generated pages of docs/ are made of: what docstrings say, as Markdown."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from typing import Any, Final

from pydantic import BaseModel
from pydantic.fields import FieldInfo

_ATTRIBUTE: Final = re.compile(r"^ {4}(?P<name>\w+): (?P<text>.*)$")


def attribute_texts(model: type[BaseModel]) -> dict[str, str]:
    """What a class's docstring, and those of its bases, say of each of its attributes (Google style)."""
    texts: dict[str, str] = {}
    for kind in reversed(model.__mro__):
        texts.update(_own_attribute_texts(kind) if issubclass(kind, BaseModel) else {})
    return {name: texts[name] for name in model.model_fields}


def _own_attribute_texts(kind: type) -> dict[str, str]:
    texts: dict[str, str] = {}
    name = None
    for line in inspect.cleandoc(kind.__doc__ or "").partition("Attributes:\n")[2].splitlines():
        if match := _ATTRIBUTE.match(line):
            name = match["name"]
            texts[name] = match["text"]
        elif name is not None:
            texts[name] += f" {line.strip()}"
    return texts


def is_section(field: FieldInfo) -> bool:
    """Whether a field is a model of its own."""
    return inspect.isclass(field.annotation) and issubclass(field.annotation, BaseModel)


def class_of(field: FieldInfo) -> type[BaseModel]:
    """A section's model."""
    annotation: type[BaseModel] = field.annotation  # type: ignore[assignment]
    return annotation


def allowed_values(model: type[BaseModel], key: str) -> str:
    """What the field of a key (its alias, if it has one) may hold, in words."""
    schema = model.model_json_schema(by_alias=True)
    return _words(schema["properties"][key], schema.get("$defs", {}))


def _words(schema: dict[str, Any], definitions: dict[str, Any]) -> str:
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        return " or ".join(_words(option, definitions) for option in schema["anyOf"] if option.get("type") != "null")
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    kind = schema.get("type")
    if kind == "array":
        return f"list of {_words(schema['items'], definitions)}"
    if kind == "object" and "properties" in schema:
        return "mapping of " + ", ".join(f"`{key}`" for key in schema["properties"])
    if kind == "object":
        # Keys of a pattern stand in a mapping by that pattern.
        (values,) = schema.get("patternProperties", {"": schema.get("additionalProperties")}).values()
        return f"mapping to {_words(values, definitions)}"
    if kind == "integer" and "minimum" in schema and "maximum" in schema:
        return f"{schema['minimum']} to {schema['maximum']}"
    return {"boolean": "`true`, `false`", "integer": "whole number", "string": "text"}.get(str(kind), str(kind))


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; ends with a line break."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"
