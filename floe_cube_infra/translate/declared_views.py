"""The views in `meta.cube.views`.

Cube refuses a whole model for one view that names what isn't there, so all that it checks is checked here. What it
does not: a view shows members that its cubes hide, since the view's own members are public.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from floe_cube_infra.inputs.cube_meta import ViewMeta
from floe_cube_infra.inputs.dbt_manifest import Node
from floe_cube_infra.model.names import is_cube_name
from floe_cube_infra.model.views import CubeView, ViewCube
from floe_cube_infra.naming import is_identifier
from floe_cube_infra.translate.cube_graph import CubeGraph
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.sources import SourceModel
from floe_cube_infra.translate.view_members import member_names, taken_members


def declared_views(sources: Iterable[SourceModel], graph: CubeGraph, issues: IssueLog) -> list[CubeView]:
    """The views in `meta.cube.views`; one that names what isn't there is an error."""
    views: list[CubeView] = []
    by_cube = {source.cube_name: source for source in sources}
    for source in by_cube.values():
        for meta in source.cube.views:
            parts = [part for part in meta.cubes if graph.problem_with_path(part.join_path) is None]
            visible = tuple(_without_hidden(part, graph) for part in parts)
            problems = [*_problems(meta, graph, by_cube), *_problems_with_names(meta, visible, graph)]
            for problem in problems:
                issues.error(source.node, f"meta.cube.views: the view {meta.name!r} {problem}")
            if not problems:
                views.append(_declared(meta, visible, source.node))
    return views


def _without_hidden(part: ViewCube, graph: CubeGraph) -> ViewCube:
    """What a view takes of a cube, without what the cube hides where it takes all."""
    if part.includes != "*":
        return part
    cube = graph.cubes[_cube(part)]
    shown = set(member_names(cube, with_hidden=False))
    hidden = [name for name in member_names(cube) if name not in shown and name not in part.excludes]
    return part.model_copy(update={"excludes": (*part.excludes, *hidden)})


def _problems(meta: ViewMeta, graph: CubeGraph, by_cube: Mapping[str, SourceModel]) -> Iterator[str]:
    if not is_identifier(meta.name) or not is_cube_name(meta.name):
        yield "has a name that Cube does not take: letters, digits and underscores, no digit first"
    if not meta.cubes:
        yield "takes nothing of any cube"
    for part in meta.cubes:
        problem = graph.problem_with_path(part.join_path)
        if problem:
            yield f"has the join_path {part.join_path!r}, which {problem}"
            continue
        cube = graph.cubes[_cube(part)]
        known = set(member_names(cube))
        wanted = [name for name, _ in taken_members(part, cube)] if part.includes != "*" else []
        if part.includes == ():
            yield f"takes nothing of {_cube(part)}"
        for name in (*wanted, *part.excludes):
            if name not in known:
                yield f"names the member {name}, which {_cube(part)} does not have"
        hidden = {dimension.name for dimension in cube.dimensions if dimension.public is False}
        for name in wanted:
            if name in hidden and not _is_exposed(name, by_cube[cube.name]):
                yield (
                    f"shows the dimension {name}, which is hidden in {_cube(part)}; leave it out, or set "
                    "meta.cube.visibility: expose on its column if its values may be seen"
                )


def _problems_with_names(meta: ViewMeta, parts: Iterable[ViewCube], graph: CubeGraph) -> Iterator[str]:
    cubes: dict[str, list[str]] = {}
    for part in parts:
        for _, name in taken_members(part, graph.cubes[_cube(part)]):
            cubes.setdefault(name, []).append(_cube(part))
    for name, owners in cubes.items():
        if len(owners) > 1:
            yield (
                f"has the member {name} twice, of {' and '.join(owners)}; set prefix: true on one of them, exclude the "
                "member, or give it an alias"
            )
    for folder, count in Counter(folder.name for folder in meta.folders).items():
        if count > 1:
            yield f"has the folder {folder!r} twice"
    for each in meta.folders:
        unknown = [name for name in each.includes if name not in cubes] if each.includes != "*" else []
        if unknown:
            yield f"has the folder {each.name!r} with {', '.join(unknown)}, which the view does not have"


def _is_exposed(member: str, source: SourceModel) -> bool:
    return any(column.member == member and column.cube.visibility == "expose" for column in source.columns.values())


def _cube(part: ViewCube) -> str:
    return part.join_path.rpartition(".")[2]


def _declared(meta: ViewMeta, parts: tuple[ViewCube, ...], node: Node) -> CubeView:
    return CubeView(
        name=meta.name,
        cubes=parts,
        folders=meta.folders,
        title=meta.title,
        description=meta.description,
        public=meta.public,
        meta=meta.meta,
        dbt_node=node.unique_id,
        dbt_file=node.original_file_path,
    )
