"""A registry of images on loopback: manifests by tag, tokens, and everything that can go wrong with one."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import parse_qs, urlsplit

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
TOKEN = "a-token-for-this-test"


@dataclass(frozen=True)
class Answer:
    """What is answered in place of what is right."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class SmallRegistry:
    """What it has, and how it behaves.

    Attributes:
        host: Where it is.
        guard: How it asks who is there.
        login: The user and password that it wants; anyone's token otherwise.
        tells_digests: Whether it sends the optional header.
        manifest: Answered for every manifest instead, if given.
        token: Answered for every token instead, if given.
        challenge: The challenge that it sends instead, if given.
        asked: Methods and paths, as they came.
        released: Set at the end; what waits for it waits for the test.
    """

    host: str = ""
    guard: Literal["bearer", "basic"] | None = None
    login: tuple[str, str] | None = None
    tells_digests: bool = True
    manifest: Answer | None = None
    token: Answer | None = None
    challenge: str | None = None
    is_slow: bool = False
    asked: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    _manifests: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def push(self, repository: str, tag: str, *, media_type: str = INDEX) -> str:
        """Takes an image; gives its digest."""
        body = json.dumps({"schemaVersion": 2, "mediaType": media_type, "of": f"{repository}:{tag}"}).encode()
        self._manifests[f"/v2/{repository}/manifests/{tag}"] = media_type, body
        return f"sha256:{hashlib.sha256(body).hexdigest()}"

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        """What is answered."""
        address = urlsplit(path)
        if address.path == "/token":
            return self._token(parse_qs(address.query), headers.get("Authorization"))
        if address.path == "/elsewhere":
            return Answer(302, {"Location": "/elsewhere"})
        if not self._lets_in(headers.get("Authorization")):
            return Answer(
                401, {} if self.challenge == "" else {"WWW-Authenticate": self.challenge or self._challenge()}
            )
        if self.manifest is not None:
            return self.manifest
        media_type, body = self._manifests.get(address.path, ("", b""))
        if not body or media_type not in headers.get("Accept", ""):
            return Answer(404, {"Content-Type": "application/json"}, b'{"errors": [{"code": "MANIFEST_UNKNOWN"}]}')
        digest = {"Docker-Content-Digest": f"sha256:{hashlib.sha256(body).hexdigest()}"}
        return Answer(200, {"Content-Type": media_type, **(digest if self.tells_digests else {})}, body)

    def _challenge(self) -> str:
        if self.guard == "basic":
            return 'Basic realm="small"'
        return f'Bearer realm="http://{self.host}/token",service="small",scope="repository:cubejs/cube:pull"'

    def _lets_in(self, authorization: str | None) -> bool:
        if self.guard is None:
            return True
        return authorization == (f"Bearer {TOKEN}" if self.guard == "bearer" else self._basic())

    def _basic(self) -> str | None:
        return self.login and f"Basic {base64.b64encode(':'.join(self.login).encode()).decode()}"

    def _token(self, query: dict[str, list[str]], authorization: str | None) -> Answer:
        if self.token is not None:
            return self.token
        if query != {"service": ["small"], "scope": ["repository:cubejs/cube:pull"]}:
            return Answer(400)
        if authorization != self._basic():
            return Answer(401)
        return Answer(200, {"Content-Type": "application/json"}, json.dumps({"token": TOKEN}).encode())


@contextmanager
def running() -> Iterator[SmallRegistry]:
    """Starts one on a free port of loopback."""
    registry = SmallRegistry()

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            registry.asked.append(f"{self.command} {self.path.partition('?')[0]}")
            if registry.is_slow:
                registry.released.wait(20)
            answer = registry.answer(self.path, dict(self.headers))
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(answer.body)

        do_GET = do_HEAD = _do  # noqa: N815 - the server's names

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing: tests' output is for failures."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        registry.host = f"127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield registry
        finally:
            registry.released.set()
            server.shutdown()
            thread.join()
