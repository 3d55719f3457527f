"""What is found wrong or doubtful with one pre-aggregation, collected before it becomes issues."""

from __future__ import annotations

from dataclasses import dataclass, field

from floe_cube_infra.inputs.dbt_manifest import Node
from floe_cube_infra.translate.issues import IssueLog


@dataclass
class Findings:
    """Sentences about one entry of `meta.cube.pre_aggregations`."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def report(self, name: str, node: Node, issues: IssueLog) -> None:
        """Hands all of it on, each with the entry's name."""
        for problem in self.errors:
            issues.error(node, f"meta.cube.pre_aggregations, {name!r}: {problem}")
        for doubt in self.warnings:
            issues.warning(node, f"meta.cube.pre_aggregations, {name!r}: {doubt}")
