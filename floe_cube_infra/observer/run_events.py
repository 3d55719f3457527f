"""OpenLineage events of queries: START, then COMPLETE or FAIL.

A run reads the warehouse's tables and the cubes made of them, and writes its result: a dataset of its own, with its
columns' lineage and the number of its rows. Source: https://openlineage.io/docs/spec/object-model
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import attr
from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import (
    DatasetFacet,
    JobFacet,
    OutputDatasetFacet,
    RunFacet,
    column_lineage_dataset,
    error_message_run,
    job_type_job,
    output_statistics_output_dataset,
    parent_run,
    processing_engine_run,
    schema_dataset,
    sql_job,
)
from openlineage.client.serde import Serde
from openlineage.client.uuid import generate_static_uuid

from floe_cube_infra.model.observation import LineageExport
from floe_cube_infra.observer.member_lineage import MemberLineages
from floe_cube_infra.observer.records import LineageParent, QueryRecord
from floe_cube_infra.observer.spans import cube_of
from floe_cube_infra.observer.trace_context import TraceContext

PRODUCER: Final = "urn:floe-cube-infra:observer"
_UNKNOWN_CUBE: Final = "unknown"
_MICROSECONDS: Final = 1_000_000
_SHAPES: Final = 256


@attr.define
class TraceRunFacet(RunFacet):
    """The OpenTelemetry trace of the run, so that one leads to the other."""

    traceId: str  # noqa: N815 - as it is written
    spanId: str  # noqa: N815

    @staticmethod
    def _get_schema() -> str:
        return "urn:floe-cube-infra:facets:trace:1"


@attr.define
class QuerySummaryRunFacet(RunFacet):
    """What a summary of many queries stands for."""

    queries: int
    failed: int
    rows: int
    cached: int
    preAggregated: int  # noqa: N815
    milliseconds: int

    @staticmethod
    def _get_schema() -> str:
        return "urn:floe-cube-infra:facets:query-summary:1"


def moment(microseconds: int) -> datetime:
    """A time as Python has it, in UTC."""
    return datetime.fromtimestamp(microseconds / _MICROSECONDS, UTC)


def run_id(record: QueryRecord, context: TraceContext) -> str:
    """The run of a query: a UUIDv7 that its trace determines."""
    return str(generate_static_uuid(moment(record.during[0]), f"{context.trace_id}{context.span_id}".encode()))


def job_name(cube: str | None) -> str:
    """The job that a cube's queries are runs of."""
    return f"cube.{cube or _UNKNOWN_CUBE}.query"


