"""Views: what `meta.cube.views` says, and one for each exposure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from floe_cube_infra.inputs.cube_meta import ViewMeta
from floe_cube_infra.inputs.dbt_manifest import Node
from floe_cube_infra.inputs.dbt_semantics import Exposure
from floe_cube_infra.model.cubes import CubeSchema, RoleCube
from floe_cube_infra.model.names import cube_name, is_cube_name
from floe_cube_infra.model.views import CubeView, ViewCube, ViewFolder, ViewMember
from floe_cube_infra.naming import is_identifier
from floe_cube_infra.translate.issues import IssueLog
from floe_cube_infra.translate.sources import SourceModel


class CubeGraph:
    """All cubes by name, roles among them, and the ways of joins between them."""

    def __init__(self, cubes: Iterable[CubeSchema], roles: Iterable[RoleCube]) -> None:
        self.cubes = {cube.name: cube for cube in cubes}
        for role in roles:
            self.cubes[role.name] = self.cubes[role.extends]

    def members(self, cube: str) -> list[str]:
        """The members of a cube that queries may use: those not declared hidden."""
        schema = self.cubes[cube]
        return [
            member.name
            for part in (schema.dimensions, schema.measures, schema.segments)
            for member in part
            if member.public is not False
        ]

    def has_member(self, cube: str, name: str) -> bool:
        """Whether the cube has a member of that name, hidden or not."""
        schema = self.cubes[cube]
        return any(
            member.name == name for part in (schema.dimensions, schema.measures, schema.segments) for member in part
        )

    def paths_from(self, root: str) -> dict[str, tuple[str, ...]]:
        """The shortest way of joins from the root to each cube within reach, the root's own among them."""
        paths: dict[str, tuple[str, ...]] = {root: (root,)}
        queue = [root]
        for name in queue:
            for join in self.cubes[name].joins:
                if join.name not in paths and join.name in self.cubes:
                    paths[join.name] = (*paths[name], join.name)
                    queue.append(join.name)
        return paths

    def problem_with_path(self, path: str) -> str | None:
        """What is wrong with a view's join path, if anything."""
        steps = path.split(".")
        for step in steps:
            if step not in self.cubes:
                return f"names {step}, which is no cube here"
        for cube, following in pairwise(steps):
            if all(join.name != following for join in self.cubes[cube].joins):
                return f"leads from {cube} to {following}, which are not joined"
        return None


def declared_views(sources: Iterable[SourceModel], graph: CubeGraph, issues: IssueLog) -> list[CubeView]:
    """The views in `meta.cube.views`; one that names what isn't there is an error."""
    views: list[CubeView] = []
    for source in sources:
        for meta in source.cube.views:
            problems = list(_problems(meta, graph))
            for problem in problems:
                issues.error(source.node, f"meta.cube.views: the view {meta.name!r} {problem}")
            if not problems:
                views.append(_declared(meta, source.node))
    return views


def exposure_views(
    exposures: Iterable[Exposure], sources: Mapping[str, SourceModel], graph: CubeGraph, issues: IssueLog
) -> list[CubeView]:
    """One view for each exposure: the members of all cubes that it depends on, joined to the one they hang on."""
    views: list[CubeView] = []
    for exposure in exposures:
        names = [
            sources[unique_id].cube_name
            for unique_id in (exposure.depends_on and exposure.depends_on.nodes) or ()
            if unique_id in sources
        ]
        if not names:
            continue
        root, paths = _root(names, graph)
        missing = [name for name in names if name not in paths]
        if missing:
            issues.warning(
                sources[next(iter(_ids_of(missing, sources)))].node,
                f"is used by the exposure {exposure.name}, but not joined to {root}, so the view of the exposure "
                f"leaves out {', '.join(sorted(missing))}; declare the relationship in dbt",
            )
        views.append(_exposed(exposure, root, {name: paths[name] for name in names if name in paths}, graph))
    return views


def _root(names: Sequence[str], graph: CubeGraph) -> tuple[str, dict[str, tuple[str, ...]]]:
    """The cube from which most of the others are within reach; the first such by name."""
    best: tuple[int, str, dict[str, tuple[str, ...]]] | None = None
    for name in sorted(names):
        paths = graph.paths_from(name)
        reached = sum(1 for other in names if other in paths)
        if best is None or reached > best[0]:
            best = (reached, name, paths)
    assert best is not None  # noqa: S101 - there is a name  # nosec B101
    return best[1], best[2]


def _ids_of(cubes: Sequence[str], sources: Mapping[str, SourceModel]) -> list[str]:
    return sorted(unique_id for unique_id, source in sources.items() if source.cube_name in cubes)


def _exposed(exposure: Exposure, root: str, paths: Mapping[str, tuple[str, ...]], graph: CubeGraph) -> CubeView:
    taken: set[str] = set()
    parts: list[ViewCube] = []
    folders: list[ViewFolder] = []
    for name in sorted(paths, key=lambda name: (name != root, name)):
        # By their names in the view; where two would have one name, the one nearer to the root is kept.
        members = {member if name == root else f"{name}_{member}": member for member in graph.members(name)}
        members = {shown: member for shown, member in members.items() if shown not in taken}
        taken.update(members)
        prefix = None if name == root else True
        parts.append(ViewCube(join_path=".".join(paths[name]), includes=tuple(members.values()), prefix=prefix))
        folders.append(ViewFolder(name=graph.cubes[name].title or name, includes=tuple(members)))
    return CubeView(
        name=cube_name(exposure.name),
        title=exposure.label,
        description=exposure.description or None,
        cubes=tuple(parts),
        folders=tuple(folders) if len(folders) > 1 else (),
        dbt_node=exposure.unique_id,
        dbt_file=exposure.original_file_path,
    )


def _problems(meta: ViewMeta, graph: CubeGraph) -> Iterable[str]:
    if not is_identifier(meta.name) or not is_cube_name(meta.name):
        yield "has a name that Cube does not take: letters, digits and underscores, no digit first"
    if not meta.cubes:
        yield "takes nothing of any cube"
    for part in meta.cubes:
        problem = graph.problem_with_path(part.join_path)
        if problem:
            yield f"has the join_path {part.join_path!r}, which {problem}"
            continue
        cube = part.join_path.rpartition(".")[2]
        wanted = [] if part.includes == "*" else [_name(member) for member in part.includes]
        for name in (*wanted, *part.excludes):
            if not graph.has_member(cube, name):
                yield f"names the member {name}, which {cube} does not have"


def _name(member: str | ViewMember) -> str:
    return member if isinstance(member, str) else member.name


def _declared(meta: ViewMeta, node: Node) -> CubeView:
    return CubeView(
        name=meta.name,
        cubes=meta.cubes,
        folders=meta.folders,
        title=meta.title,
        description=meta.description,
        public=meta.public,
        meta=meta.meta,
        dbt_node=node.unique_id,
        dbt_file=node.original_file_path,
    )
