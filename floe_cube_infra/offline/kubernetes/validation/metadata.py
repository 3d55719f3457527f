"""Rules for `metadata`: names by kind, namespaces, labels and annotations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from floe_cube_infra.offline.kubernetes.objects import ObjectType
from floe_cube_infra.offline.kubernetes.validation import names
from floe_cube_infra.offline.kubernetes.validation.findings import Findings, kind_of
from floe_cube_infra.offline.property_path import Path
from floe_cube_infra.offline.wire import Plain, Unknown

_LARGEST_ANNOTATIONS: Final = 256 * 1024
_NAME_RULES: Final[dict[tuple[str, str], Callable[[str], str | None]]] = {
    ("", "Namespace"): names.not_a_label,
    ("", "Service"): names.not_a_1035_label,
    ("apps", "StatefulSet"): names.not_a_label,
    **{
        ("rbac.authorization.k8s.io", kind): names.not_a_path_segment
        for kind in ("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding")
    },
}
_LONGEST_CRON_JOB_NAME: Final = 52  # a job's name adds eleven characters to it


def check_metadata(manifest: dict[str, Any], kind: ObjectType, findings: Findings) -> None:
    """Checks the metadata of an object."""
    metadata = findings.mapping(manifest, "metadata", ())
    path: Path = ("metadata",)
    _check_name(metadata.get("name"), kind, findings)
    namespace = metadata.get("namespace")
    if isinstance(namespace, str) and namespace and (reason := names.not_a_label(namespace)):
        findings.add((*path, "namespace"), reason)
    elif not isinstance(namespace, str | Unknown | None):
        findings.add((*path, "namespace"), f"must be a string, but is {kind_of(namespace)}")
    check_labels(metadata, "labels", path, findings)
    check_annotations(metadata, path, findings)


def _check_name(name: Plain, kind: ObjectType, findings: Findings) -> None:
    if name is None or isinstance(name, Unknown):
        return  # a name that got lost is a replacement, not a mistake
    if not isinstance(name, str):
        findings.add(("metadata", "name"), f"must be a string, but is {kind_of(name)}")
        return
    rule = _NAME_RULES.get((kind.group, kind.kind), names.not_a_subdomain)
    if reason := rule(name):
        findings.add(("metadata", "name"), reason)
    elif (kind.group, kind.kind) == ("batch", "CronJob") and len(name) > _LONGEST_CRON_JOB_NAME:
        findings.add(
            ("metadata", "name"),
            f"{name!r} is too long for a CronJob: use at most {_LONGEST_CRON_JOB_NAME} characters",
        )


def check_labels(parent: dict[str, Any], field: str, path: Path, findings: Findings) -> None:
    """Checks the labels `parent[field]`; `path` is the parent's."""
    for key, value in findings.mapping(parent, field, path).items():
        if reason := names.not_a_qualified_name(key):
            findings.add((*path, field, key), f"the key {reason}")
        if isinstance(value, Unknown):
            continue
        if not isinstance(value, str):
            findings.add((*path, field, key), f"must be a string, but is {kind_of(value)}; put it in quotes")
        elif reason := names.not_a_label_value(value):
            findings.add((*path, field, key), reason)


def check_annotations(metadata: dict[str, Any], path: Path, findings: Findings) -> None:
    """Checks the annotations in `metadata`, whose path is `path`: their keys, types and total size."""
    size = 0
    for key, value in findings.mapping(metadata, "annotations", path).items():
        # As Kubernetes does: keys in any case.
        if reason := names.not_a_qualified_name(key.lower()):
            findings.add((*path, "annotations", key), f"the key {reason}")
        if isinstance(value, str):
            size += len(key.encode()) + len(value.encode())
        elif not isinstance(value, Unknown):
            findings.add((*path, "annotations", key), f"must be a string, but is {kind_of(value)}; put it in quotes")
    if size > _LARGEST_ANNOTATIONS:
        findings.add((*path, "annotations"), f"hold {size} bytes; at most {_LARGEST_ANNOTATIONS} are allowed")
