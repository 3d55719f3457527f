"""How long a pod takes until the first question of each API is answered: ours, and Cube's own reading of the same YAML.

- own: Cube's server over the folder of YAML, with no configuration of ours; its first user waits
- ours: the same server with our configuration, until its readiness says that it is warm; users wait for what is left

Both are whole processes, each started anew, in turns; the questions are `/meta`, a GraphQL document and the plan of a
query. No database is asked. Where Cube's addon isn't installed, the tests' stand-in serves both.

    uv run python benchmarks/start.py [--models 100 1000] [--runs 1]
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import jwt
from manifests import write_artifacts, write_manifest

from floe_cube_infra.local_cube.node import find_node
from floe_cube_infra.local_cube.packages import own_lock, provide_packages

SERVER: Final = Path(__file__).parents[1] / "tests" / "real" / "cube"
SECRET: Final = "a-secret-of-the-benchmark-with-more-than-32-bytes"
LARGEST_RATIO: Final = 0.4
QUESTIONS: Final[tuple[tuple[str, Any], ...]] = (
    ("/cubejs-api/v1/meta", None),
    ("/cubejs-api/graphql", {"query": "{ __typename }"}),
    ("/cubejs-api/v1/dry-run", {"query": {"measures": ["model_00001.count"]}}),
)
# What either of the two looks at.
CLAIMS: Final = {"sub": "bench", "u": {"organization_id": "1"}, "filter_claims": {"organization_id": ["1"]}}


@dataclass(frozen=True, kw_only=True)
class Start:
    """Seconds since the process began, and its largest memory in MB.

    Attributes:
        listens: Until it listens.
        ready: Until it says that it is ready.
        answered: Until the first question of each API is answered.
        memory: Resident, at most.
    """

    listens: float
    ready: float
    answered: float
    memory: float


@contextmanager
def served(folder: Path, ports: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Runs Cube's server in a folder while the block runs."""
    packages = provide_packages(own_lock("cube"), find_node())
    has_addon = (packages / "@cubejs-backend" / "native" / "index.node").exists()
    environment = {
        "PATH": os.defpath,
        "NODE_PATH": str(packages),
        "NODE_ENV": "production",
        "CUBEJS_API_SECRET": SECRET,
        "CUBEJS_DB_TYPE": "postgres",
        "CUBEJS_CACHE_AND_QUEUE_DRIVER": "memory",
        "CUBEJS_TELEMETRY": "false",
        **({} if has_addon else {"CUBEJS_TESSERACT_SQL_PLANNER": "false"}),
        **ports,
    }
    server = packages / "@cubejs-backend" / "server" / "bin" / "server"
    command = [find_node().program, "--require", SERVER / "native_stand_in" / "preload.js", server]
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def measure(folder: Path, *, is_ours: bool) -> Start:
    """Starts the server of a folder and asks it as soon as it may be asked."""
    port, readiness = free_port(), free_port()
    began = time.perf_counter()

    def elapsed() -> float:
        return time.perf_counter() - began

    with served(folder, {"PORT": str(port), "FLOE_READINESS_PORT": str(readiness)}) as process:
        while request(port, "/livez")[0] != 200:
            if process.poll() is not None:
                raise SystemExit((folder / "log.txt").read_text()[-2000:])
            time.sleep(0.02)
        listens = elapsed()
        # There is no database here, and nothing else may be missing.
        while is_ours and "database" not in request(readiness, "/ready")[1]:
            time.sleep(0.02)
        ready = elapsed()
        for path, body in QUESTIONS:
            status, text = request(port, path, body)
            if status != 200:
                raise SystemExit(f"{path} answers {status}: {text[:500]}")
        return Start(listens=listens, ready=ready, answered=elapsed(), memory=largest_memory(process.pid))


def request(port: int, path: str, body: object = None) -> tuple[int, str]:
    """Status and text of an answer; status 0 where nothing listens."""
    token = jwt.encode({**CLAIMS, "exp": int(time.time()) + 3600}, SECRET, "HS256")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1800)
    try:
        connection.request("GET" if body is None else "POST", path, body and json.dumps(body), headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    except ConnectionError:
        return 0, ""
    finally:
        connection.close()


def largest_memory(pid: int) -> float:
    """The most memory that a process has had, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def generate(folder: Path, models: int) -> tuple[Path, Path]:
    """The folders to be served: ours, and one with nothing but the YAML."""
    manifest, artifacts = folder / "manifest.json", folder / "artifacts.json"
    ours, own = folder / f"ours-{models}", folder / f"own-{models}"
    write_manifest(manifest, models)
    write_artifacts(artifacts)
    program = str(Path(sys.executable).with_name("floe-cube"))
    command = [program, "generate", "-a", str(artifacts), "-m", str(manifest), "-o", str(ours)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    shutil.copytree(ours / "model", own / "model", ignore=shutil.ignore_patterns("*.json"))
    return ours, own


def main() -> None:
    """Measures and prints a table for each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--runs", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        for models in arguments.models:
            ours, own = generate(Path(name), models)
            starts: dict[str, list[Start]] = {"own": [], "ours": []}
            for _ in range(arguments.runs):
                starts["ours"].append(measure(ours, is_ours=True))
                starts["own"].append(measure(own, is_ours=False))
            best = {label: min(each, key=lambda start: start.answered) for label, each in starts.items()}
            print(f"{models} cubes of 20 dimensions (best of {arguments.runs}; seconds since the process began)")
            print(f"  {'':6}{'listens':>9}{'ready':>9}{'answered':>10}{'users wait':>12}{'MB':>7}")
            for label, start in best.items():
                times = (
                    f"{start.listens:9.2f}{start.ready:9.2f}{start.answered:10.2f}{start.answered - start.ready:12.2f}"
                )
                print(f"  {label:6}{times}{start.memory:7.0f}")
            ratio = best["ours"].answered / best["own"].answered
            after = (best["ours"].answered - best["ours"].listens) / (best["own"].answered - best["own"].listens)
            print(f"  ours / own: {ratio:.2f} since the process began (at most {LARGEST_RATIO})")
            print(f"              {after:.2f} since it listens")


if __name__ == "__main__":
    main()
