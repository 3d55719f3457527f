"""The observer's files: its settings, and for each cube what its members are made of."""

from __future__ import annotations

import msgspec

from floe_cube_infra.model.dataset_lineage import LINEAGE_SUFFIX, ModelLineage
from floe_cube_infra.model.observation import SETTINGS_FILE, ObserverSettings
from floe_cube_infra.naming import content_hash

FOLDER = "observer"


def observer_files(settings: ObserverSettings, lineage: ModelLineage) -> dict[str, str]:
    """The files by path; a cube has one of its own, so that the observer reads only those that are asked.

    Args:
        settings: What the observer runs with.
        lineage: Of all cubes and views; without any where lineage is off.
    """
    cubes = {
        f"{FOLDER}/{name}{LINEAGE_SUFFIX}": msgspec.json.encode(cube, order="sorted").decode() + "\n"
        for name, cube in sorted(lineage.cubes.items())
    }
    version = content_hash(part for path in cubes for part in (path, cubes[path]))
    versioned = msgspec.structs.replace(settings, model_version=version if cubes else None)
    text = msgspec.json.format(msgspec.json.encode(versioned, order="sorted"), indent=2).decode() + "\n"
    return {f"{FOLDER}/{SETTINGS_FILE}": text, **cubes}
