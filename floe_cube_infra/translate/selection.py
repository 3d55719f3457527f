"""Which dbt nodes become cubes: a few of dbt's own selection methods.

Source of the methods: https://docs.getdbt.com/reference/node-selection/methods
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Final

from floe_cube_infra.inputs.dbt_manifest import Manifest, Node


def _matches_path(node: Node, value: str) -> bool:
    # dbt on Windows writes backslashes.
    path = PurePosixPath((node.original_file_path or "").replace("\\", "/"))
    wanted = PurePosixPath(value)
    return path == wanted or wanted in path.parents or path.match(value)


METHODS: Final[dict[str, Callable[[Node, str], bool]]] = {
    "access": lambda node, value: access(node) == value,
    "group": lambda node, value: (node.group or (node.config and node.config.group)) == value,
    "name": lambda node, value: fnmatchcase(node.name, value),
    "package": lambda node, value: fnmatchcase(node.package_name, value),
    "path": _matches_path,
    "tag": lambda node, value: any(fnmatchcase(tag, value) for tag in tags(node)),
}
"""What stands before the colon of a selector, and whether a node fits what stands after it."""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which nodes become cubes.

    Attributes:
        include: Selectors, such as `tag:nightly` or `path:models/marts`; a node that fits one is taken. None means
            all of the project's own, and what installed packages declare public.
        exclude: Selectors of nodes that are left out all the same.
        resource_types: Kinds of nodes: `model`, `snapshot`, `seed`.
    """

    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    resource_types: Sequence[str] = ("model",)


def selected(manifest: Manifest, selection: Selection) -> Iterator[Node]:
    """The nodes that may become cubes, in the manifest's order; never disabled or ephemeral ones.

    `meta.cube.enabled` goes before everything else.
    """
    project = manifest.metadata.project_name
    for node in manifest.nodes.values():
        if node.resource_type not in selection.resource_types:
            continue
        config = node.config
        if config is not None and (config.enabled is False or config.materialized == "ephemeral"):
            continue
        enabled = _enabled(node)
        if enabled is False:
            continue
        if enabled or (_included(node, selection, project) and not _fits_any(node, selection.exclude)):
            yield node


def access(node: Node) -> str:
    """Who may refer to the node: private, protected (dbt's default) or public."""
    return node.access or (node.config and node.config.access) or "protected"


def tags(node: Node) -> Sequence[str]:
    """The node's tags, from both places that dbt knows."""
    found: list[str] = []
    for value in (node.tags, node.config and node.config.tags):
        found.extend([value] if isinstance(value, str) else value or ())
    return found


def _included(node: Node, selection: Selection, project: str | None) -> bool:
    if selection.include:
        return _fits_any(node, selection.include)
    return project is None or node.package_name == project or access(node) == "public"


def _fits_any(node: Node, selectors: Sequence[str]) -> bool:
    for selector in selectors:
        method, _, value = selector.partition(":")
        if METHODS[method](node, value):
            return True
    return False


def _enabled(node: Node) -> bool | None:
    for meta in (node.config and node.config.meta, node.meta):
        cube = meta.get("cube") if meta else None
        if isinstance(cube, dict) and isinstance(cube.get("enabled"), bool):
            return bool(cube["enabled"])
    return None
