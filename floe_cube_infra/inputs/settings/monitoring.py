"""What the Prometheus operator is told."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from floe_cube_infra.inputs.settings.section import Section


class MonitoringSettings(Section):
    """What the Prometheus operator is told: where the stack's components have metrics of their own.

    Attributes:
        service_monitors: Whether there is a ServiceMonitor for the collector and for Marquez, where the stack runs
            them. Prometheus' namespace is to be named in `network.monitoring`.
        interval: How often they are asked.
        labels: By which Prometheus selects its ServiceMonitors: `{release: kube-prometheus-stack}`.
    """

    service_monitors: bool = False
    interval: Annotated[str, Field(pattern=r"^[1-9][0-9]*(s|m)$")] = "30s"
    labels: dict[str, str] = Field(default_factory=dict)
