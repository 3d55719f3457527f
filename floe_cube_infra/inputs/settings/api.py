"""The Cube API."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from floe_cube_infra.inputs.settings.quantities import Cpu
from floe_cube_infra.inputs.settings.section import Section


class ApiSettings(Section):
    """The Cube API.

    Attributes:
        replicas: Pods that answer queries; with `maxReplicas` the fewest.
        max_replicas: The most pods; given, a HorizontalPodAutoscaler decides how many there are.
        target_cpu_percent: The share of the CPU request that it aims at.
        cpu: CPU request of a pod, as a Kubernetes quantity.
        memory: Memory request and limit of a pod, in MiB; Node's heap is sized after it.
        shutdown_seconds: How long a pod that is to end may still work on the queries it has.
        scopes: Which of Cube's APIs answer: queries (`data`), the model's catalog (`meta`), `graphql`, and `sql`, which
            gives the SQL of queries over REST. The Postgres port goes by `sql_api` alone.
        cors_origins: Origins whose pages may ask, such as `https://app.example.com`; none by default.
        rollup_only: Whether pre-aggregations alone answer: what none of them answers, or what isn't built, is refused
            rather than asked of the warehouse.
        sql_api: Cube's SQL API (Postgres wire protocol): `off`; `shared`, one service, whose catalog queries show each
            session's statements to all others; or `perOrganization`, a service for each of `sql.organizations`. By
            default `shared` in `local` and `dev`; elsewhere a stack with row-level security has to choose.
    """

    replicas: Annotated[int, Field(ge=1, le=100)] = 2
    max_replicas: Annotated[int, Field(ge=2, le=100)] | None = None
    target_cpu_percent: Annotated[int, Field(ge=10, le=100)] = 70
    cpu: Cpu = "2"
    memory: Annotated[int, Field(ge=512, le=262144)] = 3072
    shutdown_seconds: Annotated[int, Field(ge=1, le=600)] = 30
    scopes: tuple[Literal["graphql", "meta", "data", "sql"], ...] = ("graphql", "meta", "data", "sql")
    cors_origins: tuple[Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]+)?$")], ...] = ()
    rollup_only: bool = False
    sql_api: Literal["shared", "perOrganization", "off"] | None = None

    @field_validator("sql_api", mode="before")
    @classmethod
    def _off_is_a_word(cls, value: object) -> object:
        # YAML 1.1, which PyYAML reads, takes an `off` without quotes for false.
        return "off" if value is False else value

    @model_validator(mode="after")
    def _can_scale(self) -> ApiSettings:
        if self.max_replicas is not None and self.max_replicas <= self.replicas:
            raise ValueError(
                f"maxReplicas is {self.max_replicas} and replicas {self.replicas}; maxReplicas must be greater, or "
                "be left out for a fixed number"
            )
        return self
