"""Which components have metrics of their own, and who may ask for them."""

from __future__ import annotations

import pulumi

from floe_cube_infra.components import collector
from floe_cube_infra.components.marquez import addresses
from floe_cube_infra.components.service_monitors import ServiceMonitorsArgs
from floe_cube_infra.generation import Generated
from floe_cube_infra.inputs.settings import Settings


def service_monitors_args(
    settings: Settings, generated: Generated, *, namespace: pulumi.Input[str]
) -> ServiceMonitorsArgs | None:
    """Args of the ServiceMonitors; None where there are none.

    Args:
        settings: The stack's settings.
        generated: What was generated.
        namespace: The namespace.
    """
    ports = {}
    if generated.collector is not None:
        ports[collector.COMPONENT] = collector.METRICS
    if settings.marquez.enabled:
        ports[addresses.SERVER_COMPONENT] = addresses.ADMIN
    if not settings.monitoring.service_monitors or not ports:
        return None
    return ServiceMonitorsArgs(
        namespace=namespace,
        instance=settings.namespace,
        ports=ports,
        interval=settings.monitoring.interval,
        labels=settings.monitoring.labels,
    )
