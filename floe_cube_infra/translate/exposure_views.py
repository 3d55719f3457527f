"""A view for each exposure: what a dashboard or notebook is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from floe_cube_infra.inputs.dbt_semantics import Exposure
from floe_cube_infra.model.names import cube_name
from floe_cube_infra.model.views import CubeView, ViewCube, ViewFolder
from floe_cube_infra.translate.cube_graph import CubeGraph
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.sources import SourceModel


def exposure_views(
    exposures: Iterable[Exposure], sources: Mapping[str, SourceModel], graph: CubeGraph, issues: IssueLog
) -> list[CubeView]:
    """One view for each exposure: the members of all cubes that it depends on, joined to the one they hang on."""
    views: list[CubeView] = []
    for exposure in exposures:
        nodes = {
            sources[unique_id].cube_name: sources[unique_id].node
            for unique_id in (exposure.depends_on and exposure.depends_on.nodes) or ()
            if unique_id in sources and sources[unique_id].cube_name in graph.cubes
        }
        if not nodes:
            continue
        root, paths = _root(sorted(nodes), graph)
        for name in sorted(nodes.keys() - paths.keys()):
            issues.warning(
                nodes[name],
                f"is used by the exposure {exposure.name}, but not joined to {root}, so the view of the exposure "
                f"leaves out {name}; declare the relationship in dbt",
            )
        view = _exposed(exposure, root, paths, graph)
        if view.cubes:
            views.append(view)
    return views


def _root(names: Sequence[str], graph: CubeGraph) -> tuple[str, Mapping[str, tuple[str, ...]]]:
    """The cube from which most of the others are within reach, and the ways; the first such by name."""
    ways = {name: graph.paths(name, names) for name in names}
    root = max(names, key=lambda name: len(ways[name]))
    return root, ways[root]


def _exposed(exposure: Exposure, root: str, paths: Mapping[str, tuple[str, ...]], graph: CubeGraph) -> CubeView:
    taken: set[str] = set()
    parts: list[ViewCube] = []
    folders: dict[str, ViewFolder] = {}
    for name in sorted(paths, key=lambda name: (name != root, name)):
        # By their names in the view; where two would have one name, the one nearer to the root is kept.
        members = {member if name == root else f"{name}_{member}": member for member in graph.members(name)}
        members = {shown: member for shown, member in members.items() if shown not in taken}
        if not members:
            continue
        taken.update(members)
        prefix = None if name == root else True
        parts.append(ViewCube(join_path=".".join(paths[name]), includes=tuple(members.values()), prefix=prefix))
        title = graph.cubes[name].title or name
        # Cube wants each folder's name once.
        folder = name if title in folders else title
        folders[folder] = ViewFolder(name=folder, includes=tuple(members))
    return CubeView(
        name=cube_name(exposure.name),
        title=exposure.label or None,
        description=exposure.description or None,
        cubes=tuple(parts),
        folders=tuple(folders.values()) if len(folders) > 1 else (),
        dbt_node=exposure.unique_id,
        dbt_file=exposure.original_file_path,
    )
