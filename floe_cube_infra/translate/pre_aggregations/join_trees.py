"""Which cubes Cube joins to bring some together.

Cube tries every cube as the root, reaches the others on shortest directed ways and takes the tree with the fewest
joins (JoinGraph.buildJoin of @cubejs-backend/schema-compiler); of several equal ones all count here, as they do in
the row-level security of cube.js.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from floe_cube_infra.model.cubes import CubeSchema


def joined_cubes(wanted: Collection[str], cubes: Mapping[str, CubeSchema]) -> frozenset[str] | None:
    """The wanted cubes and those between them; None if no cube leads to all of them."""
    trees = [tree for root in wanted if (tree := _tree(root, wanted, cubes)) is not None]
    if not trees:
        return None
    fewest = min(len(tree) for tree in trees)
    return frozenset(cube for tree in trees if len(tree) == fewest for cube in tree)


def _tree(root: str, wanted: Iterable[str], cubes: Mapping[str, CubeSchema]) -> set[str] | None:
    before: dict[str, set[str]] = {root: set()}
    distance = {root: 0}
    queue = [root]
    missing = set(wanted) - {root}
    for cube in queue:
        if not missing:
            break
        for join in cubes[cube].joins:
            if join.name not in cubes:
                continue
            if join.name not in distance:
                distance[join.name] = distance[cube] + 1
                before[join.name] = set()
                queue.append(join.name)
            if distance[join.name] == distance[cube] + 1:
                before[join.name].add(cube)
        missing.discard(cube)
    if missing:
        return None
    tree: set[str] = set()
    stack = list(wanted)
    while stack:
        cube = stack.pop()
        if cube not in tree:
            tree.add(cube)
            stack.extend(before[cube])
    return tree
