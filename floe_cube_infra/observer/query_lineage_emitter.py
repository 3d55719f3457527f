"""Lineage events of queries for programs other than Cube: `emit_start`, then `emit_complete` or `emit_fail`.

Nothing here waits or raises for an endpoint's sake: events are delivered in the background, what has no room is dropped
and counted, and troubles are told at most once a minute.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Self
from uuid import UUID

from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import (
    JobFacet,
    RunFacet,
    error_message_run,
    job_type_job,
    output_statistics_output_dataset,
    sql_job,
)
from openlineage.client.serde import Serde
from openlineage.client.uuid import generate_new_uuid

from floe_cube_infra.model.query_lineage import QueryLineageEvent
from floe_cube_infra.observer.delivery import Delivery, Limits
from floe_cube_infra.observer.rare_warnings import RareWarnings
from floe_cube_infra.observer.run_events import PRODUCER, job_name
from floe_cube_infra.observer.sensitive_text import without_values

_LIMITS: Final = Limits(items_at_once=1, pause=0.1)
_FLUSH_SECONDS: Final = 5.0


class QueryLineageEmitter:
    """Emits events; a context manager that delivers what waits when it ends."""

    def __init__(
        self, endpoint: str | None, namespace: str = "floe-cube", warnings: RareWarnings | None = None
    ) -> None:
        """Starts to deliver.

        Args:
            endpoint: Where events are posted to, such as `http://marquez:5000/api/v1/lineage`; None switches lineage
                off, and then nothing is made or sent.
            namespace: Of jobs and cubes.
            warnings: What troubles are told to.
        """
        self._namespace = namespace
        self._delivery: Delivery | None = None
        if endpoint is None:
            return
        self._loop = asyncio.new_event_loop()
        self._delivery = Delivery(
            "lineage events", endpoint, lambda items: items[0], warnings or RareWarnings(), limits=_LIMITS
        )
        self._thread = threading.Thread(target=self._run, name="lineage", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def dropped(self) -> int:
        """Events that had no room or were refused."""
        return 0 if self._delivery is None else self._delivery.dropped

    def emit_start(self, cube: str, inputs: Sequence[str] = (), sql: str | None = None) -> UUID:
        """A query begins.

        Args:
            cube: Whose job it is a run of.
            inputs: All cubes that it names; `cube` by default.
            sql: With placeholders for all values.

        Returns:
            The run, for the events that follow.
        """
        run = UUID(str(generate_new_uuid()))
        self._emit(self._event(run, cube, "START", inputs, sql=sql))
        return run

    def emit_complete(self, run: UUID, cube: str, inputs: Sequence[str] = (), row_count: int | None = None) -> None:
        """A query succeeded.

        Args:
            run: What `emit_start` gave.
            cube: As there.
            inputs: As there.
            row_count: Rows of the answer.
        """
        self._emit(self._event(run, cube, "COMPLETE", inputs, row_count=row_count))

    def emit_fail(self, run: UUID, cube: str, error: str, inputs: Sequence[str] = ()) -> None:
        """A query failed.

        Args:
            run: What `emit_start` gave.
            cube: As there.
            error: What went wrong; credentials, personal data and values are taken out of it.
            inputs: As there.
        """
        self._emit(self._event(run, cube, "FAIL", inputs, error=without_values(error)))

    def close(self, seconds: float = _FLUSH_SECONDS) -> None:
        """Delivers what waits, for a limited time, and ends.

        Args:
            seconds: How long at most.
        """
        delivery = self._delivery
        if delivery is None:
            return
        self._delivery = None

        async def end() -> None:
            await delivery.close(self._task, seconds)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self) -> None:
        assert self._delivery is not None  # noqa: S101 - the thread is started with one  # nosec B101
        self._task = self._loop.create_task(self._delivery.run())
        self._loop.run_forever()

    def _event(
        self,
        run: UUID,
        cube: str,
        kind: str,
        inputs: Sequence[str],
        **details: str | int | None,
    ) -> QueryLineageEvent:
        return QueryLineageEvent.model_validate(
            {
                "run_id": run,
                "job_name": job_name(cube),
                "namespace": self._namespace,
                "event_type": kind,
                "event_time": datetime.now(UTC),
                "inputs": tuple(inputs) or (cube,),
                **details,
            }
        )

    def _emit(self, event: QueryLineageEvent) -> None:
        if self._delivery is not None:
            self._loop.call_soon_threadsafe(self._delivery.put, encoded(event))


def encoded(event: QueryLineageEvent) -> bytes:
    """The event as OpenLineage has it, as JSON."""
    job: dict[str, JobFacet] = {
        "jobType": job_type_job.JobTypeJobFacet(
            processingType="BATCH", integration="CUBE", jobType="QUERY", producer=PRODUCER
        )
    }
    if event.sql is not None:
        job["sql"] = sql_job.SQLJobFacet(query=event.sql, producer=PRODUCER)
    run: dict[str, RunFacet] = {}
    if event.error is not None:
        run["errorMessage"] = error_message_run.ErrorMessageRunFacet(
            message=event.error, programmingLanguage="PYTHON", producer=PRODUCER
        )
    outputs = []
    if event.row_count is not None:
        rows = output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(
            rowCount=event.row_count, producer=PRODUCER
        )
        name = f"{event.job_name.removesuffix('.query')}.result"
        outputs.append(OutputDataset(namespace=event.namespace, name=name, outputFacets={"outputStatistics": rows}))
    return Serde.to_json(
        RunEvent(
            eventType=RunState(event.event_type),
            eventTime=event.event_time.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            run=Run(runId=str(event.run_id), facets=run),
            job=Job(namespace=event.namespace, name=event.job_name, facets=job),
            inputs=[InputDataset(namespace=event.namespace, name=cube) for cube in event.inputs],
            outputs=outputs,
            producer=PRODUCER,
        )
    ).encode()
