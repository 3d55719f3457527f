"""Emitting lineage events from other programs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema
import pytest
from pydantic import ValidationError

from floe_cube_infra.model.query_lineage import QueryLineageEvent
from floe_cube_infra.observer.query_lineage_emitter import QueryLineageEmitter
from floe_cube_infra.observer.rare_warnings import RareWarnings
from tests.observer.receiver import Receiver, receiving

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "data" / "contracts" / "openlineage-event.schema.json"
EVENT: dict[str, Any] = {
    "run_id": UUID(int=1),
    "job_name": "cube.orders.query",
    "event_type": "START",
    "event_time": datetime(2026, 1, 1, tzinfo=UTC),
    "inputs": ("orders",),
}


def emitted(use: Callable[[QueryLineageEmitter], None], fault: Any = "none") -> tuple[Receiver, list[str], int]:
    """What arrives, what is warned of, and how many events are dropped, where a program uses an emitter."""
    told: list[str] = []

    def program(endpoint: str) -> int:
        emitter = QueryLineageEmitter(endpoint, "acme", RareWarnings(told.append))
        try:
            use(emitter)
        finally:
            delivery = emitter._delivery
            emitter.close(0.5)
        assert delivery is not None
        return delivery.dropped

    async def run() -> tuple[Receiver, int]:
        async with receiving(fault) as receiver:
            dropped = await asyncio.to_thread(program, receiver.url("/api/v1/lineage"))
        return receiver, dropped

    receiver, dropped = asyncio.run(run())
    return receiver, told, dropped


def test_a_query_starts_and_completes_as_one_run() -> None:
    def use(emitter: QueryLineageEmitter) -> None:
        run = emitter.emit_start("orders", ["orders", "customers"], sql="SELECT ?")
        emitter.emit_complete(run, "orders", row_count=3)

    receiver, told, _ = emitted(use)
    start, end = receiver.bodies("/api/v1/lineage")
    assert (start["eventType"], end["eventType"], told) == ("START", "COMPLETE", [])
    assert start["run"]["runId"] == end["run"]["runId"]
    assert [each["name"] for each in start["inputs"]] == ["orders", "customers"]
    assert start["job"]["facets"]["sql"]["query"] == "SELECT ?"
    assert end["outputs"][0]["outputFacets"]["outputStatistics"]["rowCount"] == 3


def test_an_error_is_told_without_anything_sensitive() -> None:
    def use(emitter: QueryLineageEmitter) -> None:
        run = emitter.emit_start("orders")
        emitter.emit_fail(run, "orders", "password=hunter2 for ada@example.com " + "x" * 1000)

    receiver, _, _ = emitted(use)
    message = receiver.bodies("/api/v1/lineage")[1]["run"]["facets"]["errorMessage"]["message"]
    assert message.startswith("password=[credential] for [e-mail] x")
    assert len(message) == 500


@pytest.mark.parametrize("fault", ["hang", 503])
def test_an_endpoint_that_fails_costs_a_warning_and_no_query(fault: Any) -> None:
    def use(emitter: QueryLineageEmitter) -> None:
        for _ in range(10):
            emitter.emit_start("orders")

    _, told, dropped = emitted(use, fault)
    assert dropped == 10
    assert any("lineage events" in text for text in told)


def test_switched_off_it_does_nothing() -> None:
    with QueryLineageEmitter(None) as emitter:
        emitter.emit_complete(emitter.emit_start("orders"), "orders")

    assert emitter.dropped == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"job_name": "orders"},
        {"event_type": "ABORT"},
        {"event_time": datetime(2026, 1, 1)},
        {"row_count": 1},
        {"error": "x"},
        {"event_type": "FAIL", "error": "x" * 501},
        {"event_type": "COMPLETE", "row_count": -1},
        {"event_type": "COMPLETE", "sql": "SELECT 1"},
        {"colour": "red"},
    ],
)
def test_an_event_that_says_what_it_may_not_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        QueryLineageEvent.model_validate({**EVENT, **changes})


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="the platform's own contracts are not on this machine")
@pytest.mark.parametrize(
    "changes",
    [
        {"sql": "SELECT ?"},
        {"event_type": "COMPLETE", "row_count": 0},
        {"event_type": "FAIL", "error": "x" * 500},
    ],
)
def test_events_satisfy_the_platforms_own_contract(changes: dict[str, Any]) -> None:
    event = QueryLineageEvent.model_validate({**EVENT, **changes})
    checker = jsonschema.FormatChecker()

    jsonschema.validate(json.loads(event.model_dump_json()), json.loads(PUBLISHED.read_text()), format_checker=checker)
