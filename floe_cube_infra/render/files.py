"""Every file that Cube is given, as text by path: what the stack ships and what `generate` writes."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import PurePosixPath

from pydantic import Field

from floe_cube_infra.model.cubes import SemanticModel
from floe_cube_infra.model.frozen import Frozen
from floe_cube_infra.naming import content_hash
from floe_cube_infra.render.access_json import render_access
from floe_cube_infra.render.model_yaml import render_cube, render_role, render_view


class CubeFiles(Frozen):
    """Files by path, relative to Cube's folder.

    Attributes:
        configuration: `cube.js`, what it requires, and `settings.json`.
        model: Everything under `model/`.
        observer: Everything under `observer/`, for the observer beside Cube; empty where queries aren't observed.
    """

    configuration: dict[str, str]
    model: dict[str, str]
    observer: dict[str, str] = Field(default_factory=dict)

    @property
    def model_version(self) -> str:
        """A hash of the model files, by their names: equal models, equal versions, wherever they lie.

        Cube's pods tell the same of what they serve (cube/model_version.js).
        """
        return model_version(self.model)

    def everything(self) -> dict[str, str]:
        """All files by path, sorted."""
        return dict(sorted({**self.configuration, **self.model, **self.observer}.items()))


def model_version(files: Mapping[str, str]) -> str:
    """A hash of model files, texts by path; names are unique in all folders together."""
    named = sorted((PurePosixPath(path).name, text) for path, text in files.items())
    return content_hash(part for each in named for part in each)


def cube_files(model: SemanticModel, settings_json: str, observer: Mapping[str, str] | None = None) -> CubeFiles:
    """Renders all files of a model.

    Args:
        model: The semantic model.
        settings_json: `settings.json`.
        observer: The observer's files, if queries are observed.
    """
    configuration = {**javascript(), "settings.json": settings_json}
    return CubeFiles(configuration=configuration, model=model_files(model), observer=dict(observer or {}))


def model_files(model: SemanticModel) -> dict[str, str]:
    """The files under `model/`: for each cube and view its YAML, and what `cube.js` must know to guard it."""
    by_name = {cube.name: cube for cube in model.cubes}
    files = {f"model/cubes/{cube.name}.yml": render_cube(cube) for cube in model.cubes}
    for role in model.roles:
        files[f"model/cubes/{role.name}.yml"] = render_role(role, by_name[role.extends])
    for view in model.views:
        files[f"model/views/{view.name}.yml"] = render_view(view)
    for rule in model.access_rules:
        files[f"model/{rule.kind}s/{rule.name}.access.json"] = render_access(rule)
    return files


def javascript() -> dict[str, str]:
    """The hand-written JavaScript, by file name."""
    folder = resources.files("floe_cube_infra.cube")
    return {
        file.name: file.read_text(encoding="utf-8")
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".js")
    }
