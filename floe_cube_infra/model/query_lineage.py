"""A query's lineage event; the contract `openlineage-event` of the floe platform."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from floe_cube_infra.model.frozen import Frozen

JobName = Annotated[str, Field(pattern=r"^cube\.[a-zA-Z_][a-zA-Z0-9_]*\.query$")]


class QueryLineageEvent(Frozen):
    """What became of a query.

    Attributes:
        run_id: The query's run; the same in all its events.
        job_name: `cube.<cube>.query`.
        namespace: OpenLineage's namespace of the job.
        event_type: START, then COMPLETE or FAIL.
        event_time: When, with its time zone.
        inputs: The cubes that it queries.
        sql: With placeholders for all values; START only.
        row_count: Rows of the answer; COMPLETE only.
        error: What went wrong, without anything sensitive; FAIL only.
    """

    run_id: UUID
    job_name: JobName
    namespace: Annotated[str, Field(min_length=1)] = "floe-cube"
    event_type: Literal["START", "COMPLETE", "FAIL"]
    event_time: AwareDatetime
    inputs: tuple[str, ...]
    sql: str | None = None
    row_count: Annotated[int, Field(ge=0)] | None = None
    error: Annotated[str, Field(max_length=500)] | None = None

    @model_validator(mode="after")
    def _says_what_its_kind_says(self) -> QueryLineageEvent:
        for value, name, kind in (
            (self.sql, "sql", "START"),
            (self.row_count, "row_count", "COMPLETE"),
            (self.error, "error", "FAIL"),
        ):
            if value is not None and self.event_type != kind:
                raise ValueError(f"{name} is given with {self.event_type}; it belongs to {kind} events only")
        return self
