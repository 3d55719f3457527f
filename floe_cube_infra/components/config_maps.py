"""Cube's files, and the observer's, as immutable ConfigMaps that are named by their content.

A changed file gives a new one, so Pulumi creates the new ConfigMap, rolls the pods over to it, and then drops the
old one; a rollback finds everything as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_kubernetes.core.v1 import EnvVarArgs

from floe_cube_infra.components.immutable_config_map import immutable_config_map
from floe_cube_infra.model.dataset_lineage import LINEAGE_SUFFIX
from floe_cube_infra.naming import recommended_labels
from floe_cube_infra.render.files import CubeFiles
from floe_cube_infra.render.shards import shards

CONFIGURATION_PATH: Final = "/cube/conf"
MODEL_PATH: Final = "/cube/model"

MODEL_PATH_VARIABLE: Final = EnvVarArgs(name="FLOE_MODEL_PATH", value=MODEL_PATH)
"""Tells `cube.js` where the model is mounted."""


@dataclass(frozen=True, kw_only=True)
class CubeConfigMapsArgs:
    """What the ConfigMaps hold, and where they go.

    Attributes:
        files: What Cube is given.
        namespace: The namespace.
        instance: The instance label.
    """

    files: CubeFiles
    namespace: pulumi.Input[str]
    instance: str


class CubeConfigMaps(pulumi.ComponentResource):
    """One ConfigMap for the configuration, one for each shard of the model, and those of the observer.

    Attributes:
        configuration: The name of the configuration's ConfigMap.
        model: The names of the model's ConfigMaps, by shard.
        observer: The names of the ConfigMaps for the observer beside Cube; none where queries aren't observed.
    """

    configuration: pulumi.Output[str]
    model: list[pulumi.Output[str]]
    observer: list[pulumi.Output[str]]

    def __init__(self, name: str, args: CubeConfigMapsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("floe:cube:CubeConfigMaps", name, None, opts)
        self._args = args
        self.configuration = self._config_map(f"{name}-config", args.files.configuration)
        self.model = [
            self._config_map(f"{name}-model-{index}", shard)
            for index, shard in enumerate(shards(args.files.model))
            if shard
        ]
        self.observer = self._observer(name, args.files.observer)
        self.register_outputs({"configuration": self.configuration, "model": self.model, "observer": self.observer})

    def _observer(self, name: str, files: Mapping[str, str]) -> list[pulumi.Output[str]]:
        if not files:
            return []
        # The settings apart, so that a changed address changes them alone.
        settings = {path: text for path, text in files.items() if not path.endswith(LINEAGE_SUFFIX)}
        lineage = shards({path: text for path, text in files.items() if path.endswith(LINEAGE_SUFFIX)})
        return [
            self._config_map(f"{name}-observer", settings),
            *(self._config_map(f"{name}-lineage-{index}", shard) for index, shard in enumerate(lineage) if shard),
        ]

    def _config_map(self, name: str, files: Mapping[str, str]) -> pulumi.Output[str]:
        # Keys can't hold a slash; file names are unique without their folders.
        data = {path.rpartition("/")[2]: text for path, text in files.items()}
        labels = recommended_labels("model", self._args.instance)
        own = pulumi.ResourceOptions(parent=self)
        config_map = immutable_config_map(name, data, namespace=self._args.namespace, labels=labels, opts=own)
        return config_map.metadata.name
