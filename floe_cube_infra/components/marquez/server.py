"""Marquez's server: takes lineage, and answers for it. Its database is elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_kubernetes.apps.v1 import (
    Deployment,
    DeploymentSpecArgs,
    DeploymentStrategyArgs,
    RollingUpdateDeploymentArgs,
)
from pulumi_kubernetes.core.v1 import (
    ConfigMap,
    ConfigMapVolumeSourceArgs,
    ContainerArgs,
    ContainerPortArgs,
    KeyToPathArgs,
    LifecycleArgs,
    LifecycleHandlerArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    SecretVolumeSourceArgs,
    Service,
    ServiceAccount,
    ServicePortArgs,
    ServiceSpecArgs,
    SleepActionArgs,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

from floe_cube_infra.components.container_environment import container_environment
from floe_cube_infra.components.cube_container import HTTP_PORT, LEAVING_SECONDS, http_probe, pull_secrets
from floe_cube_infra.components.disruption_budget import disruption_budget
from floe_cube_infra.components.immutable_config_map import immutable_config_map
from floe_cube_infra.components.marquez.addresses import ADMIN, ADMIN_PORT, API_PORT, SERVER_COMPONENT
from floe_cube_infra.components.pod_placement import apart, over_zones
from floe_cube_infra.components.pod_resources import Size
from floe_cube_infra.components.pod_security import (
    container_security,
    pod_security,
    temporary_mount,
    temporary_volume,
)
from floe_cube_infra.naming import recommended_labels
from floe_cube_infra.render.environment import SecretKeyRef
from floe_cube_infra.render.marquez_config import (
    PASSWORD_VARIABLE,
    USER_VARIABLE,
    DatabaseAddress,
    render_marquez_config,
)

_CONFIGURATION: Final = "configuration"
_CONFIGURATION_PATH: Final = "/etc/marquez"
_FILE: Final = "marquez.yml"
_CA: Final = "database-ca"
_CA_PATH: Final = "/etc/marquez-database"
_CA_FILE: Final = "ca.crt"
_HEAP_SHARE: Final = 0.6
_GRACE_SECONDS: Final = 45


@dataclass(frozen=True, kw_only=True)
class DatabaseAccess:
    """The PostgreSQL that keeps the lineage, and who logs in.

    Attributes:
        host: Its host.
        port: Its port.
        name: The database.
        encrypted: Whether connections are encrypted.
        user: Where the user's name is.
        password: Where the password is.
        ca_certificate: Where the certificate is that the server is verified by; None doesn't verify it.
    """

    host: str
    port: int
    name: str
    encrypted: bool
    user: SecretKeyRef
    password: SecretKeyRef
    ca_certificate: SecretKeyRef | None = None

    @property
    def address(self) -> DatabaseAddress:
        """As Marquez's file has it."""
        ca_file = f"{_CA_PATH}/{_CA_FILE}" if self.ca_certificate is not None else None
        return DatabaseAddress(
            host=self.host, port=self.port, name=self.name, encrypted=self.encrypted, ca_file=ca_file
        )


@dataclass(frozen=True, kw_only=True)
class MarquezServerArgs:
    """What it runs with.

    Attributes:
        namespace: The namespace.
        instance: The instance label.
        image: Marquez's image.
        pull_secrets: Secrets that it is pulled with.
        replicas: How many pods there are.
        size: How large a pod is.
        retention_days: Days until what was no longer told of is gone.
        database: Where lineage is kept.
    """

    namespace: pulumi.Input[str]
    instance: str
    image: str
    pull_secrets: Sequence[str]
    replicas: int
    size: Size
    retention_days: int
    database: DatabaseAccess