class RunEvents:
    """Makes events."""

    def __init__(self, export: LineageExport, lineages: MemberLineages, cube_version: str | None) -> None:
        """Makes none yet.

        Args:
            export: The namespace.
            lineages: Where members come from.
            cube_version: For the facet that tells what ran the query.
        """
        self._namespace = export.namespace
        self._lineages = lineages
        self._engine = processing_engine_run.ProcessingEngineRunFacet(
            version=cube_version or "unknown", name="Cube", producer=PRODUCER
        )
        # Dashboards ask the same few questions again and again.
        self._inputs = lru_cache(_SHAPES)(self._new_inputs)
        self._result_facets = lru_cache(_SHAPES)(self._new_result_facets)

    def of_query(self, record: QueryRecord, context: TraceContext) -> list[bytes]:
        """START and the end event of a query, encoded."""
        facets: dict[str, RunFacet] = {
            "processing_engine": self._engine,
            "floe_trace": TraceRunFacet(traceId=context.trace_id, spanId=context.span_id, producer=PRODUCER),
        }
        if record.lineage_parent is not None:
            facets["parent"] = _parent(record.lineage_parent)
        ended = dict(facets)
        if record.error_type is not None:
            ended["errorMessage"] = error_message_run.ErrorMessageRunFacet(
                message=record.error or record.error_type, programmingLanguage="JAVASCRIPT", producer=PRODUCER
            )
        start, end = record.during
        shape = (cube_of(record), record.cubes, (*record.measures, *record.dimensions))
        run = run_id(record, context)
        return [
            self._event(RunState.START, start, run, facets, shape, sql=record.sql),
            self._event(
                RunState.COMPLETE if record.error_type is None else RunState.FAIL,
                max(start, end),
                run,
                ended,
                shape,
                sql=record.sql,
                rows=record.rows,
                size=record.bytes,
            ),
        ]

    def of_summary(
        self, cube: str | None, cubes: Sequence[str], window: tuple[int, int], summary: QuerySummaryRunFacet
    ) -> list[bytes]:
        """START and COMPLETE of one run that stands for all queries of a job in a window.

        Args:
            cube: Whose job.
            cubes: What its queries named.
            window: Its start and end, in microseconds since 1970.
            summary: What they were.
        """
        facets: dict[str, RunFacet] = {"processing_engine": self._engine, "floe_querySummary": summary}
        start, end = window
        run = str(generate_static_uuid(moment(start), f"{self._namespace}/{job_name(cube)}/{summary}".encode()))
        shape = (cube, tuple(cubes), ())
        return [
            self._event(RunState.START, start, run, facets, shape),
            self._event(RunState.COMPLETE, end, run, facets, shape, rows=summary.rows),
        ]

    def _event(
        self,
        state: RunState,
        at: int,
        run: str,
        facets: dict[str, RunFacet],
        shape: tuple[str | None, tuple[str, ...], tuple[str, ...]],
        *,
        sql: str | None = None,
        rows: int | None = None,
        size: int | None = None,
    ) -> bytes:
        cube, cubes, members = shape
        job_facets: dict[str, JobFacet] = {
            "jobType": job_type_job.JobTypeJobFacet(
                processingType="BATCH", integration="CUBE", jobType="QUERY", producer=PRODUCER
            )
        }
        if sql is not None:
            job_facets["sql"] = sql_job.SQLJobFacet(query=sql, producer=PRODUCER)
        outputs = []
        if state is RunState.COMPLETE:
            statistics: dict[str, OutputDatasetFacet] = {
                "outputStatistics": output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(
                    rowCount=rows, size=size, producer=PRODUCER
                )
            }
            outputs.append(
                OutputDataset(
                    namespace=self._namespace,
                    name=f"cube.{cube or _UNKNOWN_CUBE}.result",
                    facets=self._result_facets(members),
                    outputFacets=statistics,
                )
            )
        event = RunEvent(
            eventType=state,
            eventTime=moment(at).isoformat(timespec="microseconds").replace("+00:00", "Z"),
            run=Run(runId=run, facets=facets),
            job=Job(namespace=self._namespace, name=job_name(cube), facets=job_facets),
            inputs=list(self._inputs(cubes, members)),
            outputs=outputs,
            producer=PRODUCER,
        )
        return Serde.to_json(event).encode()

    def _new_inputs(self, cubes: tuple[str, ...], members: tuple[str, ...]) -> tuple[InputDataset, ...]:
        read = self._lineages.read(cubes, members)
        return (
            *(InputDataset(namespace=table.namespace, name=table.name) for table in read.tables),
            *(InputDataset(namespace=self._namespace, name=cube) for cube in read.cubes),
        )

    def _new_result_facets(self, members: tuple[str, ...]) -> dict[str, DatasetFacet]:
        return lineage_facets(self._lineages, {name: name for name in members})


def lineage_facets(lineages: MemberLineages, names: Mapping[str, str]) -> dict[str, DatasetFacet]:
    """Schema and columns' lineage of a dataset that is made of members.

    Args:
        lineages: Where members come from.
        names: What each is called in the dataset, by `cube.member`; unknown ones are left out.
    """
    known = {member: found for member in names if (found := lineages.member(member)) is not None}
    if not known:
        return {}
    fields = [
        schema_dataset.SchemaDatasetFacetFields(name=names[member], type=found.type) for member, found in known.items()
    ]
    lineage = {
        names[member]: column_lineage_dataset.Fields(
            inputFields=[
                column_lineage_dataset.InputField(namespace=namespace, name=table, field=column)
                for namespace, table, column in sorted(lineages.columns(member))
            ]
        )
        for member in known
    }
    return {
        "schema": schema_dataset.SchemaDatasetFacet(fields=fields, producer=PRODUCER),
        "columnLineage": column_lineage_dataset.ColumnLineageDatasetFacet(fields=lineage, producer=PRODUCER),
    }


def _parent(parent: LineageParent) -> parent_run.ParentRunFacet:
    # Marquez shows the job under its parent's name: <parent's job>.<job>.
    return parent_run.ParentRunFacet(
        run=parent_run.Run(runId=parent.run_id),
        job=parent_run.Job(namespace=parent.namespace, name=parent.job),
        producer=PRODUCER,
    )
