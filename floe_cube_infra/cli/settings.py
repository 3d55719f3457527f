"""`floe-cube settings`: every setting with its default and meaning, and what each stack sets, as one page."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from floe_cube_infra.inputs.settings import Settings, from_stack_file

Stacks = Annotated[list[Path] | None, typer.Option("--stack-file", help="A stack's file; may be given several times.")]

_HEAD: Final = """\
# Settings

Written by `floe-cube settings`. A stack's file gives settings under `floe-cube-infra:<key>`; what lies in a section is
a mapping there. Everything has a default but `artifacts` and `environment`.
"""
_ATTRIBUTE: Final = re.compile(r"^ {4}(?P<name>\w+): (?P<text>.*)$")


def settings(stack_file: Stacks = None) -> None:
    """Print every setting with its default and meaning, as Markdown."""
    typer.echo(reference(stack_file or ()), nl=False)


def reference(stack_files: Sequence[Path] = ()) -> str:
    """The page, Markdown; ends with a line break.

    Args:
        stack_files: The stacks that are compared in its last table.
    """
    parts = [_HEAD, *_sections(Settings, "Stack", "")]
    if stack_files:
        parts.append(_stacks(stack_files))
    return "\n".join(parts)


def attribute_texts(model: type[BaseModel]) -> dict[str, str]:
    """What a class's docstring says of each of its attributes (Google style)."""
    lines = inspect.getdoc(model) or ""
    texts: dict[str, str] = {}
    name = None
    for line in lines.partition("Attributes:\n")[2].splitlines():
        if match := _ATTRIBUTE.match(line):
            name = match["name"]
            texts[name] = match["text"]
        elif name is not None:
            texts[name] += f" {line.strip()}"
    return texts


def _sections(model: type[BaseModel], title: str, prefix: str) -> Iterator[str]:
    texts = attribute_texts(model)
    lead = (inspect.getdoc(model) or "").partition("\n\nAttributes:")[0].replace("\n", " ")
    yield f"## {title}\n\n{lead}\n"
    rows = [
        (f"`{prefix}{field.alias}`", _default(field), _allowed(model, field), texts[name])
        for name, field in model.model_fields.items()
        if not _is_section(field)
    ]
    yield _table(("Setting", "Default", "Allowed", "Meaning"), rows)
    for field in model.model_fields.values():
        if _is_section(field):
            yield from _sections(_class_of(field), f"`{prefix}{field.alias}`", f"{prefix}{field.alias}.")


def _is_section(field: FieldInfo) -> bool:
    return inspect.isclass(field.annotation) and issubclass(field.annotation, BaseModel)


def _class_of(field: FieldInfo) -> type[BaseModel]:
    annotation: type[BaseModel] = field.annotation  # type: ignore[assignment]
    return annotation


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True, validated_data={})
    return "" if value is None else _code(value)


def _code(value: object) -> str:
    text = json.dumps(value, default=lambda section: section.model_dump(by_alias=True, exclude_none=True))
    return f"`{value if isinstance(value, str) else text}`"


def _allowed(model: type[BaseModel], field: FieldInfo) -> str:
    schema = model.model_json_schema(by_alias=True)
    return _words(schema["properties"][field.alias], schema.get("$defs", {}))


def _words(schema: dict[str, Any], definitions: dict[str, Any]) -> str:
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        return " or ".join(_words(option, definitions) for option in schema["anyOf"] if option.get("type") != "null")
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
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


def _stacks(files: Sequence[Path]) -> str:
    names = [file.stem.removeprefix("Pulumi.") for file in files]
    stacks = [dict(_leaves(from_stack_file(file).model_dump(by_alias=True, exclude_unset=True))) for file in files]
    keys = [key for key, _ in _leaves(_all_keys())]
    used = sorted({key for stack in stacks for key in stack}, key=lambda key: (keys.index(key), key))
    rows = [(f"`{key}`", *(_code(stack[key]) if key in stack else "" for stack in stacks)) for key in used]
    return "## Stacks\n\nWhat each stack sets; all else is as above.\n\n" + _table(("Setting", *names), rows)


def _all_keys() -> dict[str, Any]:
    return Settings.model_construct(artifacts="", environment="local").model_dump(by_alias=True)


def _leaves(tree: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        if isinstance(value, dict) and _section_at(f"{prefix}{key}"):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _section_at(path: str) -> bool:
    return any(field.alias == path and _is_section(field) for field in Settings.model_fields.values())


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"
