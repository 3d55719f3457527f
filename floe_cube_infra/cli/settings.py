"""`floe-cube settings`: every setting with its default and meaning, and what each stack sets, as one page."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from floe_cube_infra.cli.reference_pages import allowed_values, attribute_texts, class_of, is_section, markdown_table
from floe_cube_infra.inputs.settings import SETTINGS_VERSION, Settings, from_stack_file
from floe_cube_infra.inputs.settings.deprecations import FORMER_NAMES

Stacks = Annotated[list[Path] | None, typer.Option("--stack-file", help="A stack's file; may be given several times.")]

_HEAD: Final = f"""\
# Settings

Written by `floe-cube settings`. A stack's file gives settings under `floe-cube-infra:<key>`; what lies in a section is
a mapping there. Everything has a default but `artifacts` and `environment`.

This is version {SETTINGS_VERSION} of the contract, whose JSON Schema is
[schemas/settings.schema.json](schemas/settings.schema.json): new settings with defaults can come at any time, and the
version rises when a setting goes or means something else.
"""


def settings(stack_file: Stacks = None) -> None:
    """Print every setting with its default and meaning, as Markdown."""
    typer.echo(reference(stack_file or ()), nl=False)


def reference(stack_files: Sequence[Path] = ()) -> str:
    """The page, Markdown; ends with a line break.

    Args:
        stack_files: The stacks that are compared in its last table.
    """
    parts = [_HEAD, *_sections(Settings, "Stack", ""), _former_names()]
    if stack_files:
        parts.append(_stacks(stack_files))
    return "\n".join(parts)


def _sections(model: type[BaseModel], title: str, prefix: str) -> Iterator[str]:
    texts = attribute_texts(model)
    lead = (inspect.getdoc(model) or "").partition("\n\nAttributes:")[0].replace("\n", " ")
    yield f"## {title}\n\n{lead}\n"
    rows = [
        (f"`{prefix}{field.alias}`", _default(field), allowed_values(model, str(field.alias)), texts[name])
        for name, field in model.model_fields.items()
        if not is_section(field)
    ]
    yield markdown_table(("Setting", "Default", "Allowed", "Meaning"), rows)
    for field in model.model_fields.values():
        if is_section(field):
            yield from _sections(class_of(field), f"`{prefix}{field.alias}`", f"{prefix}{field.alias}.")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True, validated_data={})
    return "" if value is None else _code(value)


def _code(value: object) -> str:
    text = json.dumps(value, default=lambda section: section.model_dump(by_alias=True, exclude_none=True))
    return f"`{value if isinstance(value, str) else text}`"


def _former_names() -> str:
    rows = [(f"`{each.former}`", f"`{each.name}`", each.refused_from.isoformat()) for each in FORMER_NAMES]
    lead = "What is given by a former name counts, with a warning, until a release of that day or later refuses it."
    return f"## Former names\n\n{lead}\n\n" + markdown_table(("Former name", "Now", "Refused from"), rows)


def _stacks(files: Sequence[Path]) -> str:
    names = [file.stem.removeprefix("Pulumi.") for file in files]
    stacks = [dict(_leaves(from_stack_file(file).model_dump(by_alias=True, exclude_unset=True))) for file in files]
    keys = [key for key, _ in _leaves(_all_keys())]
    used = sorted({key for stack in stacks for key in stack}, key=lambda key: (keys.index(key), key))
    rows = [(f"`{key}`", *(_code(stack[key]) if key in stack else "" for stack in stacks)) for key in used]
    return "## Stacks\n\nWhat each stack sets; all else is as above.\n\n" + markdown_table(("Setting", *names), rows)


def _all_keys() -> dict[str, Any]:
    return Settings.model_construct(artifacts="", environment="local").model_dump(by_alias=True)


def _leaves(tree: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        if isinstance(value, dict) and _section_at(f"{prefix}{key}"):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _section_at(path: str) -> bool:
    return any(field.alias == path and is_section(field) for field in Settings.model_fields.values())
