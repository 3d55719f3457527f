"""The OpenTelemetry collector: takes traces and metrics from the observers and hands them on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_kubernetes.apps.v1 import Deployment, DeploymentSpecArgs
from pulumi_kubernetes.core.v1 import (
    ConfigMap,
    ConfigMapVolumeSourceArgs,
    ContainerArgs,
    ContainerPortArgs,
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
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget, PodDisruptionBudgetSpecArgs

from floe_cube_infra.components.container_environment import container_environment
from floe_cube_infra.components.cube_container import LEAVING_SECONDS, pull_secrets
from floe_cube_infra.components.immutable_config_map import immutable_config_map
from floe_cube_infra.components.pod_placement import apart, over_zones
from floe_cube_infra.components.pod_resources import Size
from floe_cube_infra.components.pod_security import container_security, pod_security
from floe_cube_infra.naming import recommended_labels
from floe_cube_infra.render.collector_config import HEALTH_PORT, METRICS_PORT, OTLP_PORT
from floe_cube_infra.render.environment import EnvironmentVariables

COMPONENT: Final = "collector"
"""The component label of its pods."""
METRICS: Final = "metrics"
"""The port with its own metrics."""

_FOLDER: Final = "/etc/collector"
_FILE: Final = "collector.yaml"
_VOLUME: Final = "configuration"
# What the memory limiter of its configuration leaves, so that Go's garbage collector works before that refuses.
_HEAP_SHARE: Final = 0.8
# To hand on what it holds.
_GRACE_SECONDS: Final = 30


@dataclass(frozen=True, kw_only=True)
class CollectorArgs:
    """What the collector runs with.

    Attributes:
        namespace: The namespace.
        instance: The instance label.
        image: The collector's image, with the contrib distribution's parts.
        pull_secrets: Secrets that it is pulled with.
        configuration: Its configuration, YAML.
        environment: The variables that the configuration reads.
        replicas: How many pods.
        size: How large a pod is.
    """

    namespace: pulumi.Input[str]
    instance: str
    image: str
    pull_secrets: Sequence[str]
    configuration: str
    environment: EnvironmentVariables
    replicas: int
    size: Size


class Collector(pulumi.ComponentResource):
    """The collector.

    Attributes:
        service_name: The Service that takes OTLP over HTTP.
    """

    service_name: pulumi.Output[str]

    def __init__(self, name: str, args: CollectorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("floe:cube:Collector", name, None, opts)
        self._args = args
        self._labels = recommended_labels(COMPONENT, args.instance)
        self._child = pulumi.ResourceOptions(parent=self)

        configuration = self._configuration(name)
        account = ServiceAccount(
            name, metadata=self._metadata(name), automount_service_account_token=False, opts=self._child
        )
        self._deployment(name, account.metadata.name, configuration.metadata.name)
        if args.replicas > 1:
            PodDisruptionBudget(
                name,
                metadata=self._metadata(name),
                spec=PodDisruptionBudgetSpecArgs(
                    max_unavailable=1,
                    selector=LabelSelectorArgs(match_labels=self._labels),
                    unhealthy_pod_eviction_policy="AlwaysAllow",
                ),
                opts=self._child,
            )
        ports = {"otlp-http": OTLP_PORT, METRICS: METRICS_PORT}
        service = Service(
            name,
            metadata=self._metadata(name),
            spec=ServiceSpecArgs(
                type="ClusterIP",
                selector=self._labels,
                ports=[ServicePortArgs(name=port, port=number, target_port=port) for port, number in ports.items()],
            ),
            opts=self._child,
        )
        self.service_name = service.metadata.name
        self.register_outputs({"serviceName": self.service_name})

    def _metadata(self, name: str) -> ObjectMetaArgs:
        return ObjectMetaArgs(name=name, namespace=self._args.namespace, labels=self._labels)

    def _configuration(self, name: str) -> ConfigMap:
        data = {_FILE: self._args.configuration}
        return immutable_config_map(name, data, namespace=self._args.namespace, labels=self._labels, opts=self._child)

    def _deployment(self, name: str, account: pulumi.Input[str], configuration: pulumi.Input[str]) -> None:
        Deployment(
            name,
            metadata=self._metadata(name),
            spec=DeploymentSpecArgs(
                replicas=self._args.replicas,
                revision_history_limit=3,
                selector=LabelSelectorArgs(match_labels=self._labels),
                template=PodTemplateSpecArgs(
                    metadata=ObjectMetaArgs(labels=self._labels), spec=self._pod(account, configuration)
                ),
            ),
            opts=self._child,
        )

    def _pod(self, account: pulumi.Input[str], configuration: pulumi.Input[str]) -> PodSpecArgs:
        return PodSpecArgs(
            service_account_name=account,
            automount_service_account_token=False,
            enable_service_links=False,
            termination_grace_period_seconds=_GRACE_SECONDS,
            image_pull_secrets=pull_secrets(self._args.pull_secrets),
            security_context=pod_security(),
            affinity=apart(self._labels),
            topology_spread_constraints=over_zones(self._labels, "pod-template-hash"),
            containers=[self._container()],
            volumes=[VolumeArgs(name=_VOLUME, config_map=ConfigMapVolumeSourceArgs(name=configuration))],
        )

    def _container(self) -> ContainerArgs:
        args = self._args
        heap = f"{int(args.size.memory_mib * _HEAP_SHARE)}MiB"
        ports: Mapping[str, int] = {"otlp-http": OTLP_PORT, METRICS: METRICS_PORT, "health": HEALTH_PORT}
        return ContainerArgs(
            name="collector",
            image=args.image,
            args=[f"--config={_FOLDER}/{_FILE}"],
            ports=[ContainerPortArgs(name=name, container_port=port) for name, port in ports.items()],
            lifecycle=LifecycleArgs(pre_stop=LifecycleHandlerArgs(sleep=SleepActionArgs(seconds=LEAVING_SECONDS))),
            env=container_environment({"GOMEMLIMIT": heap, **args.environment}),
            resources=args.size.requirements(),
            security_context=container_security(),
            startup_probe=_health(period_seconds=2, failure_threshold=30),
            readiness_probe=_health(period_seconds=10, failure_threshold=3),
            liveness_probe=_health(period_seconds=10, failure_threshold=6),
            volume_mounts=[VolumeMountArgs(name=_VOLUME, mount_path=_FOLDER, read_only=True)],
        )


def _health(*, period_seconds: int, failure_threshold: int) -> ProbeArgs:
    return ProbeArgs(
        http_get=HTTPGetActionArgs(path="/", port="health"),
        period_seconds=period_seconds,
        failure_threshold=failure_threshold,
    )
