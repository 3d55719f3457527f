"""What an object is: group, version, kind, name, namespace, and whether its kind lives in one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

AUTONAMED: Final = "pulumi.com/autonamed"
MANAGED_BY: Final = "app.kubernetes.io/managed-by"

_CLUSTER_SCOPED: Final = {
    "": {"Namespace", "Node", "PersistentVolume", "ComponentStatus"},
    "admissionregistration.k8s.io": {
        "MutatingAdmissionPolicy",
        "MutatingAdmissionPolicyBinding",
        "MutatingWebhookConfiguration",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
    },
    "apiextensions.k8s.io": {"CustomResourceDefinition"},
    "apiregistration.k8s.io": {"APIService"},
    "certificates.k8s.io": {"CertificateSigningRequest", "ClusterTrustBundle"},
    "flowcontrol.apiserver.k8s.io": {"FlowSchema", "PriorityLevelConfiguration"},
    "networking.k8s.io": {"IngressClass", "IPAddress", "ServiceCIDR"},
    "node.k8s.io": {"RuntimeClass"},
    "policy": {"PodSecurityPolicy"},
    "rbac.authorization.k8s.io": {"ClusterRole", "ClusterRoleBinding"},
    "resource.k8s.io": {"DeviceClass", "DeviceTaintRule", "ResourceSlice"},
    "scheduling.k8s.io": {"PriorityClass"},
    "storage.k8s.io": {"CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"},
    "storagemigration.k8s.io": {"StorageVersionMigration"},
}
_NAMESPACED_GROUPS: Final = {"apps", "autoscaling", "batch", "coordination.k8s.io", "discovery.k8s.io"}
_BUILT_IN_GROUPS: Final = _CLUSTER_SCOPED.keys() | _NAMESPACED_GROUPS | {"events.k8s.io", "extensions"}


@dataclass(frozen=True, slots=True)
class ObjectType:
    """An API group ("" is the core), its version, and a kind in it."""

    group: str
    version: str
    kind: str

    @classmethod
    def of(cls, api_version: str, kind: str) -> ObjectType:
        """Gives the type of an object with this `apiVersion` and `kind`."""
        group, _, version = api_version.rpartition("/")
        return cls("" if group == "core" else group, version, kind)

    @classmethod
    def of_token(cls, token: str) -> ObjectType:
        """Gives the type that a Pulumi type token names, such as `kubernetes:apps/v1:Deployment`."""
        _, _, rest = token.partition(":")
        api_version, _, kind = rest.rpartition(":")
        return cls.of(api_version, kind)

    @property
    def api_version(self) -> str:
        """The `apiVersion` that a manifest carries."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def built_in(self) -> bool:
        """Whether the group is one of Kubernetes itself, rather than of a custom resource."""
        return self.group in _BUILT_IN_GROUPS

    @property
    def cluster_scoped(self) -> bool:
        """Whether the kind is a built-in one that lives in no namespace."""
        return self.kind in _CLUSTER_SCOPED.get(self.group, ())

    @property
    def is_secret(self) -> bool:
        """Whether this is Kubernetes' own Secret, the one kind that may hold secret values."""
        return (self.group, self.kind) == ("", "Secret")

    @property
    def is_custom_resource_definition(self) -> bool:
        """Whether this defines custom resources."""
        return (self.group, self.kind) == ("apiextensions.k8s.io", "CustomResourceDefinition")


def type_of(manifest: dict[str, Any]) -> ObjectType:
    """Gives the type of a plain object; missing or unknown parts count as empty."""
    api_version, kind = manifest.get("apiVersion"), manifest.get("kind")
    return ObjectType.of(api_version if isinstance(api_version, str) else "", kind if isinstance(kind, str) else "")


def metadata_of(manifest: dict[str, Any]) -> dict[str, Any]:
    """Gives the metadata of a plain object, empty where there is none or it isn't known yet."""
    metadata = manifest.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def text_of(metadata: dict[str, Any], key: str) -> str:
    """Gives a text of the metadata, empty where there is none or it isn't known yet."""
    value = metadata.get(key)
    return value if isinstance(value, str) else ""


def is_autonamed(manifest: dict[str, Any]) -> bool:
    """Says whether Pulumi gave the object its name."""
    annotations = metadata_of(manifest).get("annotations")
    return isinstance(annotations, dict) and annotations.get(AUTONAMED) == "true"


def resource_id(manifest: dict[str, Any]) -> str:
    """Gives the id that Pulumi keeps for an object: `namespace/name`, or `name` where no namespace is set."""
    metadata = metadata_of(manifest)
    name, namespace = text_of(metadata, "name"), text_of(metadata, "namespace")
    return f"{namespace}/{name}" if namespace else name
