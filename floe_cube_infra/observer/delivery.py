"""Brings what is encoded to an endpoint, in the background: whoever hands something over never waits.

Each endpoint has a bounded queue of its own. A full one drops what is new and counts it; an endpoint that is away,
slow or wrong only ever costs its own queue.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import httpx2

from floe_cube_infra.observer.rare_warnings import RareWarnings

_BAD_REQUEST: Final = 400
# What may succeed later: https://opentelemetry.io/docs/specs/otlp/#failures
_RETRYABLE: Final = frozenset({408, 429, 500, 502, 503, 504})
_LONGEST_PAUSE: Final = 30.0


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much and how long.

    Attributes:
        items: Items that wait at most.
        bytes: Bytes of items that wait at most.
        items_at_once: Items of one request.
        bytes_at_once: Bytes of one request.
        timeout: Seconds for one request.
        pause: Seconds that items are gathered before a request.
    """

    items: int = 4096
    bytes: int = 4 << 20
    items_at_once: int = 512
    bytes_at_once: int = 1 << 20
    timeout: float = 5.0
    pause: float = 0.5


class Delivery:
    """A queue and the task that empties it.

    Attributes:
        name: What it delivers, for counts and warnings.
        dropped: Items that had no room or were refused.
        delivered: Items that the endpoint took.
    """

    def __init__(
        self,
        name: str,
        endpoint: str,
        request: Callable[[list[bytes]], bytes],
        warnings: RareWarnings,
        *,
        limits: Limits | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Makes an empty queue; `run` empties it.

        Args:
            name: What it delivers.
            endpoint: Where requests are posted to.
            request: Makes a request's body of items.
            warnings: What troubles are told to.
            limits: How much and how long.
            headers: Further ones of each request.
        """
        self.name = name
        self.dropped = 0
        self.delivered = 0
        self._endpoint = endpoint
        self._request = request
        self._warnings = warnings
        self._limits = limits or Limits()
        self._headers = {"content-type": "application/json", **(headers or {})}
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._failures = 0
        self._closing = False
        self._woken = asyncio.Event()

    @property
    def queued(self) -> int:
        """Items that wait."""
        return len(self._waiting)

    def has_room(self, items: int) -> bool:
        """Whether so many items can wait, as far as their number goes."""
        return len(self._waiting) + items <= self._limits.items

    def refuse(self, items: int) -> None:
        """Counts items that were not even made, since there is no room."""
        self._drop(items, "its queue is full")

    def put(self, *items: bytes) -> None:
        """Hands items over; where there is no room for all of them, all are dropped."""
        size = sum(map(len, items))
        if not self.has_room(len(items)) or self._bytes + size > self._limits.bytes:
            self.refuse(len(items))
            return
        self._waiting.extend(items)
        self._bytes += size
        if len(self._waiting) >= self._limits.items_at_once:
            self._woken.set()

    async def run(self) -> None:
        """Delivers until it is cancelled or closed."""
        async with httpx2.AsyncClient(timeout=self._limits.timeout, trust_env=False) as client:
            while not (self._closing and not self._waiting):
                await self._pause()
                while self._waiting and await self._deliver(client):
                    pass

    async def close(self, task: asyncio.Task[None], seconds: float) -> None:
        """Delivers what waits, for a limited time; what is then left is dropped.

        Args:
            task: The one that runs `run`.
            seconds: How long at most.
        """
        self._closing = True
        self._woken.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(task), seconds)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        if self._waiting:
            self._drop(len(self._waiting), "the observer ended before they could be sent")
            self._waiting.clear()
            self._bytes = 0

    async def _pause(self) -> None:
        """Gathers items; longer after failures, so that an endpoint that is down isn't hammered."""
        seconds = min(_LONGEST_PAUSE, self._limits.pause * 2**self._failures)
        if self._failures:
            # Many pods must not come back in step.
            seconds *= random.uniform(0.5, 1)  # noqa: S311  # nosec B311 # nothing secret
        elif self._closing or len(self._waiting) >= self._limits.items_at_once:
            return
        self._woken.clear()
        if self._failures and not self._closing:
            await asyncio.sleep(seconds)
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), seconds)

    async def _deliver(self, client: httpx2.AsyncClient) -> bool:
        """One request; whether the next one should follow at once."""
        items = self._next_items()
        try:
            response = await client.post(self._endpoint, content=self._request(items), headers=self._headers)
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            return self._failed(type(error).__name__)
        if response.status_code in _RETRYABLE:
            return self._failed(f"it answered {response.status_code}")
        self._remove(items)
        if response.status_code >= _BAD_REQUEST:
            self._drop(len(items), f"the endpoint refused them with {response.status_code}")
        else:
            self.delivered += len(items)
        self._failures = 0
        return True

    def _next_items(self) -> list[bytes]:
        items: list[bytes] = []
        size = 0
        for item in self._waiting:
            if items and (len(items) >= self._limits.items_at_once or size + len(item) > self._limits.bytes_at_once):
                break
            items.append(item)
            size += len(item)
        return items

    def _remove(self, items: list[bytes]) -> None:
        for _ in items:
            self._bytes -= len(self._waiting.popleft())

    def _failed(self, reason: str) -> bool:
        self._failures = min(self._failures + 1, 8)
        self._warnings.warn(
            f"{self.name} undelivered", f"{self.name} can't be delivered: {reason}; it is tried again, queries go on"
        )
        return False

    def _drop(self, items: int, reason: str) -> None:
        self.dropped += items
        self._warnings.warn(f"{self.name} dropped", f"{self.name}: {self.dropped} dropped so far, since {reason}")
