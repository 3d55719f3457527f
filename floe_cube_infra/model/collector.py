"""What the OpenTelemetry collector does with what it gets."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from floe_cube_infra.model.frozen import Frozen


class OtlpTarget(Frozen):
    """Whatever takes traces or metrics by OTLP.

    Attributes:
        name: What the collector's configuration calls it.
        protocol: OTLP over gRPC, or over HTTP.
        endpoint: Its address, `http://` or `https://`; without credentials.
        headers: Headers of each request, by name: the variable that holds the value.
    """

    name: str
    protocol: Literal["grpc", "http"]
    endpoint: str
    headers: dict[str, str] = Field(default_factory=dict)


class CollectorExports(Frozen):
    """Where the collector sends what it gets.

    Attributes:
        traces: Where spans go; none: it takes none.
        metrics: Where metrics go; none: it takes none.
    """

    traces: tuple[OtlpTarget, ...]
    metrics: tuple[OtlpTarget, ...]
