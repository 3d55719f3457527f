"""How much one request may ask."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from floe_cube_infra.inputs.settings.section import Section


class LimitSettings(Section):
    """How much one request may ask.

    Attributes:
        rows: Rows of one answer; more are reached by pages, with `limit` and `offset`.
        query_bytes: Bytes of a query.
        members: Members that a query names.
        filters: Filters of a query, nested ones too.
        queries: Queries of one request.
        seconds: How long a query may run in the warehouse before it is cancelled.
    """

    rows: Annotated[int, Field(ge=1, le=50_000)] = 10_000
    query_bytes: Annotated[int, Field(ge=1024, le=1_048_576)] = 65_536
    members: Annotated[int, Field(ge=1, le=1000)] = 200
    filters: Annotated[int, Field(ge=1, le=10_000)] = 500
    queries: Annotated[int, Field(ge=1, le=100)] = 10
    seconds: Annotated[int, Field(ge=1, le=86_400)] = 600
