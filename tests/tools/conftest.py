"""What the tests of `tools` share: a clone in a temporary folder, programs to find on PATH, a file server."""

import contextlib
import http.server
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tools.clone import Clone

PINS = {"pulumi": "3.259.0", "pulumi-aws": "7.51.0", "pulumi-kubernetes": "4.34.2", "pulumi-random": "4.21.0"}
LOCK = "\n".join(f'[[package]]\nname = "{name}"\nversion = "{version}"\n' for name, version in PINS.items())


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("UV_NO_SYNC", raising=False)
    monkeypatch.delenv("UV_PROJECT_ENVIRONMENT", raising=False)


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    root = tmp_path / "clone"
    (root / "stacks").mkdir(parents=True)
    (root / "uv.lock").write_text(LOCK)
    (root / "pyproject.toml").write_text("[project]\n")
    (root / "Pulumi.yaml").write_text("name: floe-cube-infra\n")
    (root / "stacks" / "Pulumi.local.yaml").write_text("config:\n  a:b: one\n")
    return Clone(root=root, folder=root / ".floe")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """Puts a shell script on PATH, which otherwise holds the system's own folders only."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")

    def make(name: str, script: str) -> Path:
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return make


@dataclass
class FileServer:
    """A server on a free port of the loopback interface that gives `files`, slowly where `delay` says so."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    claimed_size: int | None = None
    delay: float = 0.0
    requests: list[str] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[FileServer]:
    state = FileServer()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.requests.append(f"{self.command} {self.path}")
            time.sleep(state.delay)
            content = state.files.get(self.path)
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Length", str(state.claimed_size or len(content or b"")))
            self.end_headers()
            if content and self.command == "GET":
                # The client may have given up by now.
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    self.wfile.write(content)

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        state.url = f"http://127.0.0.1:{running.server_port}"
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield state
        running.shutdown()
        thread.join()
