"""What the Cube API and the refresh worker share: Cube's container, its files, and the pod around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_kubernetes.core.v1 import (
    ConfigMapProjectionArgs,
    ConfigMapVolumeSourceArgs,
    ContainerArgs,
    ContainerPortArgs,
    EnvVarArgs,
    HTTPGetActionArgs,
    LifecycleArgs,
    LifecycleHandlerArgs,
    LocalObjectReferenceArgs,
    ProbeArgs,
    ProjectedVolumeSourceArgs,
    SleepActionArgs,
    VolumeArgs,
    VolumeMountArgs,
    VolumeProjectionArgs,
)

from floe_cube_infra.components.config_maps import CONFIGURATION_PATH, MODEL_PATH, MODEL_PATH_VARIABLE
from floe_cube_infra.components.container_environment import container_environment
from floe_cube_infra.components.pod_resources import Size
from floe_cube_infra.components.pod_security import container_security, temporary_mount, temporary_volume
from floe_cube_infra.render.component_environment import heap_option
from floe_cube_infra.render.environment import EnvironmentVariables

HTTP_PORT: Final = "http"

READINESS_PORT: Final = 4010
READINESS_PATH: Final = "/ready"
"""Where `readiness.js` tells whether the model is compiled, which Cube's own /readyz doesn't know."""

LEAVING_SECONDS: Final = 5
"""How long a pod that is to end still takes requests: until everyone has heard that it is no longer there."""

_LAST_SECONDS: Final = 10


@dataclass(frozen=True, kw_only=True)
class CubeRuntime:
    """What every pod of Cube runs.

    Attributes:
        image: Cube's image.
        pull_secrets: Secrets that it is pulled with.
        port: REST and GraphQL; the refresh worker has it for its probes.
        shutdown_seconds: How long queries or builds have once a pod is to end.
        configuration: The name of the configuration's ConfigMap.
        model: The names of the model's ConfigMaps.
        role_arn: The IAM role that its service account takes on (IRSA); None for none.
    """

    image: str
    pull_secrets: Sequence[str]
    port: int
    shutdown_seconds: int
    configuration: pulumi.Input[str]
    model: Sequence[pulumi.Input[str]]
    role_arn: pulumi.Input[str] | None = None

    @property
    def grace_seconds(self) -> int:
        """How long Kubernetes waits before it kills: longer than Cube itself takes to end."""
        return LEAVING_SECONDS + self.shutdown_seconds + _LAST_SECONDS


def cube_container(
    runtime: CubeRuntime,
    *,
    environment: EnvironmentVariables,
    size: Size,
    ports: Mapping[str, int],
    startup_probe: ProbeArgs,
    readiness_probe: ProbeArgs,
) -> ContainerArgs:
    """Cube's container.

    Args:
        runtime: What every pod of Cube runs.
        environment: Cube's variables.
        size: How large the container is.
        ports: Its ports by name.
        startup_probe: When it has started.
        readiness_probe: When it can do its work.
    """
    return ContainerArgs(
        name="cube",
        image=runtime.image,
        ports=[ContainerPortArgs(name=name, container_port=port) for name, port in ports.items()],
        env=[*container_environment(environment), MODEL_PATH_VARIABLE],
        resources=size.requirements(),
        security_context=container_security(),
        startup_probe=startup_probe,
        readiness_probe=readiness_probe,
        # It also asks the warehouse, so it is slow to condemn: a new start mends a stuck process, not an outage.
        liveness_probe=http_probe("/livez", period_seconds=10, failure_threshold=30),
        lifecycle=LifecycleArgs(pre_stop=LifecycleHandlerArgs(sleep=SleepActionArgs(seconds=LEAVING_SECONDS))),
        volume_mounts=_mounts(),
    )


def compile_container(runtime: CubeRuntime, *, size: Size) -> ContainerArgs:
    """Compiles the model before Cube starts: with one that Cube can't take, a new pod gets no further.

    Args:
        runtime: What every pod of Cube runs.
        size: As Cube's own container, so that a pod needs no more than it does later.
    """
    return ContainerArgs(
        name="compile-model",
        image=runtime.image,
        command=["node", f"{CONFIGURATION_PATH}/compile_model.js"],
        env=[MODEL_PATH_VARIABLE, EnvVarArgs(name="NODE_OPTIONS", value=heap_option(size.memory_mib))],
        resources=size.requirements(),
        security_context=container_security(),
        volume_mounts=_mounts(),
    )


def _mounts() -> list[VolumeMountArgs]:
    return [
        VolumeMountArgs(name="configuration", mount_path=CONFIGURATION_PATH, read_only=True),
        VolumeMountArgs(name="model", mount_path=MODEL_PATH, read_only=True),
        temporary_mount(),
    ]


def cube_volumes(runtime: CubeRuntime) -> list[VolumeArgs]:
    """The volumes of Cube's container."""
    shards = [VolumeProjectionArgs(config_map=ConfigMapProjectionArgs(name=shard)) for shard in runtime.model]
    return [
        VolumeArgs(name="configuration", config_map=ConfigMapVolumeSourceArgs(name=runtime.configuration)),
        VolumeArgs(name="model", projected=ProjectedVolumeSourceArgs(sources=shards)),
        temporary_volume(),
    ]


def http_probe(path: str, *, period_seconds: int, failure_threshold: int, port: str | int = HTTP_PORT) -> ProbeArgs:
    """A probe of the endpoint at `path`, of Cube's own ones by default."""
    return ProbeArgs(
        http_get=HTTPGetActionArgs(path=path, port=port),
        period_seconds=period_seconds,
        timeout_seconds=5,
        failure_threshold=failure_threshold,
    )


def pull_secrets(names: Sequence[str]) -> list[LocalObjectReferenceArgs] | None:
    """Secrets to pull images with, as pods take them; None if there are none."""
    return [LocalObjectReferenceArgs(name=name) for name in names] or None
