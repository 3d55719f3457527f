"""Args of the Cube API, the refresh worker, and the way in from outside."""

from __future__ import annotations

import pulumi

from floe_cube_infra.components.config_maps import CubeConfigMaps
from floe_cube_infra.components.cube_api import CubeApiArgs, SqlLoadBalancer
from floe_cube_infra.components.cube_container import CubeRuntime
from floe_cube_infra.components.horizontal_scaling import Scaling
from floe_cube_infra.components.observer_sidecar import ObserverSidecar
from floe_cube_infra.components.pod_resources import Size
from floe_cube_infra.components.public_endpoint import GatewayListener, IngressTls, PublicEndpointArgs
from floe_cube_infra.components.refresh_worker import RefreshWorkerArgs
from floe_cube_infra.components.sql_tls import SqlTls
from floe_cube_infra.generation import Generated
from floe_cube_infra.inputs.images import image
from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.render.component_environment import (
    StoreAddress,
    api_environment,
    refresh_worker_environment,
)


def cube_runtime(
    settings: Settings, generated: Generated, files: CubeConfigMaps, *, role_arn: pulumi.Input[str] | None
) -> CubeRuntime:
    """What every pod of Cube runs."""
    return CubeRuntime(
        image=image("cube", settings.images),
        pull_secrets=settings.images.pull_secrets,
        port=generated.config.api_port,
        shutdown_seconds=settings.api.shutdown_seconds,
        configuration=files.configuration,
        model=files.model,
        role_arn=role_arn,
    )


def sql_port(settings: Settings, generated: Generated) -> int | None:
    """The port of the one SQL API; None if there is none, or one for each organization."""
    return generated.config.sql_port if settings.sql_api == "shared" else None


def api_args(
    settings: Settings,
    generated: Generated,
    *,
    namespace: pulumi.Input[str],
    runtime: CubeRuntime,
    store: StoreAddress | None,
    sql_tls: SqlTls | None,
    observer: ObserverSidecar | None,
) -> CubeApiArgs:
    """Args of the Cube API."""
    api, sql = settings.api, settings.sql
    return CubeApiArgs(
        namespace=namespace,
        instance=settings.namespace,
        runtime=runtime,
        environment=api_environment(
            generated.environment,
            store,
            shutdown_seconds=api.shutdown_seconds,
            refreshes=not settings.refresh_worker.enabled,
            rollup_only=api.rollup_only,
        ),
        size=Size(cpu=api.cpu, memory_mib=api.memory),
        replicas=api.replicas,
        scaling=Scaling(max_replicas=api.max_replicas, target_cpu_percent=api.target_cpu_percent)
        if api.max_replicas is not None
        else None,
        sql_port=sql_port(settings, generated),
        sql_tls=sql_tls,
        observer=observer,
        sql_load_balancer=SqlLoadBalancer(annotations=sql.annotations, source_ranges=sql.source_ranges)
        if sql.load_balancer
        else None,
    )


def refresh_worker_args(
    settings: Settings,
    generated: Generated,
    *,
    namespace: pulumi.Input[str],
    runtime: CubeRuntime,
    store: StoreAddress | None,
    observer: ObserverSidecar | None,
) -> RefreshWorkerArgs:
    """Args of the refresh worker."""
    worker = settings.refresh_worker
    return RefreshWorkerArgs(
        namespace=namespace,
        instance=settings.namespace,
        runtime=runtime,
        environment=refresh_worker_environment(
            generated.environment,
            store,
            memory_mib=worker.memory,
            shutdown_seconds=runtime.shutdown_seconds,
            concurrency=worker.concurrency,
        ),
        size=Size(cpu=worker.cpu, memory_mib=worker.memory),
        observer=observer,
    )


def public_endpoint_args(
    settings: Settings, *, namespace: pulumi.Input[str], service: pulumi.Input[str], port: int
) -> PublicEndpointArgs | None:
    """Args of the way in from outside; None if there is none."""
    ingress = settings.ingress
    way: IngressTls | GatewayListener
    # Which of them have to be given was checked with the settings.
    if ingress.kind == "ingress" and ingress.tls_secret is not None:
        way = IngressTls(class_name=ingress.class_name, tls_secret=ingress.tls_secret)
    elif ingress.kind == "gateway" and ingress.gateway is not None and ingress.gateway_section is not None:
        way = GatewayListener(
            gateway=ingress.gateway, namespace=ingress.gateway_namespace, section=ingress.gateway_section
        )
    else:
        return None
    return PublicEndpointArgs(
        namespace=namespace,
        instance=settings.namespace,
        host=ingress.host or "",
        annotations=ingress.annotations,
        way=way,
        service=service,
        port=port,
    )
