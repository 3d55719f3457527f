"""What `cube.js` must know of a cube or view to guard it, as a JSON file beside its YAML."""

from __future__ import annotations

from floe_cube_infra.model.access import AccessRule


def render_access(rule: AccessRule) -> str:
    """The access file of one cube or view; ends with a line break."""
    return rule.model_dump_json(indent=2) + "\n"
