"""The configuration of the provider, as far as this one understands it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from floe_cube_infra.offline.wire import Value, has_unknown, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSettings:
    """What the provider was configured with.

    Attributes:
        render_directory: Where manifests go; None for a cluster.
        kubeconfig: A kubeconfig's text or path; None for the environment's.
        context: The context to take from it; None for the current one.
        cluster: The cluster to take in place of the context's.
        namespace: The namespace of objects that name none; empty for Kubernetes' own default.
        always_render: Report every object as changed, so that every file is written again.
        config_maps_can_change: Update a changed ConfigMap in place rather than replacing it.
        secrets_can_change: The same for a Secret.
        server_side_apply: As the official provider: without it, objects get a `managed-by` label.
        patch_force: Take fields over from whoever else set them.
        upsert: Take objects over that are there already.
    """

    render_directory: Path | None = None
    kubeconfig: str | None = field(default=None, repr=False)
    context: str | None = None
    cluster: str | None = None
    namespace: str = ""
    always_render: bool = False
    config_maps_can_change: bool = False
    secrets_can_change: bool = False
    server_side_apply: bool = True
    patch_force: bool = False
    upsert: bool = False

    @classmethod
    def of(cls, arguments: Mapping[str, Value]) -> ProviderSettings:
        """Reads the arguments of `Configure`; a value that isn't a string arrives as JSON text."""
        config = {key: plain(value) for key, value in arguments.items()}
        directory = config.get("renderYamlToDirectory")
        return cls(
            render_directory=Path(directory) if isinstance(directory, str) and directory else None,
            kubeconfig=_text(config, "kubeconfig"),
            context=_text(config, "context"),
            cluster=_text(config, "cluster"),
            namespace=_text(config, "namespace") or "",
            always_render=_flag(config, "alwaysRender"),
            config_maps_can_change=_flag(config, "enableConfigMapMutable", "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE"),
            secrets_can_change=_flag(config, "enableSecretMutable", "PULUMI_K8S_ENABLE_SECRET_MUTABLE"),
            server_side_apply=_flag(
                config, "enableServerSideApply", "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY", default=True
            ),
            patch_force=_flag(config, "enablePatchForce", "PULUMI_K8S_ENABLE_PATCH_FORCE"),
            upsert=_flag(config, "upsertExistingObjects", "PULUMI_K8S_UPSERT_EXISTING_OBJECTS"),
        )


def _text(config: Mapping[str, object], key: str) -> str | None:
    value = config.get(key)
    if isinstance(value, dict):  # a kubeconfig that the program gave as an object arrives decoded
        return json.dumps(value)
    return value if isinstance(value, str) and value else None


def _flag(config: Mapping[str, object], key: str, variable: str = "", *, default: bool = False) -> bool:
    value = config.get(key)
    if value is None and variable:
        value = os.environ.get(variable)
    return default if value is None else value in (True, "true")


def config_problems(arguments: Mapping[str, Value]) -> dict[str, str]:
    """Gives what is wrong with the configuration, by property, as the official provider says it."""
    config = {key: plain(value) for key, value in arguments.items()}
    problems: dict[str, str] = {}
    if config.get("renderYamlToDirectory"):
        for key in ("cluster", "context", "kubeconfig"):
            # The SDK fills kubeconfig from the environment, which nobody asked for.
            ambient = key == "kubeconfig" and config.get(key) == os.environ.get("KUBECONFIG")
            if config.get(key) and not ambient:
                problems[key] = f'"{key}" arg is not compatible with "renderYamlToDirectory" arg'
    elif _flag(config, "alwaysRender"):
        problems["alwaysRender"] = '"alwaysRender" requires "renderYamlToDirectory" to be set'
    return problems


def replacing_keys(old: Mapping[str, Value], new: Mapping[str, Value], changed: set[str]) -> list[str]:
    """Gives the changed settings that make every object of the provider be replaced.

    As official: another folder is another place; an unknown cluster may be another one; and a
    `clusterIdentifier` decides alone, where it is set before and after.
    """
    key = "clusterIdentifier"
    if key in old and key in new:
        return [key] if key in changed else []
    unknown = [name for name in ("kubeconfig", "context", "cluster") if has_unknown(new.get(name))]
    moved = ["renderYamlToDirectory"] if "renderYamlToDirectory" in changed else []
    return unknown + moved
