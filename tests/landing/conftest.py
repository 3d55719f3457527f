"""What stands in for Cube: it answers what it is told to, and keeps what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest

MODEL = "f3b3b4987c"
TOKEN = jwt.encode({"sub": "ada"}, "a-secret-of-the-tests-with-more-than-32-bytes", "HS256")
OUTPUTS: dict[str, Any] = {
    "version": 1,
    "status": "enabled",
    "environment": "prod",
    "namespace": "floe-cube",
    "restEndpoint": "http://cube-api.floe-cube.svc:4000/cubejs-api/v1",
    "graphqlEndpoint": "http://cube-api.floe-cube.svc:4000/cubejs-api/graphql",
    "apiServiceName": "cube-api",
    "apiPort": 4000,
    "apiPodLabels": {"app.kubernetes.io/component": "api"},
    "secretNames": {"tokens": ["cube-api"]},
    "modelVersion": MODEL,
    "counts": {"cubes": 11},
}
META = {
    "cubes": [
        {"name": "tags", "measures": [], "dimensions": [{"name": "tags.name", "type": "string"}]},
        {
            "name": "orders",
            "measures": [
                {"name": "orders.revenue", "aggType": "sum"},
                {"name": "orders.hidden", "aggType": "count", "isVisible": False},
                {"name": "orders.count", "aggType": "count"},
            ],
        },
        {"name": "stores", "measures": [{"name": "stores.count", "aggType": "count"}], "dimensions": []},
    ]
}


@dataclass(frozen=True)
class Told:
    """An answer to be given: its status, its body as JSON or as it is, and its headers."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


def told(status: int = 200, body: Any = None, version: str = MODEL, **headers: str) -> Told:
    """An answer of Cube to somebody with a token."""
    return Told(status, {"data": []} if body is None else body, {"X-Floe-Model-Version": version, **headers})


class StandIn:
    """A server on a free loopback port.

    Attributes:
        answers: By path; a list gives its answers in turn and stays with the last.
        asked: Path, headers and body of each request.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.answers: dict[str, Told | list[Told]] = {
            "/readyz": Told(200, {"health": "HEALTH"}),
            "/cubejs-api/v1/meta": told(body=META),
            "/cubejs-api/v1/load": told(),
            "/cubejs-api/graphql": told(body={"data": {"cube": []}}),
            "/cubejs-api/v1/cubesql": told(body='{"schema":[]}\n{"data":[["1"]]}\n'),
        }
        self.url = ""

    def answer(self, path: str) -> Told:
        found = self.answers.get(path, Told(404, {"error": "There is nothing at this address."}))
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found


@contextmanager
def running() -> Iterator[StandIn]:
    """The server, while the block runs."""
    stand_in = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            stand_in.asked.append((self.path, dict(self.headers), body))
            answer = stand_in.answer(self.path)
            text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(text.encode())), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        do_POST = do_GET  # noqa: N815 - as http.server wants it

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        stand_in.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield stand_in
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def new_cube() -> Iterator[Callable[[], StandIn]]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(running())


@pytest.fixture
def cube(new_cube: Callable[[], StandIn]) -> StandIn:
    """What stands in for Cube; everything is well."""
    return new_cube()
