"""TLS for the SQL API: Traefik beside Cube, which alone is reachable.

Cube's SQL port speaks no TLS, and passwords cross it in clear. Postgres clients open in clear and ask for TLS within
their protocol, so that a proxy has to know it; Traefik does, and passes everything else through byte by byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_kubernetes.core.v1 import (
    ConfigMap,
    ConfigMapProjectionArgs,
    ContainerArgs,
    ContainerPortArgs,
    HTTPGetActionArgs,
    ProbeArgs,
    ProjectedVolumeSourceArgs,
    SecretProjectionArgs,
    VolumeArgs,
    VolumeMountArgs,
    VolumeProjectionArgs,
)

from floe_cube_infra.components.immutable_config_map import immutable_config_map
from floe_cube_infra.components.pod_resources import Size
from floe_cube_infra.components.pod_security import container_security
from floe_cube_infra.naming import recommended_labels
from floe_cube_infra.render.sql_proxy import render_sql_proxy

SQL_TLS_PORT: Final = 15433
_HEALTH_PORT: Final = 15434
_FOLDER: Final = "/etc/sql-proxy"
_VOLUME: Final = "sql-proxy"
_SIZE: Final = Size(cpu="100m", memory_mib=256)


@dataclass(frozen=True, kw_only=True)
class SqlTls:
    """What the proxy beside Cube runs with.

    Attributes:
        image: Traefik's image.
        configuration: The name of the ConfigMap with its routes.
        tls_secret: The Secret of the type `kubernetes.io/tls` with the certificate.
    """

    image: str
    configuration: pulumi.Input[str]
    tls_secret: str

    def container(self) -> ContainerArgs:
        """A sidecar: starts before Cube and ends after it, so that open sessions can finish."""
        return ContainerArgs(
            name="sql-proxy",
            image=self.image,
            restart_policy="Always",
            args=[
                f"--entrypoints.sql.address=:{SQL_TLS_PORT}",
                f"--entrypoints.health.address=:{_HEALTH_PORT}",
                "--ping=true",
                "--ping.entrypoint=health",
                # Watching the folder, it takes over a renewed certificate by itself.
                f"--providers.file.directory={_FOLDER}",
                "--providers.file.watch=true",
                "--global.checknewversion=false",
                "--global.sendanonymoususage=false",
                "--log.level=ERROR",
            ],
            ports=[ContainerPortArgs(name="sql-tls", container_port=SQL_TLS_PORT)],
            resources=_SIZE.requirements(),
            security_context=container_security(),
            startup_probe=_health(period_seconds=1, failure_threshold=60),
            readiness_probe=_health(period_seconds=5, failure_threshold=3),
            liveness_probe=_health(period_seconds=10, failure_threshold=6),
            volume_mounts=[VolumeMountArgs(name=_VOLUME, mount_path=_FOLDER, read_only=True)],
        )

    def volume(self) -> VolumeArgs:
        """Routes and certificate in one folder."""
        return VolumeArgs(
            name=_VOLUME,
            projected=ProjectedVolumeSourceArgs(
                sources=[
                    VolumeProjectionArgs(config_map=ConfigMapProjectionArgs(name=self.configuration)),
                    VolumeProjectionArgs(secret=SecretProjectionArgs(name=self.tls_secret)),
                ]
            ),
        )


def sql_proxy_configuration(
    name: str, *, namespace: pulumi.Input[str], instance: str, sql_port: int, opts: pulumi.ResourceOptions
) -> ConfigMap:
    """The proxy's routes, immutable and named by their content."""
    text = render_sql_proxy(sql_port=sql_port, certificate_file=f"{_FOLDER}/tls.crt", key_file=f"{_FOLDER}/tls.key")
    return immutable_config_map(
        name, {"routes.yaml": text}, namespace=namespace, labels=recommended_labels("api", instance), opts=opts
    )


def _health(*, period_seconds: int, failure_threshold: int) -> ProbeArgs:
    return ProbeArgs(
        http_get=HTTPGetActionArgs(path="/ping", port=_HEALTH_PORT),
        period_seconds=period_seconds,
        failure_threshold=failure_threshold,
    )
