"""The refresh worker."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from floe_cube_infra.inputs.settings.quantities import Cpu
from floe_cube_infra.inputs.settings.section import Section


class RefreshWorkerSettings(Section):
    """The refresh worker, which builds pre-aggregations; never more than one.

    Attributes:
        enabled: Whether it has a pod of its own; else the API, which then has one pod only, does its work.
        cpu: CPU request, as a Kubernetes quantity.
        memory: Memory request and limit, in MiB; Node's heap is sized after it.
        concurrency: How many builds run at once; by default what suits the database.
        time_zones: The IANA time zones that rollups are built for, each of them anew. By default UTC, in which
            queries are that name none, and `consumption.pre_aggregations.timezone` of the artifacts.
    """

    enabled: bool = True
    cpu: Cpu = "1"
    memory: Annotated[int, Field(ge=512, le=262144)] = 6144
    concurrency: Annotated[int, Field(ge=1, le=100)] | None = None
    time_zones: Annotated[tuple[str, ...], Field(min_length=1, max_length=40)] | None = None
