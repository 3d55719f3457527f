"""An endpoint that takes what the observer sends: a stand-in for a collector and for Marquez, with faults on demand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

Fault = Literal["none", "hang", "garbage", "close"] | int


@dataclass
class Receiver:
    """Records every request's path and JSON body."""

    port: int = 0
    fault: Fault = "none"
    requests: list[tuple[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def bodies(self, path: str) -> list[Any]:
        return [body for at, body in self.requests if at == path]

    def spans(self) -> list[dict[str, Any]]:
        return [
            span
            for body in self.bodies("/v1/traces")
            for resource in body["resourceSpans"]
            for scope in resource["scopeSpans"]
            for span in scope["spans"]
        ]

    def query_events(self) -> list[Any]:
        """The lineage events of queries, without those of the model and of builds."""
        return [event for event in self.bodies("/api/v1/lineage") if event["job"]["name"].endswith(".query")]

    async def until_queries(self, count: int) -> None:
        """Waits for the spans of so many queries."""
        async with asyncio.timeout(20):
            while sum(span["name"] == "cube.query" for span in self.spans()) < count:
                await asyncio.sleep(0.01)

    async def until(self, path: str, count: int) -> list[Any]:
        """The bodies that came to a path, once there are so many."""
        async with asyncio.timeout(20):
            while len(self.bodies(path)) < count:
                await asyncio.sleep(0.01)
        return self.bodies(path)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await self._answer(head.decode(), reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.raw += head.encode() + body
        match self.fault:
            case "hang":
                await asyncio.sleep(3600)
            case "close":
                raise ConnectionResetError
            case "garbage":
                writer.write(b"\x00\xff not HTTP at all\r\n\r\n")
                await writer.drain()
                raise ConnectionResetError
            case "none":
                status = 200
                self.headers.append(headers)
                self.requests.append((first.split()[1], json.loads(body)))
            case status:
                pass
        writer.write(f"HTTP/1.1 {status} Status\r\ncontent-length: 2\r\n\r\n{{}}".encode())
        await writer.drain()


@asynccontextmanager
async def receiving(fault: Fault = "none") -> AsyncIterator[Receiver]:
    """A receiver on a free loopback port."""
    receiver = Receiver(fault=fault)
    connections: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        await receiver.serve(reader, writer)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
