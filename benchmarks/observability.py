"""What it costs Cube's users that their queries are observed: latency and throughput of three Cubes in one run.

    python -m benchmarks.observability [ROUNDS]

Real Cube over the sample shop in a real PostgreSQL: everything off; the hook only, with nobody at its port; everything
on: the hook, the observer with traces, metrics and an event pair for each query, and an endpoint that takes them. The
three are asked in turn, round by round, so that what else this machine does hits all alike. All share its cores, which
costs "everything on" more than a pod with a core of its own would pay.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median, quantiles
from urllib.request import urlopen

from benchmarks.serving import SETTINGS, serving, shop_variables
from benchmarks.sink import sink
from floe_cube_infra.generation import Generated, generate
from floe_cube_infra.inputs.settings import parse
from floe_cube_infra.local_cube.ports import free_port
from floe_cube_infra.model.observation import (
    LineageExport,
    MetricExport,
    ObservedDatabase,
    ObserverSettings,
    TraceExport,
)
from floe_cube_infra.observer.configuration import FOLDER_VARIABLE
from floe_cube_infra.render.observer_files import observer_files
from floe_cube_infra.render.warehouse_names import warehouse_names
from floe_cube_infra.translate.dataset_lineage import model_lineage
from tests.real.cube.clients import Cube
from tests.real.cube.load import Load, run_load, tokens_of
from tests.real.cube.records import observed
from tests.real.cube.variants import without_rollups
from tools.clone import Clone
from tools.postgres import find_postgres, run_postgres
from tools.shop_database import SHOP, load_shop

ROUNDS = 20
SECONDS = 1.0
CLIENTS = 8
OFF, HOOK, ON = "everything off", "hook only", "everything on"


def main() -> None:
    """Measures and prints."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    generated = generate(parse(SETTINGS, "the benchmark"), SHOP)
    assert generated is not None
    files = without_rollups(generated.files)
    password = os.urandom(18).hex()
    with ExitStack() as stack:
        postgres = stack.enter_context(run_postgres(find_postgres(Clone.here())))
        load_shop(postgres, password)
        variables = shop_variables(generated, postgres, password)
        port = stack.enter_context(_observer(generated, stack.enter_context(sink())))
        cubes = {
            OFF: stack.enter_context(serving(files, variables)),
            HOOK: stack.enter_context(serving(observed(files, free_port()), variables)),
            ON: stack.enter_context(serving(observed(files, port), variables)),
        }
        one, many = _measure(cubes, 1, rounds), _measure(cubes, CLIENTS, rounds)
        time.sleep(2)
        with urlopen(f"http://127.0.0.1:{port}/livez", timeout=5) as answer:
            state = json.load(answer)
    _print("one client", one)
    _print(f"{CLIENTS} clients", many)
    print("(to reach: at most 1 ms more at the median, less than 10 ms at the 99th percentile)")
    print(f"observer: {state}")
    wrong = [each for loads in (one, many) for load in loads.values() for each in load.wrong]
    if wrong:
        sys.exit(f"wrong answers: {wrong[:3]}")


def _measure(cubes: dict[str, Cube], clients: int, rounds: int) -> dict[str, Load]:
    loads = {name: Load() for name in cubes}
    tokens = tokens_of()
    for cube in cubes.values():
        run_load(cube, 3, SECONDS, tokens)
    names = list(cubes)
    for number in range(rounds):
        # Nobody is always the first.
        for name in names[number % len(names) :] + names[: number % len(names)]:
            load = run_load(cubes[name], clients, SECONDS, tokens)
            loads[name].seconds += load.seconds
            loads[name].wrong += load.wrong
    return loads


@contextmanager
def _observer(generated: Generated, sink_port: int) -> Iterator[int]:
    """The observer as its container runs it, with an endpoint for all that it sends; gives its port."""
    port, taker = free_port(), f"http://127.0.0.1:{sink_port}"
    names = warehouse_names("postgres", generated.artifacts.compute.properties)
    settings = ObserverSettings(
        port=port,
        database=ObservedDatabase(system="postgresql"),
        traces=TraceExport(endpoint=f"{taker}/v1/traces"),
        metrics=MetricExport(endpoint=f"{taker}/v1/metrics"),
        lineage=LineageExport(endpoint=f"{taker}/api/v1/lineage", namespace="benchmark"),
    )
    with tempfile.TemporaryDirectory() as folder:
        for path, text in observer_files(settings, model_lineage(generated.model, names)).items():
            Path(folder, Path(path).name).write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "floe_cube_infra.observer"]
        process = subprocess.Popen(command, env={**os.environ, FOLDER_VARIABLE: folder})
        try:
            time.sleep(3)
            yield port
        finally:
            process.terminate()
            process.wait(30)


def _print(who: str, loads: dict[str, Load]) -> None:
    print(f"{who}, REST and GraphQL in turn:")
    off = loads[OFF]
    for name, load in loads.items():
        middle, last = median(load.seconds) * 1000, _p99(load.seconds) * 1000
        added = middle - median(off.seconds) * 1000, last - _p99(off.seconds) * 1000
        rate = len(load.seconds) / len(off.seconds)
        print(
            f"  {name:15} {len(load.seconds):6} answers ({rate:.3f} of off), median {middle:6.2f} ms "
            f"({added[0]:+.2f}), 99th percentile {last:6.2f} ms ({added[1]:+.2f})"
        )


def _p99(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=100)[98]


if __name__ == "__main__":
    main()