class MarquezServer(pulumi.ComponentResource):
    """The server.

    Attributes:
        service_name: Its Service.
    """

    service_name: pulumi.Output[str]

    def __init__(self, name: str, args: MarquezServerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("floe:cube:MarquezServer", name, None, opts)
        self._args = args
        self._labels = recommended_labels(SERVER_COMPONENT, args.instance)
        self._child = pulumi.ResourceOptions(parent=self)
        metadata = ObjectMetaArgs(name=name, namespace=args.namespace, labels=self._labels)
        account = ServiceAccount(name, metadata=metadata, automount_service_account_token=False, opts=self._child)
        configuration = self._configuration(name)
        deployment = Deployment(
            name,
            metadata=metadata,
            spec=DeploymentSpecArgs(
                replicas=args.replicas,
                revision_history_limit=3,
                progress_deadline_seconds=900,
                selector=LabelSelectorArgs(match_labels=self._labels),
                strategy=DeploymentStrategyArgs(
                    type="RollingUpdate",
                    rolling_update=RollingUpdateDeploymentArgs(max_surge=1, max_unavailable=0),
                ),
                template=PodTemplateSpecArgs(
                    metadata=ObjectMetaArgs(labels=self._labels),
                    spec=self._pod(account.metadata.name, configuration.metadata.name),
                ),
            ),
            opts=self._child,
        )
        service = Service(
            name,
            metadata=metadata,
            spec=ServiceSpecArgs(
                type="ClusterIP",
                selector=self._labels,
                ports=[
                    ServicePortArgs(name=HTTP_PORT, port=API_PORT, target_port=HTTP_PORT),
                    ServicePortArgs(name=ADMIN, port=ADMIN_PORT, target_port=ADMIN),
                ],
            ),
            opts=self._child,
        )
        if args.replicas > 1:
            disruption_budget(name, metadata, self._labels, self._child)
        self.service_name = service.metadata.name
        self.register_outputs({"serviceName": self.service_name, "deploymentName": deployment.metadata.name})

    def _configuration(self, name: str) -> ConfigMap:
        text = render_marquez_config(
            self._args.database.address,
            port=API_PORT,
            admin_port=ADMIN_PORT,
            retention_days=self._args.retention_days,
        )
        return immutable_config_map(
            name, {_FILE: text}, namespace=self._args.namespace, labels=self._labels, opts=self._child
        )

    def _pod(self, account: pulumi.Input[str], configuration: pulumi.Input[str]) -> PodSpecArgs:
        args = self._args
        ca_certificate = args.database.ca_certificate
        volumes = [
            VolumeArgs(name=_CONFIGURATION, config_map=ConfigMapVolumeSourceArgs(name=configuration)),
            temporary_volume(),
        ]
        if ca_certificate is not None:
            items = [KeyToPathArgs(key=ca_certificate.key, path=_CA_FILE)]
            volumes.append(
                VolumeArgs(name=_CA, secret=SecretVolumeSourceArgs(secret_name=ca_certificate.secret, items=items))
            )
        return PodSpecArgs(
            service_account_name=account,
            automount_service_account_token=False,
            enable_service_links=False,
            image_pull_secrets=pull_secrets(args.pull_secrets),
            security_context=pod_security(),
            affinity=apart(self._labels),
            topology_spread_constraints=over_zones(self._labels, "pod-template-hash"),
            termination_grace_period_seconds=_GRACE_SECONDS,
            containers=[self._container()],
            volumes=volumes,
        )

    def _container(self) -> ContainerArgs:
        args = self._args
        mounts = [
            VolumeMountArgs(name=_CONFIGURATION, mount_path=_CONFIGURATION_PATH, read_only=True),
            temporary_mount(),
        ]
        if args.database.ca_certificate is not None:
            mounts.append(VolumeMountArgs(name=_CA, mount_path=_CA_PATH, read_only=True))
        heap = int(args.size.memory_mib * _HEAP_SHARE)
        return ContainerArgs(
            name="marquez",
            image=args.image,
            # As the image's own script, which would stand between Kubernetes and Java, and pass no signal on.
            command=["/bin/bash", "-c", "exec java ${JAVA_OPTS} -jar marquez-*.jar server ${MARQUEZ_CONFIG}"],
            ports=[
                ContainerPortArgs(name=HTTP_PORT, container_port=API_PORT),
                ContainerPortArgs(name=ADMIN, container_port=ADMIN_PORT),
            ],
            env=container_environment(
                {
                    "JAVA_OPTS": f"-Xmx{heap}m -XX:+ExitOnOutOfMemoryError -Duser.timezone=UTC",
                    "MARQUEZ_CONFIG": f"{_CONFIGURATION_PATH}/{_FILE}",
                    PASSWORD_VARIABLE: args.database.password,
                    USER_VARIABLE: args.database.user,
                }
            ),
            resources=args.size.requirements(),
            security_context=container_security(),
            # It listens only once its many migrations are done, which on the first start takes minutes on a slow disk.
            startup_probe=http_probe("/ping", port=ADMIN, period_seconds=5, failure_threshold=180),
            # Also asks the database.
            readiness_probe=http_probe("/healthcheck", port=ADMIN, period_seconds=10, failure_threshold=3),
            liveness_probe=http_probe("/ping", port=ADMIN, period_seconds=10, failure_threshold=6),
            lifecycle=LifecycleArgs(pre_stop=LifecycleHandlerArgs(sleep=SleepActionArgs(seconds=LEAVING_SECONDS))),
            volume_mounts=mounts,
        )
