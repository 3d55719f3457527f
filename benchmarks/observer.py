"""What the observer takes: queries a second on one core, CPU for each query, and memory over a million of them.

    python -m benchmarks.observer [QUERIES]

Records as cube.js posts them, in batches of 500, one batch at a time: with traces and metrics, then with lineage in
summaries as well, then with a pair of lineage events for each query. The observer has one core; what takes its spans
and events has the other. The limit is a receiver that only reads and answers, in the same run.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.sink import sink
from floe_cube_infra.local_cube.ports import free_port
from floe_cube_infra.model.dataset_lineage import CubeLineage, Dataset, MemberLineage, ModelLineage
from floe_cube_infra.model.observation import (
    LineageExport,
    MetricExport,
    ObservedDatabase,
    ObserverSettings,
    TraceExport,
)
from floe_cube_infra.observer.configuration import FOLDER_VARIABLE
from floe_cube_infra.render.observer_files import observer_files

QUERIES = 1_000_000
BATCH = 500
BATCHES = 40
FEWEST = 50_000
SAMPLE = Path(__file__).parents[1] / "tests" / "observer" / "records" / "batch.json"
OBSERVER_CORE, OTHER_CORE = {0}, {1}
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measures and prints."""
    queries = int(sys.argv[1]) if len(sys.argv) > 1 else QUERIES
    if queries < FEWEST:
        sys.exit(f"{queries} queries are too few to measure anything; give {FEWEST:,} or more")
    batches = list(_batches())
    size = sum(map(len, batches)) / len(batches) / BATCH
    print(f"{size:.0f} bytes a record, {BATCH} records a batch; 5,000 queries a second on one core to reach")
    limit = _limit(batches, queries // 5)
    print(f"{'limit: read and answer':34} {limit:8.0f} queries/s")
    with sink(OTHER_CORE) as port:
        for name, share, settings in (
            ("traces and metrics", 1.0, {"lineage": None}),
            ("... and lineage, summaries", 0.1, {"lineage": _lineage(port, "summary")}),
            ("... and lineage, each query", 0.1, {"lineage": _lineage(port, "query")}),
        ):
            _measure(name, batches, int(queries * share), _settings(port, **settings), limit)


def _settings(taker: int, lineage: LineageExport | None) -> ObserverSettings:
    return ObserverSettings(
        database=ObservedDatabase(system="postgresql", namespace="shop", server_address="db", server_port=5432),
        port=free_port(),
        traces=TraceExport(endpoint=f"http://127.0.0.1:{taker}/v1/traces"),
        metrics=MetricExport(endpoint=f"http://127.0.0.1:{taker}/v1/metrics"),
        lineage=lineage,
    )


def _lineage(taker: int, mode: str) -> LineageExport:
    endpoint = f"http://127.0.0.1:{taker}/api/v1/lineage"
    return msgspec.convert({"endpoint": endpoint, "namespace": "benchmark", "mode": mode}, LineageExport)


def _batches() -> Iterator[bytes]:
    """Batches whose queries all have traces of their own."""
    samples = json.loads(SAMPLE.read_bytes())["records"]
    for _ in range(BATCHES):
        records = [
            {**samples[number % len(samples)], "traceparent": f"00-{uuid.uuid4().hex}-00f067aa0ba902b7-01"}
            for number in range(BATCH)
        ]
        yield json.dumps({"version": 2, "dropped": 0, "records": records}, separators=(",", ":")).encode()


def _measure(name: str, batches: list[bytes], queries: int, settings: ObserverSettings, limit: float) -> None:
    table = Dataset("postgres://db:5432", "shop.public.orders")
    members = {each: MemberLineage("number", (each,)) for each in ("count", "amount", "status", "ordered_at")}
    with tempfile.TemporaryDirectory() as folder:
        for path, text in observer_files(settings, ModelLineage({"orders": CubeLineage(table, members)})).items():
            Path(folder, Path(path).name).write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "floe_cube_infra.observer"]
        with subprocess.Popen(command, env={**os.environ, FOLDER_VARIABLE: folder}) as process:
            try:
                os.sched_setaffinity(process.pid, OBSERVER_CORE)
                _wait(settings.port)
                before, memory, begun = _cpu(process.pid), [_resident(process.pid)], time.perf_counter()
                for tenth in range(10):
                    _post(settings.port, batches, queries // 10, first=tenth)
                    memory.append(_resident(process.pid))
                seconds, cpu = time.perf_counter() - begun, _cpu(process.pid) - before
                state = _state(settings.port)
            finally:
                process.terminate()
    rate = queries / seconds
    print(
        f"{name:34} {rate:8.0f} queries/s ({rate / limit:.2f} of the limit), "
        f"{cpu / queries * 1e6:5.0f} us of CPU a query"
    )
    print(f"{'':34} memory in MiB, every tenth of {queries:,}: {' '.join(f'{each:.0f}' for each in memory)}")
    print(f"{'':34} had no room: {state['dropped']}")


def _limit(batches: list[bytes], queries: int) -> float:
    with sink(OTHER_CORE) as port:
        begun = time.perf_counter()
        _post(port, batches, queries)
        return queries / (time.perf_counter() - begun)


def _post(port: int, batches: list[bytes], queries: int, first: int = 0) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for number in range(queries // BATCH):
        connection.request("POST", "/v1/records", batches[(first + number) % len(batches)])
        answer = connection.getresponse()
        answer.read()
        if answer.status >= 300:
            sys.exit(f"a batch was answered with {answer.status}")
    connection.close()


def _wait(port: int) -> None:
    while True:
        try:
            _state(port)
        except OSError:
            time.sleep(0.05)
        else:
            return


def _state(port: int) -> dict[str, dict[str, int]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/livez")
    state: dict[str, dict[str, int]] = json.load(connection.getresponse())
    connection.close()
    return state


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


if __name__ == "__main__":
    os.sched_setaffinity(0, OTHER_CORE)
    main()
