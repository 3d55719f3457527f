"""Names that Pulumi gives: the resource's name and eight random characters, kept as long as the object lives.

Source of the rules: `provider/pkg/metadata/naming.go` of pulumi/pulumi-kubernetes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from floe_cube_infra.offline.kubernetes.objects import AUTONAMED, MANAGED_BY, is_autonamed, metadata_of
from floe_cube_infra.offline.wire import Properties, Secret, Unknown, Value, plain


class AutonamingMode(Enum):
    """What the stack's `pulumi:autonaming` asks for."""

    NONE = "no configuration"
    PROPOSED = "use the proposed name"
    DISABLED = "no automatic names"


@dataclass(frozen=True, slots=True, kw_only=True)
class Autonaming:
    """What a name is made of: the resource's name, a seed, and the stack's wish."""

    resource_name: str
    seed: bytes
    mode: AutonamingMode = AutonamingMode.NONE
    proposed: str = ""

    def name(self) -> str:
        """Gives the name for a new object."""
        if self.mode is AutonamingMode.PROPOSED and self.proposed:
            return self.proposed
        suffix = hashlib.sha256(self.seed).hexdigest()[:8] if self.seed else secrets.token_hex(4)
        return f"{self.resource_name}-{suffix}"


def named(new: Properties, old: dict[str, Any], autonaming: Autonaming) -> tuple[Properties, str | None]:
    """Gives `new` with a name, if it needs one, and what stands against it.

    An object that already exists keeps the name that Pulumi gave it. One that had a name of the user's and
    lost it stays without: the engine sees a replacement and asks again for a new object.

    Args:
        new: The inputs of the program.
        old: The plain inputs of before; empty for a new object.
        autonaming: What a new name is made of.
    """
    metadata = plain(new.get("metadata"))
    if isinstance(metadata, Unknown):
        return new, None
    given = metadata if isinstance(metadata, dict) else {}
    if given.get("name"):
        return new, None
    if old:
        return (_with_name(new, metadata_of(old)["name"]) if is_autonamed(old) else new), None
    if given.get("generateName"):
        return (
            new,
            "the `.metadata.generateName` field is not supported in YAML rendering mode; set `.metadata.name`",
        )
    if autonaming.mode is AutonamingMode.DISABLED:
        return new, "autonaming is disabled, resource requires the .metadata.name field to be set"
    return _with_name(new, autonaming.name()), None


def _with_name(properties: Properties, name: str) -> Properties:
    def edit(metadata: Value) -> Value:
        fields = metadata if isinstance(metadata, dict) else {}
        return {**fields, "name": name, "annotations": _with(fields.get("annotations"), AUTONAMED, "true")}

    return {**properties, "metadata": _inside_secret(properties.get("metadata"), edit)}


def with_metadata(properties: Properties, key: str, value: str) -> Properties:
    """Gives `properties` with `metadata.<key>` set, where the metadata is known."""
    return {**properties, "metadata": _with(properties.get("metadata"), key, value)}


def labelled_as_managed(properties: Properties) -> Properties:
    """Gives `properties` with the label that the official provider sets without server-side apply."""

    def edit(metadata: Value) -> Value:
        fields = metadata if isinstance(metadata, dict) else {}
        return {**fields, "labels": _with(fields.get("labels"), MANAGED_BY, "pulumi")}

    metadata = properties.get("metadata")
    if isinstance(plain(metadata), Unknown):
        return properties
    return {**properties, "metadata": _inside_secret(metadata, edit)}


def _with(mapping: Value, key: str, value: str) -> Value:
    def edit(inner: Value) -> Value:
        if isinstance(inner, dict):
            return {**inner, key: value}
        return {key: value} if inner is None else inner  # what isn't known or is malformed stays as it is

    return _inside_secret(mapping, edit)


def _inside_secret(value: Value, edit: Callable[[Value], Value]) -> Value:
    if isinstance(value, Secret):
        return Secret(_inside_secret(value.value, edit))
    return edit(value)
