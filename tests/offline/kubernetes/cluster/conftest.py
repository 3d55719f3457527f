"""A stand-in for an API server: it keeps objects by their paths, and fails where a test says so.

The real one is in tests/real/cluster; this one knows no schema, no controllers and no defaults.
"""

from __future__ import annotations

import http.server
import json
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.offline.conftest import Client

Object = dict[str, Any]
KINDS = {
    "/api/v1": {"ConfigMap": "configmaps", "Secret": "secrets", "Service": "services", "Pod": "pods"},
    "/apis/apps/v1": {"Deployment": "deployments"},
}


@dataclass
class StandIn:
    """The server: what it holds, what it was asked, and what it answers next instead of working."""

    url: str = ""
    objects: dict[str, Object] = field(default_factory=dict)
    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    failures: list[tuple[int, Object]] = field(default_factory=list)
    warning: str | None = None

    def answer(self, method: str, target: str, authorization: str | None, body: Object) -> tuple[int, Object | None]:
        path, _, query = target.partition("?")
        asked = dict(urllib.parse.parse_qsl(query))
        self.requests.append((method, target, authorization))
        if path in KINDS:
            kinds = [{"name": name, "kind": kind, "namespaced": True} for kind, name in KINDS[path].items()]
            return 200, {"kind": "APIResourceList", "resources": kinds}
        if self.failures:
            return self.failures.pop(0)
        if method == "PATCH":
            return self._apply(path, body, asked)
        if "labelSelector" in asked or path.endswith(("/pods", "/events", "/endpointslices", "/replicasets")):
            return 200, {"kind": "List", "items": self.objects.get(path, {}).get("items", [])}
        if path not in self.objects:
            details = {"kind": path.split("/")[-2], "name": path.split("/")[-1]}
            return 404, {"kind": "Status", "reason": "NotFound", "message": "not found", "details": details}
        if method == "DELETE":
            return 200, self.objects.pop(path)
        return 200, self.objects[path]

    def _apply(self, path: str, body: Object, asked: dict[str, str]) -> tuple[int, Object]:
        before = self.objects.get(path, {}).get("metadata", {})
        metadata = {"uid": f"uid-{len(self.requests)}", "generation": 1} | before | body["metadata"]
        metadata["managedFields"] = [{"manager": asked["fieldManager"]}]
        applied = body | {"metadata": metadata}
        if "dryRun" not in asked:
            self.objects[path] = applied
        return 200, applied


@pytest.fixture
def api() -> Iterator[StandIn]:
    """The stand-in, on a free port of the loopback interface."""
    stand_in = StandIn()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            authorization = self.headers.get("Authorization")
            status, content = stand_in.answer(self.command, self.path, authorization, body)
            data = b"not found" if content is None else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            if stand_in.warning:
                self.send_header("Warning", f'299 - "{stand_in.warning}"')
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_PATCH = do_DELETE = handle_any  # noqa: N815 - the names of http.server

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stand_in.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield stand_in
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def kubeconfig(api: StandIn, tmp_path: Path) -> Callable[..., str]:
    """Writes a kubeconfig for the stand-in and gives its path."""

    def write(user: Object | None = None, **cluster: Any) -> str:
        document = {
            "current-context": "here",
            "clusters": [{"name": "c", "cluster": {"server": api.url} | cluster}],
            "users": [{"name": "u", "user": {"token": "t0ken"} if user is None else user}],
            "contexts": [{"name": "here", "context": {"cluster": "c", "user": "u", "namespace": "shop"}}],
        }
        path = tmp_path / "kubeconfig"
        path.write_text(json.dumps(document))
        return str(path)

    return write


@pytest.fixture
def applying(unconfigured: Client, kubeconfig: Callable[..., str]) -> Client:
    """The provider, applying to the stand-in."""
    unconfigured.configure(renderYamlToDirectory="", kubeconfig=kubeconfig())
    return unconfigured
