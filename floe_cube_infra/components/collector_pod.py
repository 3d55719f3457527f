"""A pod that runs as an OpenTelemetry collector does: the collector itself, and Jaeger 2, made of the same parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pulumi
from pulumi_kubernetes.core.v1 import (
    ConfigMapVolumeSourceArgs,
    ContainerArgs,
    ContainerPortArgs,
    LifecycleArgs,
    LifecycleHandlerArgs,
    PodSpecArgs,
    SleepActionArgs,
    VolumeArgs,
    VolumeMountArgs,
)

from floe_cube_infra.components.container_environment import container_environment
from floe_cube_infra.components.cube_container import LEAVING_SECONDS, http_probe, pull_secrets
from floe_cube_infra.components.pod_placement import apart, over_zones
from floe_cube_infra.components.pod_resources import Size
from floe_cube_infra.components.pod_security import container_security, pod_security
from floe_cube_infra.render.environment import EnvironmentVariables

CONFIGURATION_FILE: Final = "configuration.yaml"
"""The key of the ConfigMap with the configuration."""

_VOLUME: Final = "configuration"
_HEALTH: Final = "health"
# Go's garbage collector works before the container's limit is near, and before a memory limiter refuses.
_HEAP_SHARE: Final = 0.8
# To hand on what it holds.
_GRACE_SECONDS: Final = 30


@dataclass(frozen=True, kw_only=True)
class CollectorPod:
    """What the pod runs.

    Attributes:
        name: What the container is called.
        image: Its image.
        pull_secrets: Secrets that it is pulled with.
        configuration: The ConfigMap with its configuration.
        ports: Its ports by name, but for that of its health.
        health_port: Where it tells of its health.
        health_path: And under which path.
        size: How large it is.
        environment: The variables that the configuration reads.
    """

    name: str
    image: str
    pull_secrets: tuple[str, ...]
    configuration: pulumi.Input[str]
    ports: Mapping[str, int]
    health_port: int
    health_path: str
    size: Size
    environment: EnvironmentVariables = field(default_factory=dict)

    def spec(self, account: pulumi.Input[str], labels: Mapping[str, str] | None = None) -> PodSpecArgs:
        """The pod.

        Args:
            account: Its service account.
            labels: Those of its siblings, which it stays away from; None where it has none.
        """
        return PodSpecArgs(
            service_account_name=account,
            automount_service_account_token=False,
            enable_service_links=False,
            termination_grace_period_seconds=_GRACE_SECONDS,
            image_pull_secrets=pull_secrets(self.pull_secrets),
            security_context=pod_security(),
            affinity=None if labels is None else apart(labels),
            topology_spread_constraints=None if labels is None else over_zones(labels, "pod-template-hash"),
            containers=[self._container()],
            volumes=[VolumeArgs(name=_VOLUME, config_map=ConfigMapVolumeSourceArgs(name=self.configuration))],
        )

    def _container(self) -> ContainerArgs:
        folder = f"/etc/{self.name}"
        heap = f"{int(self.size.memory_mib * _HEAP_SHARE)}MiB"
        ports = {**self.ports, _HEALTH: self.health_port}
        return ContainerArgs(
            name=self.name,
            image=self.image,
            args=[f"--config={folder}/{CONFIGURATION_FILE}"],
            ports=[ContainerPortArgs(name=name, container_port=port) for name, port in ports.items()],
            lifecycle=LifecycleArgs(pre_stop=LifecycleHandlerArgs(sleep=SleepActionArgs(seconds=LEAVING_SECONDS))),
            env=container_environment({"GOMEMLIMIT": heap, **self.environment}),
            resources=self.size.requirements(),
            security_context=container_security(),
            startup_probe=http_probe(self.health_path, port=_HEALTH, period_seconds=2, failure_threshold=30),
            readiness_probe=http_probe(self.health_path, port=_HEALTH, period_seconds=10, failure_threshold=3),
            liveness_probe=http_probe(self.health_path, port=_HEALTH, period_seconds=10, failure_threshold=6),
            volume_mounts=[VolumeMountArgs(name=_VOLUME, mount_path=folder, read_only=True)],
        )
