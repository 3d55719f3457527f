"""The Cube API: a Deployment that answers REST, GraphQL and SQL, its Service and its ServiceAccount."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_kubernetes.apps.v1 import Deployment, DeploymentSpecArgs
from pulumi_kubernetes.core.v1 import (
    CapabilitiesArgs,
    ConfigMapProjectionArgs,
    ConfigMapVolumeSourceArgs,
    ContainerArgs,
    ContainerPortArgs,
    EnvVarArgs,
    EnvVarSourceArgs,
    HTTPGetActionArgs,
    PodSecurityContextArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    ProbeArgs,
    ProjectedVolumeSourceArgs,
    ResourceRequirementsArgs,
    SeccompProfileArgs,
    SecretKeySelectorArgs,
    SecurityContextArgs,
    Service,
    ServiceAccount,
    ServicePortArgs,
    ServiceSpecArgs,
    VolumeArgs,
    VolumeMountArgs,
    VolumeProjectionArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

from floe_cube_infra.components.config_maps import CONFIGURATION_PATH, MODEL_PATH, MODEL_PATH_VARIABLE
from floe_cube_infra.naming import recommended_labels
from floe_cube_infra.render.environment import EnvironmentVariables, SecretKeyRef

# The user `node` of the official image.
NODE_USER_ID: Final = 1000


@dataclass(frozen=True, kw_only=True)
class CubeApiArgs:
    """What the API runs with.

    Attributes:
        namespace: The namespace.
        instance: The instance label.
        image: Cube's image.
        replicas: Pods that answer queries.
        cpu: CPU request of a pod.
        memory_mib: Memory request and limit of a pod.
        port: REST and GraphQL.
        sql_port: The SQL API; None closes it.
        environment: Cube's variables.
        configuration: The name of the configuration's ConfigMap.
        model: The names of the model's ConfigMaps.
    """

    namespace: pulumi.Input[str]
    instance: str
    image: str
    replicas: int
    cpu: str
    memory_mib: int
    port: int
    sql_port: int | None
    environment: EnvironmentVariables
    configuration: pulumi.Input[str]
    model: Sequence[pulumi.Input[str]]


class CubeApi(pulumi.ComponentResource):
    """The Cube API.

    Attributes:
        service_name: The Service, which the endpoints are made of.
    """

    service_name: pulumi.Output[str]

    def __init__(self, name: str, args: CubeApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("floe:cube:CubeApi", name, None, opts)
        labels = recommended_labels("api", args.instance)
        metadata = ObjectMetaArgs(name=name, namespace=args.namespace, labels=labels)
        child = pulumi.ResourceOptions(parent=self)

        account = ServiceAccount(name, metadata=metadata, automount_service_account_token=False, opts=child)
        deployment = Deployment(
            name,
            metadata=metadata,
            spec=DeploymentSpecArgs(
                replicas=args.replicas,
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
                selector=labels,
                ports=[
                    ServicePortArgs(name=port_name, port=port, target_port=port_name)
                    for port_name, port in _ports(args).items()
                ],
            ),
            opts=child,
        )
        self.service_name = service.metadata.name
        self.register_outputs({"serviceName": self.service_name, "deploymentName": deployment.metadata.name})


def _ports(args: CubeApiArgs) -> Mapping[str, int]:
    return {"http": args.port} | ({"sql": args.sql_port} if args.sql_port is not None else {})


def _pod(args: CubeApiArgs, account: pulumi.Input[str]) -> PodSpecArgs:
    return PodSpecArgs(
        service_account_name=account,
        automount_service_account_token=False,
        # A Service's name would otherwise become variables, some of which Cube reads.
        enable_service_links=False,
        security_context=PodSecurityContextArgs(
            run_as_non_root=True,
            run_as_user=NODE_USER_ID,
            run_as_group=NODE_USER_ID,
            seccomp_profile=SeccompProfileArgs(type="RuntimeDefault"),
        ),
        containers=[_container(args)],
        volumes=[
            VolumeArgs(name="configuration", config_map=ConfigMapVolumeSourceArgs(name=args.configuration)),
            VolumeArgs(
                name="model",
                projected=ProjectedVolumeSourceArgs(
                    sources=[
                        VolumeProjectionArgs(config_map=ConfigMapProjectionArgs(name=shard)) for shard in args.model
                    ]
                ),
            ),
        ],
    )


def _container(args: CubeApiArgs) -> ContainerArgs:
    memory = f"{args.memory_mib}Mi"
    return ContainerArgs(
        name="cube",
        image=args.image,
        ports=[ContainerPortArgs(name=port_name, container_port=port) for port_name, port in _ports(args).items()],
        env=[*_environment(args.environment), MODEL_PATH_VARIABLE],
        resources=ResourceRequirementsArgs(requests={"cpu": args.cpu, "memory": memory}, limits={"memory": memory}),
        security_context=SecurityContextArgs(
            allow_privilege_escalation=False, capabilities=CapabilitiesArgs(drop=["ALL"])
        ),
        startup_probe=ProbeArgs(
            http_get=HTTPGetActionArgs(path="/readyz", port="http"), period_seconds=5, failure_threshold=60
        ),
        readiness_probe=ProbeArgs(
            http_get=HTTPGetActionArgs(path="/readyz", port="http"), period_seconds=10, timeout_seconds=5
        ),
        liveness_probe=ProbeArgs(
            http_get=HTTPGetActionArgs(path="/livez", port="http"), period_seconds=10, timeout_seconds=5
        ),
        volume_mounts=[
            VolumeMountArgs(name="configuration", mount_path=CONFIGURATION_PATH, read_only=True),
            VolumeMountArgs(name="model", mount_path=MODEL_PATH, read_only=True),
        ],
    )


def _environment(variables: EnvironmentVariables) -> list[EnvVarArgs]:
    return [
        EnvVarArgs(name=name, value=value)
        if isinstance(value, str)
        else EnvVarArgs(name=name, value_from=_secret_key(value))
        for name, value in variables.items()
    ]


def _secret_key(reference: SecretKeyRef) -> EnvVarSourceArgs:
    return EnvVarSourceArgs(secret_key_ref=SecretKeySelectorArgs(name=reference.secret, key=reference.key))
