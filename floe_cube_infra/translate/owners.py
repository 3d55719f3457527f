"""Whom to ask about each cube and view, from what dbt knows of the node that it comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from floe_cube_infra.inputs import dbt_owners
from floe_cube_infra.inputs.dbt_manifest import Manifest, Node
from floe_cube_infra.inputs.dbt_owners import meta_owners
from floe_cube_infra.model.cubes import CubeSchema, RoleCube, SemanticModel
from floe_cube_infra.model.owners import Owner
from floe_cube_infra.model.views import CubeView


def owners_of(manifest: Manifest, model: SemanticModel) -> dict[str, tuple[Owner, ...]]:
    """The owners by the names of cubes and views, those of the node first, then of exposures that use it, by name.

    Args:
        manifest: The dbt project.
        model: What became of it.
    """
    groups = {
        (group.package_name, group.name): tuple(_owner(group.owner, f"group {group.name}"))
        for group in manifest.groups.values()
    }
    exposures: dict[str, tuple[Owner, ...]] = {}
    users: dict[str, list[Owner]] = defaultdict(list)
    for exposure in sorted(manifest.exposures.values(), key=lambda each: each.name):
        exposures[exposure.unique_id] = tuple(_owner(exposure.owner, f"exposure {exposure.name}"))
        for node in exposure.depends_on_nodes:
            users[node] += exposures[exposure.unique_id]
    found: dict[str, tuple[Owner, ...]] = {}
    things: tuple[CubeSchema | RoleCube | CubeView, ...] = (*model.cubes, *model.roles, *model.views)
    for thing in things:
        named = [*_of_node(manifest.nodes.get(thing.dbt_node), groups)]
        named += exposures.get(thing.dbt_node, ()) or users.get(thing.dbt_node, ())
        if named:
            found[thing.name] = tuple(_once(named).values())
    return found


def _of_node(node: Node | None, groups: Mapping[tuple[str, str], Sequence[Owner]]) -> Iterator[Owner]:
    if node is None:
        return
    for given in meta_owners(node.all_meta):
        yield from _owner(given, "meta.owner")
    group = node.group or (node.config and node.config.group)
    if group:
        yield from groups.get((node.package_name, group), ())


def _once(named: Iterable[Owner]) -> dict[tuple[str | None, tuple[str, ...]], Owner]:
    """Someone who is named in several places, with the first of them."""
    found: dict[tuple[str | None, tuple[str, ...]], Owner] = {}
    for each in named:
        found.setdefault((each.name, each.emails), each)
    return found


def _owner(given: dbt_owners.Owner | None, origin: str) -> Iterator[Owner]:
    if given is not None and (given.name or given.emails):
        yield Owner(name=given.name or None, emails=given.emails, origin=origin)
