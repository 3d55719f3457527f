"""A PostgreSQL for Marquez where there is no other: one pod with a volume, for anything but production.

The image: https://hub.docker.com/_/postgres
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_kubernetes.apps.v1 import (
    StatefulSet,
    StatefulSetPersistentVolumeClaimRetentionPolicyArgs,
    StatefulSetSpecArgs,
    StatefulSetUpdateStrategyArgs,
)
from pulumi_kubernetes.core.v1 import (
    ContainerArgs,
    ContainerPortArgs,
    EmptyDirVolumeSourceArgs,
    ExecActionArgs,
    PersistentVolumeClaimArgs,
    PersistentVolumeClaimSpecArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    ProbeArgs,
    Secret,
    SecretVolumeSourceArgs,
    Service,
    ServiceAccount,
    ServicePortArgs,
    ServiceSpecArgs,
    VolumeArgs,
    VolumeMountArgs,
    VolumeResourceRequirementsArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_random import RandomPassword

from floe_cube_infra.components.container_environment import container_environment
from floe_cube_infra.components.cube_container import pull_secrets
from floe_cube_infra.components.marquez.addresses import (
    DATABASE,
    DATABASE_COMPONENT,
    DATABASE_PORT,
    PASSWORD_KEY,
    USERNAME_KEY,
)
from floe_cube_infra.components.pod_resources import Size
from floe_cube_infra.components.pod_security import (
    container_security,
    pod_security,
    temporary_mount,
    temporary_volume,
)
from floe_cube_infra.naming import recommended_labels

_SIZE: Final = Size(cpu="250m", memory_mib=1024)
_POSTGRES_USER_ID: Final = 999
_PASSWORD_LENGTH: Final = 32
_DATA_VOLUME: Final = "data"
_DATA_PATH: Final = "/var/lib/postgresql/data"
_USER_VOLUME: Final = "user"
_USER_PATH: Final = "/etc/marquez-database"
_SOCKET_VOLUME: Final = "socket"
_GRACE_SECONDS: Final = 60


@dataclass(frozen=True, kw_only=True)
class MarquezDatabaseArgs:
    """What it runs with.

    Attributes:
        namespace: The namespace.
        instance: The instance label.
        image: PostgreSQL's image.
        pull_secrets: Secrets that it is pulled with.
        volume_gib: How large its volume is.
        storage_class: The volume's StorageClass; None for the cluster's default one.
    """

    namespace: pulumi.Input[str]
    instance: str
    image: str
    pull_secrets: Sequence[str]
    volume_gib: int
    storage_class: str | None


class MarquezDatabase(pulumi.ComponentResource):
    """The database. Its name is that of its Service, and of the Secret with user and password.

    The password is made with it, so its volume goes with it, too.
    """

    def __init__(self, name: str, args: MarquezDatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("floe:cube:MarquezDatabase", name, None, opts)
        self._name, self._args = name, args
        self._labels = recommended_labels(DATABASE_COMPONENT, args.instance)
        self._child = pulumi.ResourceOptions(parent=self)
        metadata = ObjectMetaArgs(name=name, namespace=args.namespace, labels=self._labels)
        account = ServiceAccount(name, metadata=metadata, automount_service_account_token=False, opts=self._child)
        secret = self._secret(metadata)
        service = self._service()
        stateful_set = StatefulSet(
            name,
            metadata=metadata,
            spec=StatefulSetSpecArgs(
                # Never two: they would not know of each other.
                replicas=1,
                service_name=service.metadata.name,
                selector=LabelSelectorArgs(match_labels=self._labels),
                update_strategy=StatefulSetUpdateStrategyArgs(type="RollingUpdate"),
                # Nobody could log in any more: the next stack has another password.
                persistent_volume_claim_retention_policy=StatefulSetPersistentVolumeClaimRetentionPolicyArgs(
                    when_deleted="Delete", when_scaled="Retain"
                ),
                template=PodTemplateSpecArgs(
                    metadata=ObjectMetaArgs(labels=self._labels),
                    spec=self._pod(account.metadata.name),
                ),
                volume_claim_templates=[self._volume()],
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[secret]),
        )
        self.register_outputs({"statefulSetName": stateful_set.metadata.name})

    def _secret(self, metadata: ObjectMetaArgs) -> Secret:
        password = RandomPassword(
            self._name,
            length=_PASSWORD_LENGTH,
            # Marquez reads it out of a file, where some characters mean something.
            special=False,
            opts=pulumi.ResourceOptions(parent=self, additional_secret_outputs=["result"]),
        )
        return Secret(
            self._name,
            metadata=metadata,
            string_data={USERNAME_KEY: DATABASE, PASSWORD_KEY: password.result},
            immutable=True,
            opts=self._child,
        )

    def _service(self) -> Service:
        return Service(
            self._name,
            metadata=ObjectMetaArgs(
                name=self._name,
                namespace=self._args.namespace,
                labels=self._labels,
                # The StatefulSet needs the Service first, and the Service would be awaited until it has pods.
                annotations={"pulumi.com/skipAwait": "true"},
            ),
            spec=ServiceSpecArgs(
                cluster_ip="None",
                selector=self._labels,
                ports=[ServicePortArgs(name="postgres", port=DATABASE_PORT, target_port="postgres")],
            ),
            opts=self._child,
        )

    def _pod(self, account: pulumi.Input[str]) -> PodSpecArgs:
        return PodSpecArgs(
            service_account_name=account,
            automount_service_account_token=False,
            enable_service_links=False,
            image_pull_secrets=pull_secrets(self._args.pull_secrets),
            security_context=pod_security(owns_volumes=True, user_id=_POSTGRES_USER_ID),
            # It ends in good order at the image's own signal, SIGINT; a checkpoint takes a while.
            termination_grace_period_seconds=_GRACE_SECONDS,
            containers=[self._container()],
            volumes=[
                temporary_volume(),
                VolumeArgs(
                    name=_USER_VOLUME, secret=SecretVolumeSourceArgs(secret_name=self._name, default_mode=0o440)
                ),
                VolumeArgs(name=_SOCKET_VOLUME, empty_dir=EmptyDirVolumeSourceArgs(size_limit="16Mi")),
            ],
        )

    def _container(self) -> ContainerArgs:
        return ContainerArgs(
            name="postgres",
            image=self._args.image,
            ports=[ContainerPortArgs(name="postgres", container_port=DATABASE_PORT)],
            env=container_environment(
                {
                    # A folder in the volume: on some, the topmost one holds more than PostgreSQL takes.
                    "PGDATA": f"{_DATA_PATH}/pgdata",
                    "POSTGRES_DB": DATABASE,
                    # As files, which no other process of the node sees, and no crash report holds.
                    "POSTGRES_USER_FILE": f"{_USER_PATH}/{USERNAME_KEY}",
                    "POSTGRES_PASSWORD_FILE": f"{_USER_PATH}/{PASSWORD_KEY}",
                }
            ),
            resources=_SIZE.requirements(),
            security_context=container_security(),
            startup_probe=_accepts(failure_threshold=60),
            readiness_probe=_accepts(failure_threshold=3),
            liveness_probe=_accepts(failure_threshold=12),
            volume_mounts=[
                VolumeMountArgs(name=_DATA_VOLUME, mount_path=_DATA_PATH),
                VolumeMountArgs(name=_USER_VOLUME, mount_path=_USER_PATH, read_only=True),
                VolumeMountArgs(name=_SOCKET_VOLUME, mount_path="/var/run/postgresql"),
                temporary_mount(),
            ],
        )

    def _volume(self) -> PersistentVolumeClaimArgs:
        return PersistentVolumeClaimArgs(
            metadata=ObjectMetaArgs(name=_DATA_VOLUME, labels=self._labels),
            spec=PersistentVolumeClaimSpecArgs(
                access_modes=["ReadWriteOnce"],
                storage_class_name=self._args.storage_class,
                resources=VolumeResourceRequirementsArgs(requests={"storage": f"{self._args.volume_gib}Gi"}),
            ),
        )


def _accepts(*, failure_threshold: int) -> ProbeArgs:
    # Over TCP: while the image prepares the database, a server that isn't meant listens on the socket.
    command = ["pg_isready", "--host", "127.0.0.1", "--username", DATABASE, "--dbname", DATABASE]
    return ProbeArgs(
        exec_=ExecActionArgs(command=command), period_seconds=5, timeout_seconds=5, failure_threshold=failure_threshold
    )
