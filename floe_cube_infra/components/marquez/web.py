"""Marquez's web pages, which ask its server for everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_kubernetes.apps.v1 import Deployment, DeploymentSpecArgs
from pulumi_kubernetes.core.v1 import (
    ContainerArgs,
    ContainerPortArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    Service,
    ServiceAccount,
    ServicePortArgs,
    ServiceSpecArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

from floe_cube_infra.components.container_environment import container_environment
from floe_cube_infra.components.cube_container import HTTP_PORT, http_probe, pull_secrets
from floe_cube_infra.components.marquez.addresses import API_PORT, WEB_COMPONENT, WEB_PORT
from floe_cube_infra.components.pod_resources import Size
from floe_cube_infra.components.pod_security import (
    NODE_USER_ID,
    container_security,
    pod_security,
    temporary_mount,
    temporary_volume,
)
from floe_cube_infra.naming import recommended_labels
from floe_cube_infra.render.component_environment import heap_option

_SIZE: Final = Size(cpu="50m", memory_mib=256)

# As process 1 the image's script hears no SIGTERM, and there is nothing to finish.
_GRACE_SECONDS: Final = 5


@dataclass(frozen=True, kw_only=True)
class MarquezWebArgs:
    """What it runs with.

    Attributes:
        namespace: The namespace.
        instance: The instance label.
        image: The image of Marquez's web pages.
        pull_secrets: Secrets that it is pulled with.
        marquez: The Service of Marquez's server.
    """

    namespace: pulumi.Input[str]
    instance: str
    image: str
    pull_secrets: Sequence[str]
    marquez: str


class MarquezWeb(pulumi.ComponentResource):
    """The web pages.

    Attributes:
        service_name: Their Service.
    """

    service_name: pulumi.Output[str]

    def __init__(self, name: str, args: MarquezWebArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("floe:cube:MarquezWeb", name, None, opts)
        labels = recommended_labels(WEB_COMPONENT, args.instance)
        metadata = ObjectMetaArgs(name=name, namespace=args.namespace, labels=labels)
        child = pulumi.ResourceOptions(parent=self)
        account = ServiceAccount(name, metadata=metadata, automount_service_account_token=False, opts=child)
        Deployment(
            name,
            metadata=metadata,
            spec=DeploymentSpecArgs(
                replicas=1,
                revision_history_limit=3,
                selector=LabelSelectorArgs(match_labels=labels),
                template=PodTemplateSpecArgs(
                    metadata=ObjectMetaArgs(labels=labels), spec=_pod(args, account.metadata.name)
                ),
            ),
            opts=child,
        )
        service = Service(
            name,
            metadata=metadata,
            spec=ServiceSpecArgs(
                type="ClusterIP",
                selector=labels,
                ports=[ServicePortArgs(name=HTTP_PORT, port=WEB_PORT, target_port=HTTP_PORT)],
            ),
            opts=child,
        )
        self.service_name = service.metadata.name
        self.register_outputs({"serviceName": self.service_name})


def _pod(args: MarquezWebArgs, account: pulumi.Input[str]) -> PodSpecArgs:
    return PodSpecArgs(
        service_account_name=account,
        automount_service_account_token=False,
        enable_service_links=False,
        image_pull_secrets=pull_secrets(args.pull_secrets),
        security_context=pod_security(user_id=NODE_USER_ID),
        termination_grace_period_seconds=_GRACE_SECONDS,
        containers=[
            ContainerArgs(
                name="web",
                image=args.image,
                ports=[ContainerPortArgs(name=HTTP_PORT, container_port=WEB_PORT)],
                env=container_environment(
                    {
                        "MARQUEZ_HOST": args.marquez,
                        "MARQUEZ_PORT": str(API_PORT),
                        "NODE_OPTIONS": heap_option(_SIZE.memory_mib),
                        "WEB_PORT": str(WEB_PORT),
                    }
                ),
                resources=_SIZE.requirements(),
                security_context=container_security(),
                startup_probe=http_probe("/healthcheck", period_seconds=2, failure_threshold=60),
                readiness_probe=http_probe("/healthcheck", period_seconds=10, failure_threshold=3),
                liveness_probe=http_probe("/healthcheck", period_seconds=10, failure_threshold=6),
                volume_mounts=[temporary_mount()],
            )
        ],
        volumes=[temporary_volume("64Mi")],
    )
