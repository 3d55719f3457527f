"""What observes queries, as the real programs: the observer, the OpenTelemetry collector, Jaeger.

A lineage backend can't be started here: a receiver that records stands in for Marquez.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
import yaml

from floe_cube_infra.local_cube.ports import free_port
from floe_cube_infra.model.collector import CollectorExports, OtlpTarget
from floe_cube_infra.model.observation import (
    SETTINGS_FILE,
    LineageExport,
    MetricExport,
    ObserverSettings,
    TraceExport,
)
from floe_cube_infra.observer.configuration import FOLDER_VARIABLE
from floe_cube_infra.render.collector_config import render_collector
from floe_cube_infra.render.jaeger_config import render_jaeger
from tools.telemetry import provide_collector, provide_jaeger

LINEAGE_PATH: Final = "/api/v1/lineage"
PARENT: Final = "00f067aa0ba902b7"
"""The caller's span."""
_LONGEST_START: Final = 30.0


def until(reached: Callable[[], bool], seconds: float = 60) -> None:
    """Waits until something is so, or for so long."""
    end = time.monotonic() + seconds
    while not reached() and time.monotonic() < end:
        time.sleep(0.2)


@dataclass
class Endpoint:
    """A receiver that records: a stand-in for what keeps traces or lineage.

    Attributes:
        port: Of loopback.
        fault: What it does instead of taking something: a status, or to accept and never answer.
        raw: Every byte that came.
        bodies: What came as JSON, by path.
    """

    port: int = 0
    fault: int | Literal["hang"] | None = None
    raw: bytearray = field(default_factory=bytearray)
    bodies: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def of(self, path: str) -> list[Any]:
        """What came to a path."""
        return [body for at, body in list(self.bodies) if at == path]


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """An endpoint on a free loopback port."""
    recorded, ended = Endpoint(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            recorded.raw += str(self.headers).encode() + body
            if recorded.fault == "hang":
                ended.wait(60)
                return
            status = recorded.fault or 200
            if status == 200:
                recorded.bodies.append((self.path, json.loads(body)))
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    recorded.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield recorded
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Program:
    """A program that serves.

    Attributes:
        command: How it is started.
        health: What answers once it serves.
        log: What it writes.
        environment: Its variables beside those of this process.
    """

    command: Sequence[str]
    health: str
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it, and waits until it serves."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command, env={**os.environ, **self.environment}, stdout=log, stderr=subprocess.STDOUT
            )
        until = time.monotonic() + _LONGEST_START
        while True:
            try:
                with urllib.request.urlopen(self.health, timeout=1):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                assert self._process.poll() is None, self.log.read_text()
                assert time.monotonic() < until, self.log.read_text()
                time.sleep(0.05)

    def kill(self) -> None:
        """Ends it as Linux ends what takes too much memory."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def freeze(self) -> None:
        """Lets it take connections and answer none."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Lets it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Ends it as Kubernetes does."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(30)

    def resident_mib(self) -> float:
        """Its resident memory."""
        assert self._process is not None
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


@dataclass(frozen=True, kw_only=True)
class Observation:
    """All that observes.

    Attributes:
        port: Where Cube posts records.
        observer: The observer.
        collector: The collector.
        backend: What the collector sends traces and metrics to, as JSON.
        lineage: What takes lineage.
        jaeger: Jaeger's address.
    """

    port: int
    observer: Program
    collector: Program
    backend: Endpoint
    lineage: Endpoint
    jaeger: str

    def spans(self) -> list[dict[str, Any]]:
        """The spans that the backend got."""
        return [
            span
            for body in self.backend.of("/v1/traces")
            for resource in body["resourceSpans"]
            for scope in resource["scopeSpans"]
            for span in scope["spans"]
        ]

    def metrics(self) -> dict[str, dict[str, Any]]:
        """The newest metrics that the backend got, by name."""
        return {
            metric["name"]: metric
            for body in self.backend.of("/v1/metrics")
            for resource in body["resourceMetrics"]
            for scope in resource["scopeMetrics"]
            for metric in scope["metrics"]
        }

    def query_events(self) -> list[Any]:
        """The lineage events of queries."""
        return [event for event in self.lineage.of(LINEAGE_PATH) if event["job"]["name"] != "cube.model"]

    def in_jaeger(self, trace_id: str) -> list[dict[str, Any]]:
        """The spans of a trace, as Jaeger shows them."""
        with urllib.request.urlopen(f"{self.jaeger}/api/traces/{trace_id}", timeout=10) as answer:
            (trace,) = json.load(answer)["data"]
        return list(trace["spans"])


