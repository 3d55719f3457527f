"""A span of a query's trace."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from floe_cube_infra.model.frozen import Frozen

TraceId = Annotated[str, Field(pattern=r"^[0-9a-f]*[1-9a-f][0-9a-f]*$", min_length=32, max_length=32)]
SpanId = Annotated[str, Field(pattern=r"^[0-9a-f]*[1-9a-f][0-9a-f]*$", min_length=16, max_length=16)]
Nanoseconds = Annotated[int, Field(ge=0)]


class QueryTraceSpan(Frozen):
    """A span.

    Attributes:
        trace_id: 32 hexadecimal digits (W3C Trace Context).
        span_id: 16 hexadecimal digits.
        parent_span_id: The span that it is part of; None for a trace's first.
        name: `cube.query`, `cube.parse`, `cube.security`, `cube.execute`, `database.query` or `cube.response`.
        kind: OpenTelemetry's kind of span.
        start_time: Nanoseconds since 1970.
        end_time: The same.
        status: ERROR where it failed.
        attributes: Names and numbers; never a filter's value, a claim, a token, a row or SQL.
    """

    trace_id: TraceId
    span_id: SpanId
    parent_span_id: SpanId | None = None
    name: str
    kind: Literal["INTERNAL", "SERVER", "CLIENT"] = "INTERNAL"
    start_time: Nanoseconds
    end_time: Nanoseconds
    status: Literal["UNSET", "ERROR"] = "UNSET"
    attributes: dict[str, str | bool | int | float | tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        if self.end_time < self.start_time:
            raise ValueError(f"end_time {self.end_time} is before start_time {self.start_time}")
        return self
