"""The Cube API: a Deployment that answers REST, GraphQL and SQL, its Services, and what keeps it available."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apps.v1 import (
    Deployment,
    DeploymentSpecArgs,
    DeploymentStrategyArgs,
    RollingUpdateDeploymentArgs,
)
from pulumi_kubernetes.core.v1 import (
    PodSpecArgs,
    PodTemplateSpecArgs,
    ProbeArgs,
    Service,
    ServiceAccount,
    ServicePortArgs,
    ServiceSpecArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

from floe_cube_infra.components.cube_container import (
    HTTP_PORT,
    READINESS_PATH,
    READINESS_PORT,
    CubeRuntime,
    compile_container,
    cube_container,
    cube_volumes,
    http_probe,
    pull_secrets,
)
from floe_cube_infra.components.disruption_budget import disruption_budget
from floe_cube_infra.components.horizontal_scaling import Scaling, horizontal_pod_autoscaler
from floe_cube_infra.components.observer_sidecar import ObserverSidecar
from floe_cube_infra.components.pod_placement import apart, over_zones
from floe_cube_infra.components.pod_resources import Size
from floe_cube_infra.components.pod_security import NODE_USER_ID, pod_security
from floe_cube_infra.components.role_annotations import role_annotations
from floe_cube_infra.components.sql_tls import SQL_TLS_PORT, SqlTls
from floe_cube_infra.naming import recommended_labels
from floe_cube_infra.render.environment import EnvironmentVariables

COMPONENT = "api"
"""The component label of its pods."""


@dataclass(frozen=True, kw_only=True)
class SqlLoadBalancer:
    """A load balancer of the cloud for the SQL API.

    Attributes:
        annotations: By which the cloud is told what kind it should be.
        source_ranges: Addresses that may use it, as CIDRs; all if empty.
    """

    annotations: Mapping[str, str]
    source_ranges: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CubeApiArgs:
    """What the API runs with.

    Attributes:
        namespace: The namespace.
        instance: The instance label.
        runtime: What every pod of Cube runs.
        environment: The API's variables.
        size: How large a pod is.
        replicas: Pods that answer queries; with `scaling` the fewest.
        scaling: How the number of pods follows the load; None for a fixed number.
        sql_port: The SQL API; None closes it.
        sql_tls: How TLS ends before it; None leaves it in clear.
        observer: What observes queries beside it; None: nothing.
        sql_load_balancer: What leads to it from outside the cluster, if anything.
        component: The component label of its pods.
    """

    namespace: pulumi.Input[str]
    instance: str
    runtime: CubeRuntime
    environment: EnvironmentVariables
    size: Size
    replicas: int
    scaling: Scaling | None = None
    sql_port: int | None = None
    sql_tls: SqlTls | None = None
    observer: ObserverSidecar | None = None
    sql_load_balancer: SqlLoadBalancer | None = None
    component: str = COMPONENT


class CubeApi(pulumi.ComponentResource):
    """The Cube API.

    Attributes:
        service_name: The Service, which the endpoints are made of.
    """

    service_name: pulumi.Output[str]

    def __init__(self, name: str, args: CubeApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("floe:cube:CubeApi", name, None, opts)
        self._args = args
        self._labels = recommended_labels(args.component, args.instance)
        self._child = pulumi.ResourceOptions(parent=self)

        account = ServiceAccount(
            name,
            metadata=self._metadata(name, role_annotations(args.runtime.role_arn)),
            automount_service_account_token=False,
            opts=self._child,
        )
        deployment = self._deployment(name, account.metadata.name)
        service = self._service(name)
        if args.sql_load_balancer is not None:
            self._sql_service(f"{name}-sql", args.sql_load_balancer)
        disruption_budget(name, self._metadata(name), self._labels, self._child)
        if args.scaling is not None:
            horizontal_pod_autoscaler(
                name, self._metadata(name), deployment, args.replicas, args.scaling, opts=self._child
            )
        self.service_name = service.metadata.name
        self.register_outputs({"serviceName": self.service_name, "deploymentName": deployment.metadata.name})

    def _metadata(self, name: str, annotations: Mapping[str, pulumi.Input[str]] | None = None) -> ObjectMetaArgs:
        return ObjectMetaArgs(
            name=name, namespace=self._args.namespace, labels=self._labels, annotations=annotations or None
        )

    def _deployment(self, name: str, account: pulumi.Input[str]) -> Deployment:
        args = self._args
        return Deployment(
            name,
            metadata=self._metadata(name),
            spec=DeploymentSpecArgs(
                # Where the autoscaler decides, no number may be written here: each would undo the other's.
                replicas=None if args.scaling is not None else args.replicas,
                revision_history_limit=3,
                progress_deadline_seconds=900,
                selector=LabelSelectorArgs(match_labels=self._labels),
                # A new pod is ready before an old one leaves.
                strategy=DeploymentStrategyArgs(
                    type="RollingUpdate",
                    rolling_update=RollingUpdateDeploymentArgs(max_surge=1, max_unavailable=0),
                ),
                template=PodTemplateSpecArgs(metadata=ObjectMetaArgs(labels=self._labels), spec=self._pod(account)),
            ),
            opts=pulumi.ResourceOptions(
                parent=self, ignore_changes=["spec.replicas"] if args.scaling is not None else None
            ),
        )

    def _pod(self, account: pulumi.Input[str]) -> PodSpecArgs:
        args = self._args
        ports = {HTTP_PORT: args.runtime.port} | ({"sql": args.sql_port} if args.sql_port is not None else {})
        sidecars = [sidecar for sidecar in (args.sql_tls, args.observer) if sidecar is not None]
        return PodSpecArgs(
            service_account_name=account,
            automount_service_account_token=False,
            # A Service's name would otherwise become variables, some of which Cube reads.
            enable_service_links=False,
            image_pull_secrets=pull_secrets(args.runtime.pull_secrets),
            security_context=pod_security(user_id=NODE_USER_ID),
            affinity=apart(self._labels),
            topology_spread_constraints=over_zones(self._labels, "pod-template-hash"),
            termination_grace_period_seconds=args.runtime.grace_seconds,
            init_containers=[
                compile_container(args.runtime, size=args.size),
                *(sidecar.container() for sidecar in sidecars),
            ],
            containers=[
                cube_container(
                    args.runtime,
                    environment=args.environment,
                    size=args.size,
                    ports=ports,
                    startup_probe=_ready(period_seconds=5, failure_threshold=120),
                    readiness_probe=_ready(period_seconds=10, failure_threshold=3),
                )
            ],
            volumes=[*cube_volumes(args.runtime), *(sidecar.volume() for sidecar in sidecars)],
        )

    def _service(self, name: str) -> Service:
        ports = [ServicePortArgs(name=HTTP_PORT, port=self._args.runtime.port, target_port=HTTP_PORT)]
        return Service(
            name,
            metadata=self._metadata(name),
            spec=ServiceSpecArgs(type="ClusterIP", selector=self._labels, ports=[*ports, *self._sql_ports()]),
            opts=self._child,
        )

    def _sql_service(self, name: str, balancer: SqlLoadBalancer) -> Service:
        return Service(
            name,
            metadata=self._metadata(name, balancer.annotations),
            spec=ServiceSpecArgs(
                type="LoadBalancer",
                selector=self._labels,
                ports=self._sql_ports(),
                load_balancer_source_ranges=list(balancer.source_ranges) or None,
                # Network policies see who really asks.
                external_traffic_policy="Local",
            ),
            opts=self._child,
        )

    def _sql_ports(self) -> list[ServicePortArgs]:
        if self._args.sql_port is None:
            return []
        target = SQL_TLS_PORT if self._args.sql_tls is not None else "sql"
        return [ServicePortArgs(name="sql", port=self._args.sql_port, target_port=target)]


def _ready(*, period_seconds: int, failure_threshold: int) -> ProbeArgs:
    return http_probe(
        READINESS_PATH, port=READINESS_PORT, period_seconds=period_seconds, failure_threshold=failure_threshold
    )
