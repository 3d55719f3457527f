"""Stacks as earlier versions of the program left them: the engine's state and the settings, in files."""

from __future__ import annotations

import json
import lzma
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from tests.program import moto
from tests.program.engine import CLONE, Project
from tools.environment import environment

FOLDER: Final = Path(__file__).parent / "states"
STACKS: Final[Mapping[str, str]] = {"prod": "prod", "bucket": "dev"}
"""What is recorded, by the sample stack that it is made from: production as it is, whose tables lie on a volume; and
a stack with a bucket, a generated key, workers and the database of Marquez."""

_PASSPHRASE: Final = "public: it guards made-up keys of samples that never ran anywhere"
_OF_MACHINE_AND_HOUR: Final = frozenset({"stackTrace", "sourcePosition", "created", "modified"})
_LONGEST: Final = 300


def new_project(folder: Path, pulumi_home: Path, kind: str, source: Path = CLONE, **variables: str) -> Project:
    """A project for a stack of a kind, in a new folder; its secrets are encrypted with the passphrase of the states."""
    (folder / "project").mkdir(parents=True)
    (folder / "floe").mkdir()
    (folder / "floe" / "passphrase").write_text(_PASSPHRASE)
    ours = environment(folder=folder / "floe", pulumi_home=pulumi_home)
    # A state tells which kubeconfig was used.
    return Project(folder / "project", ours | {"KUBECONFIG": os.devnull, **variables}, STACKS[kind], source)


def edit_for(kind: str) -> Callable[[dict[str, Any]], None]:
    """What makes a sample's settings those of a kind."""

    def edit(settings: dict[str, Any]) -> None:
        settings["kubernetes"] = {"renderDirectory": f".floe/rendered/{STACKS[kind]}"}
        if kind == "bucket":
            settings["cubeStore"] = {"workers": 1}
            settings["bucket"] = {"name": "shop-cube-store", "region": moto.REGION, "manage": "create"}
            settings["secrets"] = {"apiSecret": "generate", "generations": ["may"]}

    return edit


def store(project: Project, version: str, kind: str) -> None:
    """Writes the files of a stack that was just provisioned."""
    state, settings = _files(version, kind)
    state.parent.mkdir(parents=True, exist_ok=True)
    document = json.loads(project.pulumi("stack", "export", "--stack", project.stack))
    document["deployment"]["resources"] = [_trimmed(resource) for resource in document["deployment"]["resources"]]
    state.write_bytes(lzma.compress(json.dumps(document, sort_keys=True).encode(), preset=9 | lzma.PRESET_EXTREME))
    settings.write_text(_settings_of(project).read_text())


def load(project: Project, version: str, kind: str) -> list[dict[str, Any]]:
    """Gives a project the state and the settings of a stack; the resources are returned, too."""
    state, settings = _files(version, kind)
    _settings_of(project).write_text(settings.read_text())
    text = lzma.decompress(state.read_bytes()).decode()
    (project.folder / "state.json").write_text(text)
    project.pulumi("stack", "import", "--file", "state.json", "--stack", project.stack)
    resources: list[dict[str, Any]] = json.loads(text)["deployment"]["resources"]
    return resources


def _files(version: str, kind: str) -> tuple[Path, Path]:
    return FOLDER / version / f"{kind}.json.xz", FOLDER / version / f"{kind}.yaml"


def _settings_of(project: Project) -> Path:
    return project.folder / "stacks" / f"Pulumi.{project.stack}.yaml"


def _trimmed(resource: dict[str, Any]) -> dict[str, Any]:
    """A resource without what is of the machine and the hour, and without what files in ConfigMaps say."""
    kept = {key: value for key, value in resource.items() if key not in _OF_MACHINE_AND_HOUR}
    return _shortened(kept) if resource["type"] == "kubernetes:core/v1:ConfigMap" else kept


def _shortened(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shortened(each) for key, each in value.items()}
    return "" if isinstance(value, str) and len(value) > _LONGEST else value