@contextmanager
def observation(files: Mapping[str, str], folder: Path) -> Iterator[Observation]:
    """Runs all that observes.

    Args:
        files: The observer's, by path, as they are generated.
        folder: For their copies, and for logs.
    """
    with ExitStack() as running:
        backend, lineage = running.enter_context(endpoint()), running.enter_context(endpoint())
        jaeger, jaeger_url, jaeger_otlp = _jaeger(folder)
        collector, collector_url = _collector(folder, backend.url, jaeger_otlp)
        observer, port = _observer(folder, files, collector_url, lineage.url)
        for program in (jaeger, collector, observer):
            running.callback(program.stop)
            program.start()
        yield Observation(
            port=port, observer=observer, collector=collector, backend=backend, lineage=lineage, jaeger=jaeger_url
        )


def _jaeger(folder: Path) -> tuple[Program, str, str]:
    otlp, ui, ui_grpc, health = (free_port() for _ in range(4))
    here = {
        "receivers": {"otlp": {"protocols": {"grpc": {"endpoint": f"127.0.0.1:{otlp}"}}}},
        "extensions": {
            "healthcheckv2": {"http": {"endpoint": f"127.0.0.1:{health}"}},
            "jaeger_query": {
                "http": {"endpoint": f"127.0.0.1:{ui}"},
                "grpc": {"endpoint": f"127.0.0.1:{ui_grpc}"},
            },
        },
    }
    command = [str(provide_jaeger()), *_configurations(folder, "jaeger", render_jaeger(traces=10_000), here)]
    program = Program(command, f"http://127.0.0.1:{health}/status", folder / "jaeger.log")
    return program, f"http://127.0.0.1:{ui}", f"http://127.0.0.1:{otlp}"


def _collector(folder: Path, backend: str, jaeger: str) -> tuple[Program, str]:
    otlp, health, metrics = (free_port() for _ in range(3))
    to_backend = OtlpTarget(name="backend", protocol="http", endpoint=backend, headers={"x-key": "EXPORT_HEADER_X_KEY"})
    to_jaeger = OtlpTarget(name="jaeger", protocol="grpc", endpoint=jaeger)
    rendered = render_collector(CollectorExports(traces=(to_backend, to_jaeger), metrics=(to_backend,)))
    own_metrics = {"pull": {"exporter": {"prometheus": {"host": "127.0.0.1", "port": metrics}}}}
    here = {
        "receivers": {"otlp": {"protocols": {"http": {"endpoint": f"127.0.0.1:{otlp}"}}}},
        "extensions": {"health_check": {"endpoint": f"127.0.0.1:{health}"}},
        "service": {
            "telemetry": {"metrics": {"readers": [own_metrics]}},
            "pipelines": {"traces": {"exporters": ["otlp_http/backend", "otlp_grpc/jaeger", "file/full"]}},
        },
        "exporters": {
            # So that what leaves can be searched.
            "otlp_http/backend": {"encoding": "json", "compression": "none"},
            # A disk that is full harms nobody else.
            "file/full": {"path": "/dev/full"},
        },
        "processors": {"batch": {"timeout": "200ms"}},
    }
    command = [str(provide_collector()), *_configurations(folder, "collector", rendered, here)]
    program = Program(
        command, f"http://127.0.0.1:{health}/", folder / "collector.log", {"EXPORT_HEADER_X_KEY": "key-of-the-backend"}
    )
    return program, f"http://127.0.0.1:{otlp}"


def _configurations(folder: Path, name: str, rendered: str, here: Mapping[str, Any]) -> list[str]:
    """Arguments for what a pod is given, and over it what differs on this machine: addresses."""
    (folder / f"{name}.yaml").write_text(rendered)
    (folder / f"{name}-here.yaml").write_text(yaml.safe_dump(dict(here)))
    return [f"--config={folder / name}.yaml", f"--config={folder / name}-here.yaml"]


def _observer(folder: Path, files: Mapping[str, str], collector: str, lineage: str) -> tuple[Program, int]:
    port, own = free_port(), folder / "observer"
    own.mkdir()
    for path, text in files.items():
        (own / Path(path).name).write_text(text)
    generated = msgspec.json.decode((own / SETTINGS_FILE).read_bytes(), type=ObserverSettings)
    assert generated.lineage is not None
    here = msgspec.structs.replace(
        generated,
        port=port,
        traces=TraceExport(endpoint=f"{collector}/v1/traces"),
        metrics=MetricExport(endpoint=f"{collector}/v1/metrics", interval_seconds=1),
        lineage=LineageExport(endpoint=f"{lineage}{LINEAGE_PATH}", namespace=generated.lineage.namespace),
    )
    (own / SETTINGS_FILE).write_bytes(msgspec.json.encode(here))
    command = [sys.executable, "-m", "floe_cube_infra.observer"]
    log = folder / "observer.log"
    return Program(command, f"http://127.0.0.1:{port}/livez", log, {FOLDER_VARIABLE: str(own)}), port
