"""What `cube.js` must know of a cube or view to guard it, as a JSON file beside its YAML."""

from __future__ import annotations

import json

from floe_cube_infra.model.access import AccessRule
from floe_cube_infra.render import cube_text


def render_access(rule: AccessRule) -> str:
    """The access file of one cube or view; ends with a line break."""
    if not rule.clear:  # nearly all
        return rule.model_dump_json(indent=2) + "\n"
    document = rule.model_dump(mode="json")
    for name, clear in rule.clear.items():
        # As the YAML has it, in whose place it is put.
        document["clear"][name] |= {
            "sql": cube_text.sql(clear.sql),
            "format": None if clear.format is None else cube_text.literal(clear.format),
        }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
