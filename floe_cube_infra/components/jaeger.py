"""Jaeger: keeps traces in memory and shows them; not for production."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_kubernetes.apps.v1 import Deployment, DeploymentSpecArgs, DeploymentStrategyArgs
from pulumi_kubernetes.core.v1 import (
    PodTemplateSpecArgs,
    Service,
    ServiceAccount,
    ServicePortArgs,
    ServiceSpecArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

from floe_cube_infra.components.collector_pod import CONFIGURATION_FILE, CollectorPod
from floe_cube_infra.components.immutable_config_map import immutable_config_map
from floe_cube_infra.components.pod_resources import Size
from floe_cube_infra.naming import recommended_labels
from floe_cube_infra.render.jaeger_config import HEALTH_PORT, OTLP_PORT, UI_PORT

COMPONENT: Final = "jaeger"
"""The component label of its pod."""

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
    pull_secrets: tuple[str, ...]
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
            name, {CONFIGURATION_FILE: args.configuration}, namespace=args.namespace, labels=labels, opts=child
        )
        account = ServiceAccount(name, metadata=metadata(name), automount_service_account_token=False, opts=child)
        pod = CollectorPod(
            name="jaeger",
            image=args.image,
            pull_secrets=args.pull_secrets,
            configuration=configuration.metadata.name,
            ports=_PORTS,
            health_port=HEALTH_PORT,
            health_path="/status",
            size=args.size,
        )
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
                    spec=pod.spec(account.metadata.name),
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
