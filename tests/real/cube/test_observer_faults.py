"""Whatever happens to those who observe, queries are unharmed; and all of it recovers by itself."""

from __future__ import annotations

import threading
import time
import uuid

import pytest

from tests.real.cube.clients import Answer, Cube, token
from tests.real.cube.observing import PARENT, Observation, until

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("real cube")]

BY_STATUS = {"measures": ["orders.count"], "dimensions": ["orders.status"]}


@pytest.mark.parametrize(
    "fault",
    ["observer killed", "observer hangs", "collector killed", "lineage refused", "lineage hangs", "lineage 503"],
)
def test_queries_are_unharmed_whatever_happens_to_those_who_observe(
    observed_cube: Cube, observed_by: Observation, fault: str
) -> None:
    wrong: list[Answer] = []
    ended = threading.Event()

    def ask() -> None:
        bearer, number = token(1), 0
        while not ended.is_set():
            number += 1
            answer = observed_cube.load({**BY_STATUS, "limit": number % 40 + 1}, bearer)
            if answer.status != 200 or not answer.body.get("data"):
                wrong.append(answer)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        with _Broken(observed_by, fault):
            time.sleep(3)
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    # All of it recovers by itself: the next query is told of, whole.
    trace = uuid.uuid4().hex

    def is_told() -> bool:
        observed_cube.load(BY_STATUS, token(1), {"traceparent": f"00-{trace}-{PARENT}-01"})
        told = {event["run"]["facets"]["floe_trace"]["traceId"] for event in observed_by.query_events()[-400:]}
        return trace in told and trace in {span["traceId"] for span in observed_by.spans()}

    until(is_told, 60)
    assert is_told()


class _Broken:
    """Something is broken while the block runs."""

    def __init__(self, observed_by: Observation, fault: str) -> None:
        self._all, self._fault = observed_by, fault

    def __enter__(self) -> None:
        match self._fault:
            case "observer killed":
                self._all.observer.kill()
            case "observer hangs":
                self._all.observer.freeze()
            case "collector killed":
                self._all.collector.kill()
            case "lineage refused":
                self._all.lineage.fault = 400
            case "lineage hangs":
                self._all.lineage.fault = "hang"
            case "lineage 503":
                self._all.lineage.fault = 503

    def __exit__(self, *_: object) -> None:
        self._all.lineage.fault = None
        match self._fault:
            case "observer killed":
                self._all.observer.start()
            case "observer hangs":
                self._all.observer.thaw()
            case "collector killed":
                self._all.collector.start()
