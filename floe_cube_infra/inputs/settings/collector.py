"""The OpenTelemetry collector, and Jaeger."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from floe_cube_infra.inputs.settings.quantities import Cpu
from floe_cube_infra.inputs.settings.section import Section

Endpoint = Annotated[str, Field(pattern=r"^https?://[^\s@?#]+$", max_length=2048)]
"""An address without credentials in it."""
HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]
SecretKeyPath = Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[-._a-zA-Z0-9]+$", max_length=507)]


class CollectorSettings(Section):
    """The OpenTelemetry collector, between the observers and whatever keeps traces and metrics.

    Attributes:
        enabled: Whether the stack has one of its own, where there is something to send and somewhere to send it.
        endpoint: An existing collector (OTLP over HTTP), in place of one of the stack's own:
            `http://collector.monitoring:4318`.
        export_to: Where the stack's own sends; by default `observability.otlp_endpoint` of the artifacts. OTLP over
            gRPC at port 4317, else over HTTP.
        export_headers: Headers for it, each with the Secret and key that hold its value:
            `{authorization: backend/token}`.
        replicas: How many pods.
        cpu: CPU request of a pod, as a Kubernetes quantity.
        memory: Memory request and limit of a pod, in MiB.
    """

    enabled: bool = True
    endpoint: Endpoint | None = None
    export_to: Endpoint | None = None
    export_headers: dict[HeaderName, SecretKeyPath] = Field(default_factory=dict)
    replicas: Annotated[int, Field(ge=1, le=20)] = 1
    cpu: Cpu = "100m"
    memory: Annotated[int, Field(ge=128, le=65536)] = 512

    @model_validator(mode="after")
    def _one_way(self) -> CollectorSettings:
        own = [name for name in ("export_to", "export_headers") if getattr(self, name)]
        if own and (self.endpoint is not None or not self.enabled):
            names = " and ".join("exportTo" if name == "export_to" else "exportHeaders" for name in own)
            raise ValueError(
                f"{names} say what the stack's own collector does, but there is none: drop them, or set enabled to "
                "true and drop endpoint"
            )
        return self


class JaegerSettings(Section):
    """Jaeger, which shows traces; it keeps them in memory, so it is not for production.

    Attributes:
        enabled: Whether the stack has one, which its collector sends traces to.
        traces: How many traces it keeps.
        cpu: CPU request, as a Kubernetes quantity.
        memory: Memory request and limit, in MiB.
    """

    enabled: bool = False
    traces: Annotated[int, Field(ge=100, le=10_000_000)] = 50_000
    cpu: Cpu = "100m"
    memory: Annotated[int, Field(ge=128, le=65536)] = 1024
