"""What an update would do to an object, as the engine wants to know it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from floe_cube_infra.offline.detailed_diff import Change, changes
from floe_cube_infra.offline.errors import ProviderError
from floe_cube_infra.offline.kubernetes.checking import Scopes
from floe_cube_infra.offline.kubernetes.objects import ObjectType, metadata_of, type_of
from floe_cube_infra.offline.kubernetes.replacement import (
    must_delete_first,
    needs_replacement,
    replacing_paths,
)
from floe_cube_infra.offline.kubernetes.settings import ProviderSettings
from floe_cube_infra.offline.property_path import Path, PropertyPathError, contains, parse_path
from floe_cube_infra.offline.wire import Properties, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectDiff:
    """The changes in place, those that need a new object, and whether the old one must go first."""

    updating: tuple[Change, ...]
    replacing: tuple[Change, ...]
    delete_first: bool


def object_diff(
    old: Properties, new: Properties, ignored: Iterable[str], settings: ProviderSettings, scopes: Scopes
) -> ObjectDiff:
    """Gives the difference between two versions of the inputs.

    Args:
        old: The inputs of before.
        new: The checked inputs; parts may not be known yet.
        ignored: The property paths of `ignoreChanges`, whose changes don't count.
        settings: Whether ConfigMaps and Secrets may be changed in place.
        scopes: Which custom kinds live in no namespace.

    Raises:
        ProviderError: If a path of `ignored` can't be read.
    """
    paths_to_ignore = ignored_paths(ignored)
    before, after = (_in_its_namespace(plain(value), scopes) for value in (old, new))
    found = [
        change for change in changes(before, after) if not any(contains(path, change.path) for path in paths_to_ignore)
    ]
    paths = replacing_paths(before, after, settings)
    replacing = tuple(change for change in found if needs_replacement(change, paths))
    return ObjectDiff(
        updating=tuple(change for change in found if change not in replacing),
        replacing=replacing,
        delete_first=bool(replacing) and must_delete_first(before, after),
    )


def ignored_paths(ignored: Iterable[str]) -> tuple[Path, ...]:
    """Gives the paths of `ignoreChanges`.

    Raises:
        ProviderError: If one can't be read.
    """
    try:
        return tuple(parse_path(path) for path in ignored)
    except PropertyPathError as error:
        raise ProviderError(f"ignoreChanges: {error}") from None


def _in_its_namespace(manifest: dict[str, Any], scopes: Scopes) -> dict[str, Any]:
    """Leaves out a namespace that says nothing: `default`, or any where the kind lives in none."""
    metadata = metadata_of(manifest)
    kind: ObjectType = type_of(manifest)
    if "namespace" in metadata and (metadata["namespace"] in ("", "default") or scopes.is_cluster(kind)):
        rest = {key: value for key, value in metadata.items() if key != "namespace"}
        return {**manifest, "metadata": rest}
    return manifest
