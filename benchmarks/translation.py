"""How fast a manifest becomes a Cube model: ours, the limit, and a peer, each as a whole process.

- limit: decoding the manifest into the same typed structures, and nothing else, not even collecting garbage
- peer: `cube-dbt` of PyPI loading the manifest and making its cubes, joins and rollups not among them
- ours: `floe-cube generate` into a new folder; then again with one model changed

Ratios are of CPU seconds, since each is one process with one thread: on a quiet machine that is what the clock says.
Files lie under TMPDIR; where that is a disk, how busy it is decides what writing twenty thousand files takes.

    uv run python benchmarks/translation.py [--models 1000 10000] [--runs 3]
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from manifests import change_one_model, write_artifacts, write_manifest

from tools.cache import cache_root
from tools.uv import find_uv

PEER = "cube-dbt==0.6.3"
_LIMIT = (
    "import gc; gc.disable(); import sys; from floe_cube_infra.inputs import dbt_manifest\n"
    "dbt_manifest.load(open(sys.argv[1], 'rb').read(), 'x')"
)
_PEER = (
    "import sys; from cube_dbt import Dbt\n"
    "for model in Dbt.from_file(sys.argv[1]).models: model.as_cube(), model.as_dimensions()"
)


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a process took: seconds by the clock and of CPU, and its largest memory in MB."""

    wall: float
    cpu: float
    memory: float


def run(command: Sequence[str]) -> Cost:
    """Runs a process to its end; its output is dropped, its failure raised."""
    # As installed programs run: their modules are compiled once, which some development machines forbid.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} failed with exit code {process.returncode}")
    return Cost(wall=time.perf_counter() - start, cpu=usage.ru_utime + usage.ru_stime, memory=usage.ru_maxrss / 1024)


def least(costs: Sequence[Cost]) -> Cost:
    """The least CPU that was taken: what is above it, other processes caused."""
    return min(costs, key=lambda cost: cost.cpu)


def middle(costs: Sequence[Cost]) -> Cost:
    """The one in the middle."""
    return sorted(costs, key=lambda cost: cost.cpu)[len(costs) // 2]


def peer_python() -> str:
    """A Python with the peer, in the shared cache."""
    folder = cache_root() / "benchmarks" / PEER
    python = folder / "bin" / "python"
    if not python.exists():
        uv = str(find_uv())
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), PEER], check=True)
    return str(python)


def measure(folder: Path, models: int, runs: int, peer: str) -> dict[str, list[Cost]]:
    """All costs for a manifest of so many models, each run's beside the others'."""
    manifest, artifacts = folder / f"{models}.json", folder / "artifacts.json"
    changed = folder / f"{models}-changed.json"
    # By processes of their own, since a process begins with the memory of the one that started it.
    for task, arguments in ((write_manifest, (manifest, models)), (change_one_model, (manifest, changed))):
        writer = multiprocessing.get_context("spawn").Process(target=task, args=arguments)
        writer.start()
        writer.join()
    write_artifacts(artifacts)

    def ours(given: Path, out: Path) -> list[str]:
        program = str(Path(sys.executable).with_name("floe-cube"))
        return [program, "generate", "-a", str(artifacts), "-m", str(given), "-o", str(out), "--format", "json"]

    limit = [sys.executable, "-c", _LIMIT, str(manifest)]
    theirs = [peer, "-c", _PEER, str(manifest)]
    costs: dict[str, list[Cost]] = {"limit": [], "ours": [], "ours, one changed": [], "peer": []}
    for number in range(runs):
        # A new folder each time: file systems are slow where thousands of files have just been removed.
        out = folder / f"out-{models}-{number}"
        costs["limit"].append(run(limit))
        costs["ours"].append(run(ours(manifest, out)))
        costs["ours, one changed"].append(run(ours(changed, out)))
        costs["peer"].append(run(theirs))
    return costs


def main() -> None:
    """Measures and prints a table for each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    peer = peer_python()
    firsts: dict[int, Cost] = {}
    with tempfile.TemporaryDirectory() as name:
        for models in arguments.models:
            costs = measure(Path(name), models, arguments.runs, peer)
            limit, other = least(costs["limit"]), least(costs["peer"])
            firsts[models] = least(costs["ours"])
            print(f"{models} models of 20 columns with 3 tests each (least of {arguments.runs} runs; the middle one)")
            print(f"  {'':20}{'CPU':>9}{'middle':>9}{'seconds':>9}{'MB':>7}{'x limit':>9}{'peer / it':>11}")
            for label, some in costs.items():
                cost = least(some)
                ratios = f"{cost.cpu / limit.cpu:9.1f}{other.cpu / cost.cpu:11.1f}"
                print(
                    f"  {label:20}{cost.cpu:9.2f}{middle(some).cpu:9.2f}{cost.wall:9.2f}{cost.memory:7.0f}{ratios}",
                    flush=True,
                )
    if len(firsts) > 1:
        few, many = min(firsts), max(firsts)
        growth = firsts[many].cpu / firsts[few].cpu
        print(f"growth from {few} to {many} models ({many / few:.0f} times): ours takes {growth:.1f} times as long")


if __name__ == "__main__":
    main()
