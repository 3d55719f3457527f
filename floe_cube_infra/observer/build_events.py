"""OpenLineage events of a rollup's builds: START, then COMPLETE or FAIL, of the job `cube.<cube>.<rollup>.build`.

A build reads the cube and its table, and writes the rollup. A partitioned rollup has a run for each partition.
Source: https://openlineage.io/docs/spec/object-model
"""

from __future__ import annotations

from typing import Final

from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import JobFacet, RunFacet, error_message_run, job_type_job
from openlineage.client.serde import Serde
from openlineage.client.uuid import generate_static_uuid

from floe_cube_infra.observer.member_lineage import MemberLineages
from floe_cube_infra.observer.records import RollupBuild
from floe_cube_infra.observer.run_events import PRODUCER, TraceRunFacet, moment
from floe_cube_infra.observer.trace_context import TraceContext

_JOB_TYPE: Final = job_type_job.JobTypeJobFacet(
    processingType="BATCH", integration="CUBE", jobType="PRE_AGGREGATION", producer=PRODUCER
)


def build_events(
    build: RollupBuild, context: TraceContext, lineages: MemberLineages, namespace: str
) -> tuple[bytes, bytes]:
    """Both events of a build, encoded.

    Args:
        build: What was built, or not.
        context: Its trace.
        lineages: Where the cube comes from.
        namespace: Of the job, of cubes and of rollups.
    """
    start, end = build.during
    run = str(generate_static_uuid(moment(start), f"{context.trace_id}{context.span_id}".encode()))
    cube = build.pre_aggregation.partition(".")[0]
    inputs = [
        *(InputDataset(namespace=table.namespace, name=table.name) for table in lineages.read((cube,), ()).tables),
        InputDataset(namespace=namespace, name=cube),
    ]
    facets: dict[str, RunFacet] = {
        "floe_trace": TraceRunFacet(traceId=context.trace_id, spanId=context.span_id, producer=PRODUCER)
    }
    ended = dict(facets)
    if build.error_type is not None:
        ended["errorMessage"] = error_message_run.ErrorMessageRunFacet(
            message=build.error or build.error_type, programmingLanguage="JAVASCRIPT", producer=PRODUCER
        )

    def event(state: RunState, at: int, run_facets: dict[str, RunFacet]) -> bytes:
        job_facets: dict[str, JobFacet] = {"jobType": _JOB_TYPE}
        is_built = state is RunState.COMPLETE
        return Serde.to_json(
            RunEvent(
                eventType=state,
                eventTime=moment(at).isoformat(timespec="microseconds").replace("+00:00", "Z"),
                run=Run(runId=run, facets=run_facets),
                job=Job(namespace=namespace, name=f"cube.{build.pre_aggregation}.build", facets=job_facets),
                inputs=inputs,
                outputs=[OutputDataset(namespace=namespace, name=f"cube.{build.pre_aggregation}")] if is_built else [],
                producer=PRODUCER,
            )
        ).encode()

    state = RunState.COMPLETE if build.error_type is None else RunState.FAIL
    return event(RunState.START, start, facets), event(state, max(start, end), ended)
