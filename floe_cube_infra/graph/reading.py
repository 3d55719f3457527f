"""The graph of a model."""

from __future__ import annotations

from floe_cube_infra.graph.folders import folder, package
from floe_cube_infra.graph.model_graph import GraphJoin, GraphNode, ModelGraph
from floe_cube_infra.model.cubes import CubeSchema, RoleCube, SemanticModel
from floe_cube_infra.model.views import CubeView


def graph_of(model: SemanticModel) -> ModelGraph:
    """The whole graph; a role's joins, which are those of the cube that it extends, are not repeated."""
    by_name = {cube.name: cube for cube in model.cubes}
    things: tuple[CubeSchema | RoleCube | CubeView, ...] = (*model.cubes, *model.roles, *model.views)
    packages = {package(thing.dbt_node) for thing in things}
    folders = {thing.name: folder(thing.dbt_node, thing.dbt_file, with_package=len(packages) > 1) for thing in things}
    nodes = [_cube(cube, folders[cube.name]) for cube in model.cubes]
    nodes += [_role(role, by_name[role.extends], folders[role.name]) for role in model.roles]
    nodes += [_view(view, folders[view.name]) for view in model.views]
    known = {node.name for node in nodes}
    joins = [
        GraphJoin(cube=cube.name, to=join.name, relationship=join.relationship)
        for cube in model.cubes
        for join in cube.joins
        if join.name in known
    ]
    return ModelGraph(
        nodes=tuple(sorted(nodes, key=lambda node: node.name)),
        joins=tuple(sorted(joins, key=lambda join: (join.cube, join.to))),
    )


def _cube(cube: CubeSchema, place: str) -> GraphNode:
    return GraphNode(
        name=cube.name,
        access=cube.access.kind,
        filter_columns=cube.filter_columns,
        folder=place,
        dimensions=len(cube.dimensions),
        measures=len(cube.measures),
        rollups=len(cube.pre_aggregations),
    )


def _role(role: RoleCube, extended: CubeSchema, place: str) -> GraphNode:
    return _cube(extended, place).model_copy(update={"name": role.name, "kind": "role", "extends": role.extends})


def _view(view: CubeView, place: str) -> GraphNode:
    used = dict.fromkeys(part.join_path.rpartition(".")[2] for part in view.cubes)
    return GraphNode(name=view.name, kind="view", folder=place, uses=tuple(used))
