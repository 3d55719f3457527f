"""Jaeger: keeps traces in memory and shows them; not for production."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_kubernetes.apps.v1 import Deployment, DeploymentSpecArgs, DeploymentStrategyArgs
from pulumi_kubernetes.core.v1 import (
    ConfigMapVolumeSourceArgs,
    ContainerArgs,
    ContainerPortArgs,
    EnvVarArgs,
    HTTPGetActionArgs,
    LifecycleArgs,
    LifecycleHandlerArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    ProbeArgs,
    Service,
    ServiceAccount,
    ServicePortArgs,
    ServiceSpecArgs,
    SleepActionArgs,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

from floe_cube_infra.components.cube_container import LEAVING_SECONDS, pull_secrets
from floe_cube_infra.components.immutable_config_map import immutable_config_map
from floe_cube_infra.components.pod_resources import Size
from floe_cube_infra.components.pod_security import container_security, pod_security, temporary_mount, temporary_volume
from floe_cube_infra.naming import recommended_labels
from floe_cube_infra.render.jaeger_config import HEALTH_PORT, OTLP_PORT, UI_PORT

COMPONENT: Final = "jaeger"
"""The component label of its pod."""

_FOLDER: Final = "/etc/jaeger"
_FILE: Final = "jaeger.yaml"
_VOLUME: Final = "configuration"
_HEAP_SHARE: Final = 0.8
# To hand on what it holds.
_GRACE_SECONDS: Final = 30
_PORTS: Final = {"otlp-grpc": OTLP_PORT, "ui": UI_PORT}


@dataclass(frozen=True, kw_only=True)
class JaegerArgs:
    """What Jaeger runs with.

    Attributes:
        namespace: The namespace.
        instance: The instance label.
        image: The image of Jaeger 2.
        pull_secrets: Secrets that it is pulled with.
        configuration: Its configuration, YAML.
        size: How large its pod is.
    """

    namespace: pulumi.Input[str]
    instance: str
    image: str
    pull_secrets: Sequence[str]
    configuration: str
    size: Size


class Jaeger(pulumi.ComponentResource):
    """Jaeger.

    Attributes:
        service_name: The Service, with its pages at port 16686.
    """

    service_name: pulumi.Output[str]

    def __init__(self, name: str, args: JaegerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("floe:cube:Jaeger", name, None, opts)
        labels = recommended_labels(COMPONENT, args.instance)
        child = pulumi.ResourceOptions(parent=self)

        def metadata(own_name: str) -> ObjectMetaArgs:
            return ObjectMetaArgs(name=own_name, namespace=args.namespace, labels=labels)

        configuration = immutable_config_map(
            name, {_FILE: args.configuration}, namespace=args.namespace, labels=labels, opts=child
        )
        account = ServiceAccount(name, metadata=metadata(name), automount_service_account_token=False, opts=child)
        Deployment(
            name,
            metadata=metadata(name),
            spec=DeploymentSpecArgs(
                # Each pod would have other traces.
                replicas=1,
                strategy=DeploymentStrategyArgs(type="Recreate"),
                revision_history_limit=3,
                selector=LabelSelectorArgs(match_labels=labels),
                template=PodTemplateSpecArgs(
                    metadata=ObjectMetaArgs(labels=labels),
                    spec=_pod(args, account.metadata.name, configuration.metadata.name),
                ),
            ),
            opts=child,
        )
        service = Service(
            name,
            metadata=metadata(name),
            spec=ServiceSpecArgs(
                type="ClusterIP",
                selector=labels,
                ports=[ServicePortArgs(name=port, port=number, target_port=port) for port, number in _PORTS.items()],
            ),
            opts=child,
        )
        self.service_name = service.metadata.name
        self.register_outputs({"serviceName": self.service_name})


def _pod(args: JaegerArgs, account: pulumi.Input[str], configuration: pulumi.Input[str]) -> PodSpecArgs:
    heap = f"{int(args.size.memory_mib * _HEAP_SHARE)}MiB"
    container = ContainerArgs(
        name="jaeger",
        image=args.image,
        args=[f"--config={_FOLDER}/{_FILE}"],
        ports=[ContainerPortArgs(name=name, container_port=port) for name, port in _PORTS.items()],
        lifecycle=LifecycleArgs(pre_stop=LifecycleHandlerArgs(sleep=SleepActionArgs(seconds=LEAVING_SECONDS))),
        env=[EnvVarArgs(name="GOMEMLIMIT", value=heap)],
        resources=args.size.requirements(),
        security_context=container_security(),
        startup_probe=_health(period_seconds=2, failure_threshold=30),
        readiness_probe=_health(period_seconds=10, failure_threshold=3),
        liveness_probe=_health(period_seconds=10, failure_threshold=6),
        volume_mounts=[VolumeMountArgs(name=_VOLUME, mount_path=_FOLDER, read_only=True), temporary_mount()],
    )
    return PodSpecArgs(
        service_account_name=account,
        automount_service_account_token=False,
        enable_service_links=False,
        termination_grace_period_seconds=_GRACE_SECONDS,
        image_pull_secrets=pull_secrets(args.pull_secrets),
        security_context=pod_security(),
        containers=[container],
        volumes=[
            VolumeArgs(name=_VOLUME, config_map=ConfigMapVolumeSourceArgs(name=configuration)),
            temporary_volume(),
        ],
    )


def _health(*, period_seconds: int, failure_threshold: int) -> ProbeArgs:
    return ProbeArgs(
        http_get=HTTPGetActionArgs(path="/status", port=HEALTH_PORT),
        period_seconds=period_seconds,
        failure_threshold=failure_threshold,
    )
