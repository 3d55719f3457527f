"""The OpenTelemetry collector: takes traces and metrics from the observers and hands them on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_kubernetes.apps.v1 import Deployment, DeploymentSpecArgs
from pulumi_kubernetes.core.v1 import (
    ConfigMap,
    PodSpecArgs,
    PodTemplateSpecArgs,
    Service,
    ServiceAccount,
    ServicePortArgs,
    ServiceSpecArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

from floe_cube_infra.components.collector_pod import CONFIGURATION_FILE, CollectorPod
from floe_cube_infra.components.disruption_budget import disruption_budget
from floe_cube_infra.components.immutable_config_map import immutable_config_map
from floe_cube_infra.components.pod_resources import Size
from floe_cube_infra.naming import recommended_labels
from floe_cube_infra.render.collector_config import HEALTH_PORT, METRICS_PORT, OTLP_PORT
from floe_cube_infra.render.environment import EnvironmentVariables

COMPONENT: Final = "collector"
"""The component label of its pods."""
METRICS: Final = "metrics"
"""The port with its own metrics."""

_PORTS: Final = {"otlp-http": OTLP_PORT, METRICS: METRICS_PORT}


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
    pull_secrets: tuple[str, ...]
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
            disruption_budget(name, self._metadata(name), self._labels, self._child)
        service = Service(
            name,
            metadata=self._metadata(name),
            spec=ServiceSpecArgs(
                type="ClusterIP",
                selector=self._labels,
                ports=[ServicePortArgs(name=port, port=number, target_port=port) for port, number in _PORTS.items()],
            ),
            opts=self._child,
        )
        self.service_name = service.metadata.name
        self.register_outputs({"serviceName": self.service_name})

    def _metadata(self, name: str) -> ObjectMetaArgs:
        return ObjectMetaArgs(name=name, namespace=self._args.namespace, labels=self._labels)

    def _configuration(self, name: str) -> ConfigMap:
        data = {CONFIGURATION_FILE: self._args.configuration}
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
        args = self._args
        pod = CollectorPod(
            name="collector",
            image=args.image,
            pull_secrets=args.pull_secrets,
            configuration=configuration,
            ports=_PORTS,
            health_port=HEALTH_PORT,
            health_path="/",
            size=args.size,
            environment=args.environment,
        )
        return pod.spec(account, self._labels)
