"""What observes queries: the observer beside Cube, the collector that it sends to, and Jaeger."""

from __future__ import annotations

import pulumi

from floe_cube_infra.components.collector import Collector, CollectorArgs
from floe_cube_infra.components.config_maps import CubeConfigMaps
from floe_cube_infra.components.jaeger import Jaeger, JaegerArgs
from floe_cube_infra.components.observer_sidecar import ObserverSidecar
from floe_cube_infra.components.pod_resources import Size
from floe_cube_infra.generation import Generated
from floe_cube_infra.inputs.images import image
from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.model.collector import CollectorExports
from floe_cube_infra.naming import COLLECTOR, JAEGER
from floe_cube_infra.observation import header_variable, unobserved
from floe_cube_infra.render.collector_config import OTLP_PORT, render_collector
from floe_cube_infra.render.environment import EnvironmentVariables, SecretKeyRef
from floe_cube_infra.render.jaeger_config import render_jaeger


def make_observation(
    settings: Settings, generated: Generated, *, namespace: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> pulumi.Input[str] | None:
    """Makes the collector and Jaeger, where the stack has them; nothing waits for them.

    Args:
        settings: The stack's settings.
        generated: What was generated.
        namespace: The namespace.
        opts: The options of what is made.

    Returns:
        Where the cluster finds the collector (OTLP over HTTP); None where the stack knows none.
    """
    untold = unobserved(generated.artifacts, settings)
    if untold:
        pulumi.log.warn(
            f"The artifacts ask for {' and '.join(untold)}, but images.observer isn't set: no query is observed."
            " `make image` builds the observer's image: name it there, or switch them off in observability."
        )
    if generated.collector is None:
        return settings.collector.endpoint
    collector = Collector(COLLECTOR, _collector_args(settings, generated.collector, namespace), opts=opts)
    if settings.jaeger.enabled:
        jaeger = JaegerArgs(
            namespace=namespace,
            instance=settings.namespace,
            image=image("jaeger", settings.images),
            pull_secrets=settings.images.pull_secrets,
            configuration=render_jaeger(traces=settings.jaeger.traces),
            size=Size(cpu=settings.jaeger.cpu, memory_mib=settings.jaeger.memory),
        )
        Jaeger(JAEGER, jaeger, opts=opts)
    return pulumi.Output.concat("http://", collector.service_name, ".", namespace, f".svc:{OTLP_PORT}")


def observer_sidecar(settings: Settings, generated: Generated, files: CubeConfigMaps) -> ObserverSidecar | None:
    """What observes queries in each of Cube's pods; None where nothing does."""
    if generated.observer is None:
        return None
    own = settings.observability
    return ObserverSidecar(
        image=image("observer", settings.images),
        configuration=files.observer,
        size=Size(cpu=own.observer_cpu, memory_mib=own.observer_memory),
    )


def _collector_args(settings: Settings, exports: CollectorExports, namespace: pulumi.Input[str]) -> CollectorArgs:
    collector = settings.collector
    headers: EnvironmentVariables = {}
    for header, path in sorted(collector.export_headers.items()):
        secret, _, key = path.partition("/")
        headers[header_variable(header)] = SecretKeyRef(secret=secret, key=key)
    return CollectorArgs(
        namespace=namespace,
        instance=settings.namespace,
        image=image("collector", settings.images),
        pull_secrets=settings.images.pull_secrets,
        configuration=render_collector(exports),
        environment=headers,
        replicas=collector.replicas,
        size=Size(cpu=collector.cpu, memory_mib=collector.memory),
    )
