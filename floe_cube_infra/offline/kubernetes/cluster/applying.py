"""Objects as server-side apply takes and gives them back: what is sent, who owns it, and what is kept of the answer."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any, Final

from floe_cube_infra.offline.kubernetes.objects import metadata_of, type_of
from floe_cube_infra.offline.property_path import Path
from floe_cube_infra.offline.wire import Plain

PATCH_FORCE: Final = "pulumi.com/patchForce"
_OF_PULUMI: Final = "pulumi-kubernetes"
# Bookkeeping that would be a change at every look, or that can hold the values of a Secret.
_NOT_KEPT: Final = ("managedFields",)
_LAST_APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"


def is_managed_by(live: dict[str, Any], manager: str) -> bool:
    """Says whether a field manager has applied an object."""
    return any(entry.get("manager") == manager for entry in metadata_of(live).get("managedFields") or [])


def are_of_pulumi(managers: Iterable[str]) -> bool:
    """Says whether all of these field managers are a Pulumi provider's."""
    return all(manager.startswith(_OF_PULUMI) or manager == "pulumi-resource-kubernetes" for manager in managers)


def wants_force(manifest: dict[str, Any]) -> bool:
    """Says whether an object's annotation asks to take fields over from others."""
    return annotation(manifest, PATCH_FORCE) == "true"


def annotation(manifest: dict[str, Any], key: str) -> str:
    """Gives an annotation, empty where there is none."""
    annotations = metadata_of(manifest).get("annotations")
    value = annotations.get(key) if isinstance(annotations, dict) else None
    return value if isinstance(value, str) else ""


def sent(manifest: dict[str, Any]) -> dict[str, Any]:
    """Gives a plain object as it is sent: a Secret with `data` alone.

    What was applied as `stringData` would never be removed again, since the server keeps it as `data`.
    """
    texts = manifest.get("stringData")
    if not type_of(manifest).is_secret or not isinstance(texts, dict):
        return manifest
    data = dict(manifest.get("data") or {}) | {key: encoded(str(value)) for key, value in texts.items()}
    return {**{key: value for key, value in manifest.items() if key != "stringData"}, "data": data}


def encoded(text: str) -> str:
    """Gives a text as the data of a Secret."""
    return base64.b64encode(text.encode()).decode()


def kept(live: dict[str, Any]) -> dict[str, Any]:
    """Gives the part of an object that Pulumi's state holds."""
    metadata = {key: value for key, value in metadata_of(live).items() if key not in _NOT_KEPT}
    if _LAST_APPLIED in (metadata.get("annotations") or {}):
        metadata["annotations"] = {key: text for key, text in metadata["annotations"].items() if key != _LAST_APPLIED}
    return {**live, "metadata": metadata}


def without_ignored(
    manifest: dict[str, Any], live: dict[str, Any], ignored: Iterable[Path], manager: str
) -> dict[str, Any]:
    """Gives an object without the ignored fields that are another's, such as replicas that an autoscaler sets.

    Ignored fields that are ours take the value that they have. Only fields that keys lead to are looked at: the
    owner of an item in a list isn't known by its index.
    """
    entries = metadata_of(live).get("managedFields") or []
    for path in ignored:
        if not all(isinstance(step, str) and step != "*" for step in path):
            continue
        owners = {entry.get("manager") for entry in entries if _owns(entry.get("fieldsV1") or {}, path)}
        found, value = _at(live, path)
        if owners and manager not in owners:
            manifest = _without(manifest, path)
        elif found:
            manifest = _with(manifest, path, value)
    return manifest


def _owns(fields: dict[str, Any], path: Path) -> bool:
    for step in path:
        inner = fields.get(f"f:{step}")
        if inner is None:
            return False
        fields = inner
    return True


def _at(value: Plain, path: Path) -> tuple[bool, Plain]:
    for step in path:
        if not isinstance(value, dict) or step not in value:
            return False, None
        value = value[step]
    return True, value


def _without(value: dict[str, Any], path: Path) -> dict[str, Any]:
    first, *rest = path
    inner = value.get(str(first))
    if not rest:
        return {key: item for key, item in value.items() if key != first}
    return {**value, str(first): _without(inner, tuple(rest))} if isinstance(inner, dict) else value


def _with(value: dict[str, Any], path: Path, new: Plain) -> dict[str, Any]:
    first, *rest = path
    inner = value.get(str(first))
    return {**value, str(first): _with(inner if isinstance(inner, dict) else {}, tuple(rest), new) if rest else new}
