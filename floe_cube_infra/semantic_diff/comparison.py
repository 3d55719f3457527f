"""A comparison as a document: what `floe-cube diff --format json` writes and `floe-cube report` reads."""

from __future__ import annotations

from pydantic import Field

from floe_cube_infra.graph.model_graph import ModelGraph
from floe_cube_infra.model.frozen import Frozen
from floe_cube_infra.semantic_diff.changed_graph import changed_graph
from floe_cube_infra.semantic_diff.changes import Change
from floe_cube_infra.semantic_diff.compare import compare
from floe_cube_infra.semantic_diff.report import counts
from floe_cube_infra.semantic_diff.snapshot import Snapshot


class Comparison(Frozen):
    """What a comparison says.

    Attributes:
        counts: How many changes there are of each effect.
        changes: What changed, the gravest first.
        graph: The part of the model's graph that changes; None in documents of earlier versions.
    """

    counts: dict[str, int] = Field(default_factory=dict)
    changes: tuple[Change, ...]
    graph: ModelGraph | None = None


def comparison(old: Snapshot, new: Snapshot) -> Comparison:
    """Everything that changed between two snapshots.

    Raises:
        SnapshotError: A file can't be read.
    """
    changes = compare(old, new)
    return Comparison(counts=counts(changes), changes=tuple(changes), graph=changed_graph(old, new, changes))
