"""What holds data, and what becomes of it when it is replaced or deleted."""

from __future__ import annotations

from typing import Final

from floe_cube_infra.pull_request.costs import BUCKETS
from floe_cube_infra.pull_request.preview import Resource

_HELD: Final = {
    "kubernetes:core/v1:Namespace": "everything in it, volumes and Secrets included",
    "kubernetes:core/v1:PersistentVolume": "its files",
    "kubernetes:core/v1:PersistentVolumeClaim": "its files",
    "kubernetes:core/v1:Secret": "keys that are otherwise kept nowhere",
    **dict.fromkeys(BUCKETS, "its objects"),
}
_STATEFUL_SET: Final = "kubernetes:apps/v1:StatefulSet"


def data_at_risk(resource: Resource) -> str | None:
    """What may be lost with a resource that is replaced or deleted; None if it holds nothing, or stays.

    A Secret whose name comes from its content is replaced by a changed one, which loses nothing that was meant to stay,
    but the preview can't tell: it is named, too.
    """
    if resource.action not in ("replaced", "deleted") or resource.is_retained:
        return None
    if resource.type.startswith("random:"):
        return "what it has generated: a key or password becomes another one"
    if resource.type == _STATEFUL_SET:
        return _of_stateful_set(resource)
    return _HELD.get(resource.type)


def _of_stateful_set(resource: Resource) -> str | None:
    spec = resource.old.get("spec")
    if not isinstance(spec, dict) or not spec.get("volumeClaimTemplates"):
        return None
    policy = spec.get("persistentVolumeClaimRetentionPolicy")
    is_deleted = isinstance(policy, dict) and policy.get("whenDeleted") == "Delete"
    if is_deleted:
        return "its volumes, which go with it"
    if resource.action == "deleted":
        return "its pods stop for good; its volumes stay, and belong to nobody"
    return "its pods stop meanwhile; volumes that are there stay as they are, of the old size and class, too"
