"""Delivery in the background: nobody waits, queues are bounded, what is dropped is counted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from floe_cube_infra.observer.delivery import Delivery, Limits
from floe_cube_infra.observer.rare_warnings import RareWarnings
from tests.observer.receiver import Receiver, receiving

QUICK = Limits(items=10, bytes=1000, items_at_once=4, timeout=0.3, pause=0.01)
ITEM = b'"item"'


def body(items: list[bytes]) -> bytes:
    return b"[" + b",".join(items) + b"]"


@asynccontextmanager
async def delivering(endpoint: str, told: list[str], limits: Limits = QUICK) -> AsyncIterator[Delivery]:
    delivery = Delivery("things", endpoint, body, RareWarnings(told.append), limits=limits)
    task = asyncio.create_task(delivery.run())
    try:
        yield delivery
    finally:
        await delivery.close(task, 0.3)
        assert task.done()


async def arrived(receiver: Receiver, count: int) -> list[str]:
    async with asyncio.timeout(20):
        while sum(map(len, receiver.bodies("/in"))) < count:
            await asyncio.sleep(0.01)
    return [item for items in receiver.bodies("/in") for item in items]


def test_items_arrive_in_order_and_in_requests_of_a_limited_size() -> None:
    async def run() -> None:
        async with receiving() as receiver, delivering(receiver.url("/in"), []) as delivery:
            delivery.put(*(json.dumps(number).encode() for number in range(10)))

            assert await arrived(receiver, 10) == list(range(10))
            assert max(map(len, receiver.bodies("/in"))) <= QUICK.items_at_once
        assert (delivery.delivered, delivery.dropped, delivery.queued) == (10, 0, 0)

    asyncio.run(run())


@pytest.mark.parametrize("fault", ["hang", "garbage", "close", 500, 503, 429])
def test_items_wait_for_an_endpoint_that_is_down_and_arrive_once_it_is_back(fault: object) -> None:
    async def run() -> None:
        told: list[str] = []
        async with receiving(fault) as receiver, delivering(receiver.url("/in"), told) as delivery:  # type: ignore[arg-type]
            delivery.put(ITEM)
            async with asyncio.timeout(20):
                while not told:
                    await asyncio.sleep(0.01)
            receiver.fault = "none"

            assert await arrived(receiver, 1) == ["item"]
        assert (delivery.delivered, delivery.dropped) == (1, 0)
        assert len(told) == 1

    asyncio.run(run())


def test_an_endpoint_that_nobody_listens_on_costs_a_warning() -> None:
    async def run() -> list[str]:
        told: list[str] = []
        async with receiving() as receiver:
            endpoint = receiver.url("/in")
        async with delivering(endpoint, told) as delivery:
            delivery.put(ITEM)
            async with asyncio.timeout(20):
                while not told:
                    await asyncio.sleep(0.01)
        assert delivery.dropped == 1
        return told

    told = asyncio.run(run())
    assert "things can't be delivered" in told[0]
    assert "ended before they could be sent" in told[1]


def test_what_the_endpoint_refuses_is_dropped_and_counted() -> None:
    async def run() -> None:
        told: list[str] = []
        async with receiving(422) as receiver, delivering(receiver.url("/in"), told) as delivery:
            delivery.put(ITEM, ITEM)
            async with asyncio.timeout(20):
                while delivery.dropped < 2:
                    await asyncio.sleep(0.01)
        assert (delivery.delivered, delivery.queued) == (0, 0)
        assert "refused them with 422" in told[0]

    asyncio.run(run())


def test_a_full_queue_drops_what_is_new_and_counts_it() -> None:
    async def run() -> None:
        delivery = Delivery("things", "http://127.0.0.1:9/in", body, RareWarnings([].append), limits=QUICK)
        for _ in range(QUICK.items + 3):
            delivery.put(ITEM)
        assert (delivery.queued, delivery.dropped) == (QUICK.items, 3)

    asyncio.run(run())


def test_what_belongs_together_is_dropped_together() -> None:
    async def run() -> None:
        delivery = Delivery("things", "http://127.0.0.1:9/in", body, RareWarnings([].append), limits=QUICK)
        for _ in range(QUICK.items - 1):
            delivery.put(ITEM)
        delivery.put(ITEM, ITEM)
        delivery.put(b"x" * QUICK.bytes)
        assert (delivery.queued, delivery.dropped) == (QUICK.items - 1, 3)

    asyncio.run(run())


def test_closing_delivers_what_waits() -> None:
    async def run() -> None:
        async with receiving() as receiver:
            slow = Limits(items_at_once=4, pause=3600)
            async with delivering(receiver.url("/in"), [], slow) as delivery:
                delivery.put(ITEM, ITEM)
            assert sum(map(len, receiver.bodies("/in"))) == 2
            assert delivery.delivered == 2

    asyncio.run(run())


def test_headers_are_sent() -> None:
    async def run() -> None:
        async with receiving() as receiver:
            delivery = Delivery(
                "things", receiver.url("/in"), body, RareWarnings([].append), limits=QUICK, headers={"x-key": "k"}
            )
            task = asyncio.create_task(delivery.run())
            delivery.put(ITEM)
            await arrived(receiver, 1)
            await delivery.close(task, 1)
            assert receiver.headers[0]["x-key"] == "k"
            assert receiver.headers[0]["content-type"] == "application/json"

    asyncio.run(run())
