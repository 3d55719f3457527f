"""Warnings about all joins together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.joins.given import Joining
from floe_cube_infra.translate.joins.graph import ambiguous, cycles


def report_doubtful(
    found: Mapping[str, Iterable[str]], roles: Mapping[str, str], joining: Joining, issues: IssueLog
) -> None:
    """Reports cycles, and cubes joined on several ways.

    Args:
        found: The cubes that each node's cube joins, by `unique_id`.
        roles: The `unique_id` of the node that each role cube extends, by its name.
        joining: What joins were decided from.
        issues: Takes the warnings.
    """
    nodes = {source.cube_name: source.node for source in joining.sources.values()}
    graph = {joining.sources[unique_id].cube_name: sorted(some) for unique_id, some in found.items()}
    for role, unique_id in roles.items():
        graph[role] = sorted(found.get(unique_id, ()))
        nodes[role] = joining.sources[unique_id].node
    for cycle in cycles(graph):
        issues.warning(
            nodes[cycle[0]],
            f"its joins form a cycle: {' -> '.join(cycle)}; Cube then chooses a way by itself. "
            "Remove one of the relationships, or say in meta.cube.joins which is meant",
        )
    for start, end, (one, other) in ambiguous(graph):
        issues.warning(
            nodes[start],
            f"is joined to {end} on two ways of the same length, over {one} and over {other}; Cube takes either. "
            "Say in a view's join_path which is meant, or join them directly in meta.cube.joins",
        )
