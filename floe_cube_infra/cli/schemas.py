"""`floe-cube schemas`: JSON Schemas of what others rely on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import BaseModel

from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.model.contracts import ContractCube
from floe_cube_infra.model.cube_config import CubeConfig
from floe_cube_infra.model.stack_outputs import StackOutputs
from floe_cube_infra.sync.folder import write_folder

SCHEMAS: Final[dict[str, type[BaseModel]]] = {
    "cube-config": CubeConfig,
    "cube-schema": ContractCube,
    "settings": Settings,
    "stack-outputs": StackOutputs,
}
"""The models by the name of their schema."""

Out = Annotated[Path, typer.Option("--out", "-o", help="The folder to write.")]


def schemas(out: Out) -> None:
    """Write the JSON Schemas of settings, outputs, configuration and cubes."""
    write_folder(out, {f"{name}.schema.json": schema_of(model) for name, model in SCHEMAS.items()})


def schema_of(model: type[BaseModel]) -> str:
    """A model's JSON Schema (draft 2020-12), by the keys that files have; ends with a line break."""
    return json.dumps(model.model_json_schema(by_alias=True), indent=2, ensure_ascii=False) + "\n"
