"""What `cube.js` must know of a cube to guard it, as a JSON file beside its YAML."""

from __future__ import annotations

import json

from floe_cube_infra.model.cubes import CubeSchema


def render_access(cube: CubeSchema) -> str:
    """The access file of one cube; ends with a line break."""
    document = {
        "name": cube.name,
        "kind": "cube",
        "access": cube.access.model_dump(mode="json"),
        "joins": [join.name for join in cube.joins],
        "members": {},
    }
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
