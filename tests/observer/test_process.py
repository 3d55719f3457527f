"""The container's command, as a process of its own, with endpoints that stand in for a collector and Marquez."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import msgspec
import pytest

from floe_cube_infra.model.observation import (
    LineageExport,
    MetricExport,
    ObservedDatabase,
    ObserverSettings,
    TraceExport,
)
from floe_cube_infra.observer.records import MOST_BYTES
from tests.observer.conftest import SAMPLE, Cubes
from tests.observer.receiver import Receiver, receiving

BUILD = "cube.orders.daily.build"
COMMAND = (sys.executable, "-m", "floe_cube_infra.observer")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def write(folder: Path, settings: ObserverSettings, lineage: Cubes) -> None:
    (folder / "observer.json").write_bytes(msgspec.json.encode(settings))
    for name, cube in lineage.items():
        (folder / f"{name}.lineage.json").write_bytes(msgspec.json.encode(cube))


@dataclass
class Running:
    process: asyncio.subprocess.Process
    client: httpx2.AsyncClient
    receiver: Receiver

    async def post(self, body: bytes) -> httpx2.Response:
        return await self.client.post("/v1/records", content=body)

    async def end(self) -> str:
        self.process.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(self.process.communicate(), 20)
        return errors.decode()


@asynccontextmanager
async def running(folder: Path, database: ObservedDatabase, lineage: Cubes) -> AsyncIterator[Running]:
    async with receiving() as receiver:
        settings = ObserverSettings(
            port=free_port(),
            database=database,
            traces=TraceExport(endpoint=receiver.url("/v1/traces")),
            metrics=MetricExport(endpoint=receiver.url("/v1/metrics")),
            lineage=LineageExport(endpoint=receiver.url("/api/v1/lineage"), namespace="acme"),
        )
        write(folder, settings, lineage)
        process = await asyncio.create_subprocess_exec(
            *COMMAND,
            env={**os.environ, "FLOE_OBSERVER_FOLDER": str(folder)},
            stderr=subprocess.PIPE,
        )
        try:
            async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{settings.port}", trust_env=False) as client:
                await answering(client)
                yield Running(process, client, receiver)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def answering(client: httpx2.AsyncClient) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                (await client.get("/livez")).raise_for_status()
            except httpx2.HTTPError:
                await asyncio.sleep(0.05)
            else:
                return


def test_batches_are_taken_and_flushed_when_it_is_told_to_end(
    tmp_path: Path, database: ObservedDatabase, lineage: Cubes
) -> None:
    async def run() -> None:
        async with running(tmp_path, database, lineage) as observer:
            statuses = {(await observer.post(SAMPLE.read_bytes())).status_code for _ in range(20)}
            errors = await observer.end()

            assert statuses == {202}
            assert sum(span["name"] == "cube.query" for span in observer.receiver.spans()) == 40
            assert len(observer.receiver.query_events()) == 80
            builds = [event for event in observer.receiver.bodies("/api/v1/lineage") if event["job"]["name"] == BUILD]
            assert [event["eventType"] for event in builds] == ["START", "FAIL"] * 20
            assert sum(span["name"] == "cube.pre_aggregation.build" for span in observer.receiver.spans()) == 20
            assert len(observer.receiver.bodies("/v1/metrics")) == 1
            assert errors == ""
            # uvicorn ends by the signal that it was sent.
            assert observer.process.returncode == -signal.SIGTERM

    asyncio.run(run())


def test_what_is_no_batch_is_refused_and_the_next_batch_is_taken(
    tmp_path: Path, database: ObservedDatabase, lineage: Cubes
) -> None:
    async def run() -> None:
        async with running(tmp_path, database, lineage) as observer:
            wrong = json.loads(SAMPLE.read_bytes())
            wrong["records"][0]["token"] = "secret-token"
            refused = await observer.post(json.dumps(wrong).encode())

            assert (refused.status_code, refused.json()) == (
                400,
                {"error": "not a batch of records: $.records[0] is wrong or missing"},
            )
            assert (await observer.post(b"\xff")).status_code == 400
            assert (await observer.post(b" " * (MOST_BYTES + 1))).status_code == 413
            assert (await observer.client.get("/v1/records")).status_code == 405
            assert (await observer.client.get("/docs")).status_code == 404
            assert (await observer.post(SAMPLE.read_bytes())).status_code == 202

    asyncio.run(run())


def test_only_the_loopback_address_is_listened_on(tmp_path: Path, database: ObservedDatabase, lineage: Cubes) -> None:
    async def run() -> None:
        async with running(tmp_path, database, lineage) as observer:
            port = observer.client.base_url.port
            listening = [
                line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if " 0A " in line
            ]
            assert f"0100007F:{port:04X}" in listening
            assert f"00000000:{port:04X}" not in listening

    if not Path("/proc/net/tcp").exists():
        pytest.skip("this system doesn't list its sockets")
    asyncio.run(run())


def test_a_wrong_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    environment = {**os.environ, "FLOE_OBSERVER_FOLDER": str(tmp_path)}
    with subprocess.Popen(COMMAND, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        told = process.stderr.readline()
        still_there = process.poll() is None
        process.send_signal(signal.SIGTERM)

    assert still_there, "a container that ends takes Cube's pod out of service"
    assert process.returncode == 1
    assert told == (
        f"error: {tmp_path}/observer.json can't be read: No such file or directory. It is generated beside cube.js.\n"
    )
