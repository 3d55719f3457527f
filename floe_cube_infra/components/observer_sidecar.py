"""The observer beside Cube, in the same pod: takes records of queries on loopback and sends them on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_kubernetes.core.v1 import (
    ConfigMapProjectionArgs,
    ContainerArgs,
    EnvVarArgs,
    EnvVarSourceArgs,
    ObjectFieldSelectorArgs,
    ProjectedVolumeSourceArgs,
    VolumeArgs,
    VolumeMountArgs,
    VolumeProjectionArgs,
)

from floe_cube_infra.components.pod_resources import Size
from floe_cube_infra.components.pod_security import container_security

_FOLDER: Final = "/cube/observer"
_VOLUME: Final = "observer"
# https://opentelemetry.io/docs/specs/semconv/resource/k8s/; metrics of two pods are told apart by the instance.
_RESOURCE: Final = "service.instance.id=$(POD_NAME),k8s.pod.name=$(POD_NAME),k8s.namespace.name=$(POD_NAMESPACE)"


@dataclass(frozen=True, kw_only=True)
class ObserverSidecar:
    """What the observer runs with.

    Attributes:
        image: Its image.
        configuration: The names of the ConfigMaps with its files.
        size: How large its container is.
    """

    image: str
    configuration: Sequence[pulumi.Input[str]]
    size: Size

    def container(self) -> ContainerArgs:
        """A sidecar: starts before Cube and ends after it, so that the last queries are told, too.

        It has no probe: nothing that it does may keep its pod from service, and Cube never waits for it.
        """
        return ContainerArgs(
            name="observer",
            image=self.image,
            restart_policy="Always",
            # The variables that others are made of come first.
            env=[
                _field("POD_NAME", "metadata.name"),
                _field("POD_NAMESPACE", "metadata.namespace"),
                EnvVarArgs(name="OTEL_RESOURCE_ATTRIBUTES", value=_RESOURCE),
                EnvVarArgs(name="FLOE_OBSERVER_FOLDER", value=_FOLDER),
            ],
            resources=self.size.requirements(),
            security_context=container_security(),
            volume_mounts=[VolumeMountArgs(name=_VOLUME, mount_path=_FOLDER, read_only=True)],
        )

    def volume(self) -> VolumeArgs:
        """All of its files in one folder."""
        return VolumeArgs(
            name=_VOLUME,
            projected=ProjectedVolumeSourceArgs(
                sources=[
                    VolumeProjectionArgs(config_map=ConfigMapProjectionArgs(name=name)) for name in self.configuration
                ]
            ),
        )


def _field(name: str, path: str) -> EnvVarArgs:
    return EnvVarArgs(name=name, value_from=EnvVarSourceArgs(field_ref=ObjectFieldSelectorArgs(field_path=path)))
