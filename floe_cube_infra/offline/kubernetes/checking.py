"""The inputs of a resource as the provider takes them: named, in a namespace, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from floe_cube_infra.offline.kubernetes.naming import Autonaming, labelled_as_managed, named, with_metadata
from floe_cube_infra.offline.kubernetes.objects import MANAGED_BY, ObjectType, metadata_of, text_of, type_of
from floe_cube_infra.offline.kubernetes.redaction import marked
from floe_cube_infra.offline.kubernetes.settings import ProviderSettings
from floe_cube_infra.offline.kubernetes.validation.findings import Problem
from floe_cube_infra.offline.kubernetes.validation.objects import problems_of
from floe_cube_infra.offline.wire import Properties, Unknown, plain

# Types of the package that aren't objects: they need Helm, kustomize or a cluster's own answers.
_OFFICIAL_ONLY = ("helm.sh/", "kustomize/", "kustomize:", "yaml/", "yaml:")


@dataclass(slots=True)
class Scopes:
    """Which custom kinds live in no namespace, as far as this program's own definitions tell."""

    _cluster: set[tuple[str, str]] = field(default_factory=set)

    def learn(self, manifest: dict[str, Any]) -> None:
        """Notes the scope that a CustomResourceDefinition gives its kind."""
        spec = manifest.get("spec")
        if type_of(manifest).is_custom_resource_definition and isinstance(spec, dict):
            names = spec.get("names")
            kind = names.get("kind") if isinstance(names, dict) else None
            group = spec.get("group")
            if spec.get("scope") == "Cluster" and isinstance(kind, str) and isinstance(group, str):
                self._cluster.add((group, kind))

    def is_cluster(self, kind: ObjectType) -> bool:
        """Says whether objects of this kind live in no namespace; kinds that nobody knows live in one."""
        return kind.cluster_scoped or (kind.group, kind.kind) in self._cluster


def unsupported(token: str, kind: str) -> str | None:
    """Says why resources of this type can't be rendered, or gives None if they can.

    Args:
        token: The Pulumi type token.
        kind: The `kind` of the object, which tells a custom `FooPatch` from a patch of `Foo`.
    """
    named_type = ObjectType.of_token(token)
    if token.removeprefix("kubernetes:").startswith(_OFFICIAL_ONLY):
        return f"{token} needs the official plugin: the offline provider knows single objects only"
    if named_type.kind == f"{kind}Patch":
        return (
            f"{token} changes an object that lives in a cluster, and the offline provider knows "
            "whole objects only; describe the whole object, or install the official plugin"
        )
    if named_type.built_in and named_type.kind.endswith("List"):
        return (
            "list resources exist for compatibility with YAML manifests and Helm charts, and cannot be "
            "created directly. Use the underlying resource type instead"
        )
    return None


def checked(
    new: Properties, old: Properties, autonaming: Autonaming, settings: ProviderSettings, scopes: Scopes
) -> tuple[Properties, list[Problem]]:
    """Gives the inputs with name and namespace, and everything that Kubernetes would refuse in them.

    Args:
        new: The inputs of the program.
        old: The inputs of before, empty for a new object.
        autonaming: What a name is made of, should the object need one.
        settings: The provider's configuration.
        scopes: What is known about custom kinds; learns from `new`.
    """
    before = plain(old)
    inputs, refusal = named(new, before, autonaming)
    scopes.learn(plain(inputs))
    if not settings.server_side_apply and (not before or _is_managed(before)):
        inputs = labelled_as_managed(inputs)
    manifest = plain(inputs)
    unknown = isinstance(manifest.get("metadata"), Unknown)
    metadata = metadata_of(manifest)
    if (
        settings.namespace
        and not unknown
        and not metadata.get("namespace")
        and not scopes.is_cluster(type_of(manifest))
    ):
        inputs = with_metadata(inputs, "namespace", settings.namespace)
    problems = problems_of(inputs)
    if refusal:
        problems.insert(0, Problem("metadata.name", refusal))
    return marked(inputs, new), problems


def _is_managed(manifest: dict[str, Any]) -> bool:
    labels = metadata_of(manifest).get("labels")
    return isinstance(labels, dict) and text_of(labels, MANAGED_BY) == "pulumi"
