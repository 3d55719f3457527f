"""The refresh worker: the one pod that builds pre-aggregations and answers nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_kubernetes.apps.v1 import Deployment, DeploymentSpecArgs, DeploymentStrategyArgs
from pulumi_kubernetes.core.v1 import PodSpecArgs, PodTemplateSpecArgs, ServiceAccount
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

from floe_cube_infra.components.cube_container import (
    HTTP_PORT,
    CubeRuntime,
    compile_container,
    cube_container,
    cube_volumes,
    http_probe,
    pull_secrets,
)
from floe_cube_infra.components.observer_sidecar import ObserverSidecar
from floe_cube_infra.components.pod_resources import Size
from floe_cube_infra.components.pod_security import NODE_USER_ID, pod_security
from floe_cube_infra.components.role_annotations import role_annotations
from floe_cube_infra.naming import recommended_labels
from floe_cube_infra.render.environment import EnvironmentVariables

COMPONENT: Final = "refresh-worker"
"""The component label of its pod."""


@dataclass(frozen=True, kw_only=True)
class RefreshWorkerArgs:
    """What the refresh worker runs with.

    Attributes:
        namespace: The namespace.
        instance: The instance label.
        runtime: What every pod of Cube runs.
        environment: The worker's variables.
        size: How large its pod is.
        observer: What observes queries beside it; None: nothing.
    """

    namespace: pulumi.Input[str]
    instance: str
    runtime: CubeRuntime
    environment: EnvironmentVariables
    size: Size
    observer: ObserverSidecar | None = None


class RefreshWorker(pulumi.ComponentResource):
    """The refresh worker.

    Attributes:
        deployment_name: The Deployment.
    """

    deployment_name: pulumi.Output[str]

    def __init__(self, name: str, args: RefreshWorkerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("floe:cube:RefreshWorker", name, None, opts)
        labels = recommended_labels(COMPONENT, args.instance)
        metadata = ObjectMetaArgs(name=name, namespace=args.namespace, labels=labels)
        child = pulumi.ResourceOptions(parent=self)
        account = ServiceAccount(
            name,
            metadata=ObjectMetaArgs(
                name=name,
                namespace=args.namespace,
                labels=labels,
                annotations=role_annotations(args.runtime.role_arn),
            ),
            automount_service_account_token=False,
            opts=child,
        )
        deployment = Deployment(
            name,
            metadata=metadata,
            spec=DeploymentSpecArgs(
                replicas=1,
                revision_history_limit=3,
                progress_deadline_seconds=900,
                selector=LabelSelectorArgs(match_labels=labels),
                # Never two: both would build the same tables.
                strategy=DeploymentStrategyArgs(type="Recreate"),
                template=PodTemplateSpecArgs(
                    metadata=ObjectMetaArgs(labels=labels), spec=_pod(args, account.metadata.name)
                ),
            ),
            opts=child,
        )
        self.deployment_name = deployment.metadata.name
        self.register_outputs({"deploymentName": self.deployment_name})


def _pod(args: RefreshWorkerArgs, account: pulumi.Input[str]) -> PodSpecArgs:
    observers = [args.observer] if args.observer is not None else []
    return PodSpecArgs(
        service_account_name=account,
        automount_service_account_token=False,
        # A Service's name would otherwise become variables, some of which Cube reads.
        enable_service_links=False,
        image_pull_secrets=pull_secrets(args.runtime.pull_secrets),
        security_context=pod_security(user_id=NODE_USER_ID),
        termination_grace_period_seconds=args.runtime.grace_seconds,
        init_containers=[
            compile_container(args.runtime, size=args.size),
            *(observer.container() for observer in observers),
        ],
        containers=[
            cube_container(
                args.runtime,
                environment=args.environment,
                size=args.size,
                ports={HTTP_PORT: args.runtime.port},
                # The same server as the API's, so its endpoints are there; nobody asks it anything else.
                startup_probe=http_probe("/livez", period_seconds=5, failure_threshold=120),
                # Nothing is routed by it. It shows a worker that can't reach the warehouse, and so builds nothing.
                readiness_probe=http_probe("/readyz", period_seconds=30, failure_threshold=3),
            )
        ],
        volumes=[*cube_volumes(args.runtime), *(observer.volume() for observer in observers)],
    )
