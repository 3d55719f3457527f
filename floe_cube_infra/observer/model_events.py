"""OpenLineage events of a model: they tie dbt's tables to cubes before anybody asks, whenever a model is served.

One job, `cube.model`, whose run is determined by the model: all pods tell the same of the same model, and a backend
that has it already learns nothing new. Its inputs are tables, its outputs cubes with their columns' lineage.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import job_type_job
from openlineage.client.serde import Serde

from floe_cube_infra.model.dataset_lineage import CubeLineage
from floe_cube_infra.observer.member_lineage import MemberLineages
from floe_cube_infra.observer.run_events import PRODUCER, lineage_facets, moment

JOB: Final = "cube.model"
CUBES_AT_ONCE: Final = 50
"""Of one event: all events of a run add up, and backends refuse very large ones."""


def model_events(cubes: Mapping[str, CubeLineage], version: str, namespace: str, now: int) -> Iterator[bytes]:
    """START, RUNNING for each fifty cubes, COMPLETE; encoded, each made when it is taken. None without cubes.

    Args:
        cubes: All cubes and views by name.
        version: A hash of them.
        namespace: Of the job and of cubes.
        now: In microseconds since 1970.
    """
    if not cubes:
        return
    lineages = MemberLineages(cubes)
    run = str(uuid5(NAMESPACE_URL, f"{PRODUCER}/{namespace}/{version}"))
    at = moment(now).isoformat(timespec="microseconds").replace("+00:00", "Z")

    def event(state: RunState, told: Sequence[str] = ()) -> bytes:
        read = lineages.read(told, [f"{cube}.{member}" for cube in told for member in cubes[cube].members])
        facets = {
            "jobType": job_type_job.JobTypeJobFacet(
                processingType="BATCH", integration="CUBE", jobType="MODEL", producer=PRODUCER
            )
        }
        return Serde.to_json(
            RunEvent(
                eventType=state,
                eventTime=at,
                run=Run(runId=run),
                job=Job(namespace=namespace, name=JOB, facets=dict(facets)),
                inputs=[InputDataset(namespace=table.namespace, name=table.name) for table in read.tables],
                outputs=[
                    OutputDataset(
                        namespace=namespace,
                        name=cube,
                        facets=lineage_facets(lineages, {f"{cube}.{name}": name for name in cubes[cube].members}),
                    )
                    for cube in told
                ],
                producer=PRODUCER,
            )
        ).encode()

    yield event(RunState.START)
    yield from (event(RunState.RUNNING, part) for part in _parts(sorted(cubes)))
    yield event(RunState.COMPLETE)


def _parts(names: Sequence[str]) -> Iterator[list[str]]:
    left = iter(names)
    while part := list(islice(left, CUBES_AT_ONCE)):
        yield part
