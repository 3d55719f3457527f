"""`floe-cube schemas`: JSON Schemas of what others rely on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import BaseModel

from floe_cube_infra.inputs.settings import SETTINGS_VERSION, Settings
from floe_cube_infra.model.contracts import ContractCube
from floe_cube_infra.model.cube_config import CubeConfig
from floe_cube_infra.model.stack_outputs import VERSION, StackOutputs
from floe_cube_infra.sync.folder import write_folder

SCHEMAS: Final[Mapping[str, tuple[int, type[BaseModel]]]] = {
    "cube-config": (1, CubeConfig),
    "cube-schema": (1, ContractCube),
    "settings": (SETTINGS_VERSION, Settings),
    "stack-outputs": (VERSION, StackOutputs),
}
"""Versions and models by the name of their schema. A version rises where what kept to it may no longer do so."""

Out = Annotated[Path, typer.Option("--out", "-o", help="The folder to write.")]


def schemas(out: Out) -> None:
    """Write the JSON Schemas of settings, outputs, configuration and cubes."""
    write_folder(out, {f"{name}.schema.json": schema_of(name) for name in SCHEMAS})


def schema_of(name: str) -> str:
    """A schema of `SCHEMAS` (JSON Schema 2020-12), by the keys that files have; ends with a line break."""
    version, model = SCHEMAS[name]
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:floe-cube-infra:schema:{name}:{version}",
    }
    return json.dumps({**head, **model.model_json_schema(by_alias=True)}, indent=2, ensure_ascii=False) + "\n"
