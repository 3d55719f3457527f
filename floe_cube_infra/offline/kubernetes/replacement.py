"""Which changes Kubernetes can't make in place, so that the object has to be replaced.

Source: the table `forceNew` of pulumi/pulumi-kubernetes (`provider/pkg/provider/diff.go`), and fields that
the API server itself refuses to change.
"""

from __future__ import annotations

from typing import Any, Final

from floe_cube_infra.offline.detailed_diff import Change
from floe_cube_infra.offline.kubernetes.objects import ObjectType, is_autonamed, metadata_of, type_of
from floe_cube_infra.offline.kubernetes.settings import ProviderSettings
from floe_cube_infra.offline.property_path import Path, contains
from floe_cube_infra.offline.wire import Plain, Unknown, Value, plain

_ALWAYS: Final = ("kind", "metadata.name", "metadata.namespace")
_STATEFUL_SET: Final = (
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
)
_POD: Final = tuple(
    f"spec.{field}"
    for field in [
        "affinity",
        "automountServiceAccountToken",
        "containers",
        "dnsConfig",
        "dnsPolicy",
        "enableServiceLinks",
        "hostAliases",
        "hostIPC",
        "hostNetwork",
        "hostPID",
        "hostname",
        "imagePullSecrets",
        "initContainers",
        "nodeName",
        "nodeSelector",
        "overhead",
        "preemptionPolicy",
        "priority",
        "priorityClassName",
        "readinessGates",
        "restartPolicy",
        "runtimeClassName",
        "schedulerName",
        "securityContext",
        "serviceAccount",
        "serviceAccountName",
        "shareProcessNamespace",
        "subdomain",
        "terminationGracePeriodSeconds",
        "volumes",
    ]
)
_VOLUME_SOURCES: Final = tuple(
    f"spec.{source}"
    for source in [
        "awsElasticBlockStore",
        "azureDisk",
        "azureFile",
        "cephfs",
        "cinder",
        "csi",
        "fc",
        "flexVolume",
        "flocker",
        "gcePersistentDisk",
        "glusterfs",
        "hostPath",
        "iscsi",
        "local",
        "nfs",
        "photonPersistentDisk",
        "portworxVolume",
        "quobyte",
        "rbd",
        "scaleIO",
        "storageos",
        "vsphereVolume",
    ]
)
_FIELDS: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("", "PersistentVolume"): _VOLUME_SOURCES,
    ("", "PersistentVolumeClaim"): (
        "spec.accessModes",
        "spec.selector",
        "spec.storageClassName",
        "spec.volumeMode",
        "spec.volumeName",
    ),
    ("", "Pod"): _POD,
    ("", "ResourceQuota"): ("spec.scopes",),
    ("", "Secret"): ("type",),
    ("", "Service"): ("spec.clusterIP",),
    ("apps", "DaemonSet"): ("spec.selector",),
    ("apps", "Deployment"): ("spec.selector",),
    ("apps", "ReplicaSet"): ("spec.selector",),
    ("apps", "StatefulSet"): _STATEFUL_SET,
    ("batch", "Job"): ("spec.completions", "spec.parallelism", "spec.selector", "spec.template"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): ("roleRef",),
    ("rbac.authorization.k8s.io", "RoleBinding"): ("roleRef",),
    ("scheduling.k8s.io", "PriorityClass"): ("preemptionPolicy", "value"),
    ("storage.k8s.io", "StorageClass"): (
        "parameters",
        "provisioner",
        "reclaimPolicy",
        "volumeBindingMode",
    ),
}
# Kinds that moved from `extensions` to a group of their own: the same object under another name.
_MOVED_FROM: Final = "extensions"
_MOVED_TO: Final = frozenset({"apps", "networking.k8s.io", "policy"})


def replacing_paths(old: dict[str, Any], new: dict[str, Any], settings: ProviderSettings) -> tuple[Path, ...]:
    """Gives the properties of this object whose change needs a new one.

    Args:
        old: The plain object of before.
        new: The plain object wanted.
        settings: Whether ConfigMaps and Secrets may be changed in place.
    """
    kind = type_of(new)
    fields = [*_ALWAYS, *_FIELDS.get((kind.group, kind.kind), ())]
    if not _same_group(type_of(old), kind):
        fields.append("apiVersion")
    frozen = old.get("immutable") is True or new.get("immutable") is True
    if kind.is_secret and (frozen or not settings.secrets_can_change):
        fields += ["data", "stringData"]
    if (kind.group, kind.kind) == ("", "ConfigMap") and (frozen or not settings.config_maps_can_change):
        fields += ["data", "binaryData"]
    if old.get("immutable") is True and new.get("immutable") is not True:
        fields.append("immutable")  # Kubernetes never takes it back
    return tuple(tuple(field.split(".")) for field in fields)


def _same_group(old: ObjectType, new: ObjectType) -> bool:
    groups = {old.group, new.group}
    return len(groups) == 1 or (_MOVED_FROM in groups and bool(groups & _MOVED_TO))


def needs_replacement(change: Change, paths: tuple[Path, ...]) -> bool:
    """Says whether `change` touches one of `paths`, or adds or removes what holds it."""
    for path in paths:
        if contains(path, change.path):
            return True
        # An unknown value above a fixed field may well leave it as it is: like the official provider, we
        # don't guess.
        if contains(change.path, path) and not isinstance(change.new, Unknown):
            below = path[len(change.path) :]
            if _at(change.old, below) != _at(change.new, below):
                return True
    return False


def _at(value: Value, path: Path) -> Plain:
    found = plain(value)
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    return found


def must_delete_first(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Says whether a replacement would collide with the object of before."""
    before, after = metadata_of(old), metadata_of(new)
    return (
        bool(after.get("name"))
        and not is_autonamed(new)
        and after.get("name") == before.get("name")
        and (after.get("namespace") or "default") == (before.get("namespace") or "default")
    )
