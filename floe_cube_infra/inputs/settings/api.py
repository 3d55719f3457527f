"""The Cube API."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from floe_cube_infra.inputs.settings.section import Section


class ApiSettings(Section):
    """The Cube API.

    Attributes:
        image: The container image, with a tag or a digest.
        replicas: Pods that answer queries.
        cpu: CPU request of a pod, as a Kubernetes quantity.
        memory: Memory request and limit of a pod, in MiB; Node's heap is sized after it.
        sql_api: `shared` offers Cube's SQL API (Postgres wire protocol); `off` closes its port.
    """

    image: str = "cubejs/cube:v1.7.43"
    replicas: Annotated[int, Field(ge=1, le=100)] = 2
    cpu: str = "500m"
    memory: Annotated[int, Field(ge=512, le=262144)] = 3072
    sql_api: Literal["shared", "off"] = "off"
