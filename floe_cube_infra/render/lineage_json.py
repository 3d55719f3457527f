"""`lineage.json`: where the model's members come from, read by the observer."""

from __future__ import annotations

import msgspec

from floe_cube_infra.model.dataset_lineage import ModelLineage


def render_lineage(lineage: ModelLineage) -> str:
    """The lineage file; ends with a line break."""
    return msgspec.json.format(msgspec.json.encode(lineage, order="sorted"), indent=1).decode() + "\n"
