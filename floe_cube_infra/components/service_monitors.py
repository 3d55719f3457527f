"""ServiceMonitors: where the Prometheus operator finds metrics of the stack's components.

https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from floe_cube_infra.naming import recommended_labels


@dataclass(frozen=True, kw_only=True)
class ServiceMonitorsArgs:
    """What is asked for metrics, and how.

    Attributes:
        namespace: The namespace.
        instance: The instance label.
        ports: The name of the port with metrics, by the component label of its Service.
        interval: How often.
        labels: By which Prometheus selects them, beside our own.
    """

    namespace: pulumi.Input[str]
    instance: str
    ports: Mapping[str, str]
    interval: str
    labels: Mapping[str, str]


class ServiceMonitors(pulumi.ComponentResource):
    """One ServiceMonitor for each component."""

    def __init__(self, name: str, args: ServiceMonitorsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("floe:cube:ServiceMonitors", name, None, opts)
        for component, port in sorted(args.ports.items()):
            labels = recommended_labels(component, args.instance)
            CustomResource(
                f"{name}-{component}",
                api_version="monitoring.coreos.com/v1",
                kind="ServiceMonitor",
                metadata=ObjectMetaArgs(
                    name=f"{name}-{component}", namespace=args.namespace, labels={**args.labels, **labels}
                ),
                spec={
                    "selector": {"matchLabels": labels},
                    "endpoints": [{"port": port, "path": "/metrics", "interval": args.interval}],
                },
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})
