"""What router and workers have in common: the container, the pod, the headless Service, the volume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core.v1 import (
    ContainerArgs,
    ContainerPortArgs,
    EnvVarArgs,
    EnvVarSourceArgs,
    ExecActionArgs,
    LifecycleArgs,
    LifecycleHandlerArgs,
    ObjectFieldSelectorArgs,
    PersistentVolumeClaimArgs,
    PersistentVolumeClaimSpecArgs,
    PodSpecArgs,
    ProbeArgs,
    SecretKeySelectorArgs,
    Service,
    ServicePortArgs,
    ServiceSpecArgs,
    VolumeMountArgs,
    VolumeResourceRequirementsArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from floe_cube_infra.components.cube_container import pull_secrets
from floe_cube_infra.components.cube_store.environment import DATA_PATH, StoreVariables
from floe_cube_infra.components.pod_placement import apart
from floe_cube_infra.components.pod_resources import Size
from floe_cube_infra.components.pod_security import (
    container_security,
    pod_security,
    temporary_mount,
    temporary_volume,
)
from floe_cube_infra.render.environment import SecretKeyRef

DATA_VOLUME = "data"

_GRACE_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class NodeArgs:
    """What a kind of node runs with.

    Attributes:
        namespace: The namespace.
        labels: The labels of its objects and pods.
        image: Cube Store's image.
        pull_secrets: Secrets that it is pulled with.
        account: The ServiceAccount.
        environment: Its variables.
        size: How large a pod is.
        volume_gib: How large a pod's volume is.
        storage_class: The volume's StorageClass; None for the cluster's default one.
        keeps_volumes: Whether volumes stay when the StatefulSet goes.
    """

    namespace: pulumi.Input[str]
    labels: Mapping[str, str]
    image: str
    pull_secrets: Sequence[str]
    account: pulumi.Input[str]
    environment: StoreVariables
    size: Size
    volume_gib: int
    storage_class: str | None
    keeps_volumes: bool


def store_pod(args: NodeArgs, *, ports: Mapping[str, int], startup: ProbeArgs, alive: ProbeArgs) -> PodSpecArgs:
    """A node's pod.

    Args:
        args: What it runs with.
        ports: Its ports by name.
        startup: When it has started.
        alive: When it is ready, and alive.
    """
    container = ContainerArgs(
        name="cubestore",
        image=args.image,
        ports=[ContainerPortArgs(name=name, container_port=port) for name, port in ports.items()],
        env=_environment(args.environment),
        resources=args.size.requirements(),
        security_context=container_security(),
        startup_probe=startup,
        readiness_probe=alive,
        liveness_probe=alive,
        # As process 1 it hears SIGINT only; SIGTERM would let it sit out the whole grace period.
        lifecycle=LifecycleArgs(
            pre_stop=LifecycleHandlerArgs(exec_=ExecActionArgs(command=["/bin/sh", "-c", "kill -INT 1"]))
        ),
        volume_mounts=[VolumeMountArgs(name=DATA_VOLUME, mount_path=DATA_PATH), temporary_mount()],
    )
    return PodSpecArgs(
        service_account_name=args.account,
        automount_service_account_token=False,
        # A Service of the right name would set CUBESTORE_PORT to an address, at which Cube Store panics.
        enable_service_links=False,
        image_pull_secrets=pull_secrets(args.pull_secrets),
        security_context=pod_security(owns_volumes=True),
        affinity=apart(args.labels),
        termination_grace_period_seconds=_GRACE_SECONDS,
        containers=[container],
        volumes=[temporary_volume("10Gi")],
    )


def data_volume(args: NodeArgs) -> PersistentVolumeClaimArgs:
    """The claim from which each pod gets a volume of its own."""
    return PersistentVolumeClaimArgs(
        metadata=ObjectMetaArgs(name=DATA_VOLUME, labels=args.labels),
        spec=PersistentVolumeClaimSpecArgs(
            access_modes=["ReadWriteOnce"],
            storage_class_name=args.storage_class,
            resources=VolumeResourceRequirementsArgs(requests={"storage": f"{args.volume_gib}Gi"}),
        ),
    )


def headless_service(name: str, args: NodeArgs, *, ports: Mapping[str, int], opts: pulumi.ResourceOptions) -> Service:
    """The Service that gives each pod its name."""
    return Service(
        name,
        metadata=ObjectMetaArgs(
            name=name,
            namespace=args.namespace,
            labels=args.labels,
            # The StatefulSet needs the Service first, and the Service would be awaited until it has pods.
            annotations={"pulumi.com/skipAwait": "true"},
        ),
        spec=ServiceSpecArgs(
            cluster_ip="None",
            selector=args.labels,
            # Nodes look for each other before they are ready.
            publish_not_ready_addresses=True,
            ports=[
                ServicePortArgs(name=port_name, port=port, target_port=port_name) for port_name, port in ports.items()
            ],
        ),
        opts=opts,
    )


def _environment(variables: StoreVariables) -> list[EnvVarArgs]:
    # Before the others, since one of them is composed of it.
    pod_name = EnvVarArgs(
        name="POD_NAME", value_from=EnvVarSourceArgs(field_ref=ObjectFieldSelectorArgs(field_path="metadata.name"))
    )
    return [
        pod_name,
        *(
            EnvVarArgs(
                name=name,
                value_from=EnvVarSourceArgs(secret_key_ref=SecretKeySelectorArgs(name=value.secret, key=value.key)),
            )
            if isinstance(value, SecretKeyRef)
            else EnvVarArgs(name=name, value=value)
            for name, value in variables.items()
        ),
    ]
