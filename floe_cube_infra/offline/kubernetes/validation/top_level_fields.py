"""The fields that objects of the built-in kinds have beside `apiVersion`, `kind` and `metadata`."""

from __future__ import annotations

import difflib
from typing import Any, Final

from floe_cube_infra.offline.kubernetes.objects import ObjectType
from floe_cube_infra.offline.kubernetes.validation.findings import Findings

_COMMON: Final = ("apiVersion", "kind", "metadata")
_SPEC_AND_STATUS: Final = ("spec", "status")
_FIELDS: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    **{
        (group, kind): _SPEC_AND_STATUS
        for group, kinds in {
            "": "Namespace Node PersistentVolume PersistentVolumeClaim Pod ReplicationController ResourceQuota Service",
            "apiextensions.k8s.io": "CustomResourceDefinition",
            "apiregistration.k8s.io": "APIService",
            "apps": "DaemonSet Deployment ReplicaSet StatefulSet",
            "autoscaling": "HorizontalPodAutoscaler",
            "batch": "CronJob Job",
            "networking.k8s.io": "Ingress",
            "policy": "PodDisruptionBudget",
        }.items()
        for kind in kinds.split()
    },
    ("", "ConfigMap"): ("binaryData", "data", "immutable"),
    ("", "Secret"): ("data", "immutable", "stringData", "type"),
    ("", "ServiceAccount"): ("automountServiceAccountToken", "imagePullSecrets", "secrets"),
    ("", "Endpoints"): ("subsets",),
    ("", "LimitRange"): ("spec",),
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): ("webhooks",),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): ("webhooks",),
    ("coordination.k8s.io", "Lease"): ("spec",),
    ("discovery.k8s.io", "EndpointSlice"): ("addressType", "endpoints", "ports"),
    ("networking.k8s.io", "IngressClass"): ("spec",),
    ("networking.k8s.io", "NetworkPolicy"): ("spec",),
    ("node.k8s.io", "RuntimeClass"): ("handler", "overhead", "scheduling"),
    ("rbac.authorization.k8s.io", "ClusterRole"): ("aggregationRule", "rules"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): ("roleRef", "subjects"),
    ("rbac.authorization.k8s.io", "Role"): ("rules",),
    ("rbac.authorization.k8s.io", "RoleBinding"): ("roleRef", "subjects"),
    ("scheduling.k8s.io", "PriorityClass"): ("description", "globalDefault", "preemptionPolicy", "value"),
    ("storage.k8s.io", "CSIDriver"): ("spec",),
    ("storage.k8s.io", "StorageClass"): (
        "allowVolumeExpansion",
        "allowedTopologies",
        "mountOptions",
        "parameters",
        "provisioner",
        "reclaimPolicy",
        "volumeBindingMode",
    ),
}


def check_top_level_fields(manifest: dict[str, Any], kind: ObjectType, findings: Findings) -> None:
    """Checks that an object of a well-known kind has no field that the kind doesn't know."""
    fields = _FIELDS.get((kind.group, kind.kind))
    if fields is None:
        return
    allowed = (*_COMMON, *fields)
    for key in manifest:
        if key in allowed:
            continue
        close = difflib.get_close_matches(key, allowed, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        findings.add((key,), f"a {kind.kind} has no field {key!r}; it has {', '.join(allowed)}{hint}")
