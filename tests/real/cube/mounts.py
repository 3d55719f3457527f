"""Cube's files on disk the way Kubernetes mounts ConfigMaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from floe_cube_infra.render.files import CubeFiles
from floe_cube_infra.render.shards import shards


def mount(folder: Path, config_maps: Iterable[Mapping[str, str]]) -> Path:
    """Mounts ConfigMaps into one folder, projected: the files lie behind `..data`, itself a link.

    Args:
        folder: The mount path; made here.
        config_maps: Texts by key.
    """
    behind = folder / "..2026_01_01_00_00_00.000000001"
    behind.mkdir(parents=True)
    (folder / "..data").symlink_to(behind.name)
    for data in config_maps:
        for key, text in data.items():
            (behind / key).write_text(text, encoding="utf-8")
            (folder / key).symlink_to(f"..data/{key}")
    return folder


def mount_cube(folder: Path, files: CubeFiles) -> tuple[Path, Path]:
    """Mounts all that Cube is given, in the keys and shards of the stack.

    Returns:
        The configuration's folder and the model's, side by side and not inside one another.
    """
    model = [_by_name(shard) for shard in shards(files.model)]
    return mount(folder / "conf", [_by_name(files.configuration)]), mount(folder / "model", model)


def _by_name(files: Mapping[str, str]) -> dict[str, str]:
    # Keys of a ConfigMap hold no slash.
    return {PurePosixPath(path).name: text for path, text in files.items()}
