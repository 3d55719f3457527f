"""What is told of queries, and where to."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from floe_cube_infra.inputs.settings.quantities import Cpu
from floe_cube_infra.inputs.settings.section import Section


class ObservabilitySettings(Section):
    """What is told of each query; by default what the artifacts' `observability` asks for, once there is an observer.

    Attributes:
        traces: Whether each query becomes a trace.
        metrics: Whether queries are counted.
        lineage: Whether queries, and the model itself, are told as OpenLineage events.
        trace_ratio: Which share of the queries is traced, 0 to 1, where the caller hasn't decided it.
        metrics_seconds: How often metrics are sent.
        lineage_mode: START and an end event for each `query`, or a `summary` for each cube and window: a lineage
            backend takes some dozens of events a second.
        lineage_window_seconds: The window of a summary.
        dataset_namespace: What lineage names the warehouse by, such as `postgres://db.example.com:5432`; by default as
            dbt does from `compute.properties`. Needed where the host is in a Secret.
        sql: Whether the SQL that Cube makes of a query is told, without its literals.
        observer_cpu: CPU request of the observer in each of Cube's pods, as a Kubernetes quantity.
        observer_memory: Its memory request and limit, in MiB.
    """

    traces: bool | None = None
    metrics: bool | None = None
    lineage: bool | None = None
    trace_ratio: Annotated[float, Field(ge=0, le=1)] = 1.0
    metrics_seconds: Annotated[int, Field(ge=1, le=3600)] = 15
    lineage_mode: Literal["query", "summary"] = "query"
    lineage_window_seconds: Annotated[int, Field(ge=1, le=86400)] = 60
    dataset_namespace: Annotated[str, Field(pattern=r"^[a-z0-9]+(://[^\s@/?#]+)?$", max_length=256)] | None = None
    sql: bool = False
    observer_cpu: Cpu = "50m"
    observer_memory: Annotated[int, Field(ge=64, le=4096)] = 64
