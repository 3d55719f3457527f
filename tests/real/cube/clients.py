"""Cube's three APIs as its users see them."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import quote

import jwt

from floe_cube_infra.render.files import CubeFiles
from tests.real.cube.server import CubeServer

SECRET: Final = "a-secret-of-the-tests-with-more-than-32-bytes"
USER: Final = "ada"
# Some tokens are made when tests are collected, and asked with when others have run for long.
_LIFETIME: Final = 4 * 3600
Query = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """An answer: its status and its decoded body."""

    status: int
    body: Any

    @property
    def error(self) -> str:
        """What it says went wrong; empty if nothing did."""
        return str(self.body.get("error", "")) if isinstance(self.body, dict) else ""

    @property
    def sentence(self) -> str:
        """The same without the requestId, which the SQL API has no other place for."""
        return self.error.partition(" (requestId: ")[0]


def token(organizations: object = 1, *, secret: str = SECRET, **claims: object) -> str:
    """A token of `USER`; a claim that is None is left out, and `organizations` None leaves out that claim."""
    u = {} if organizations is None else {"organization_id": organizations}
    whole = {"sub": USER, "exp": int(time.time()) + _LIFETIME, "u": u, **claims}
    return jwt.encode({name: value for name, value in whole.items() if value is not None}, secret, "HS256")


class Cube:
    """A client of one server."""

    def __init__(self, server: CubeServer) -> None:
        self.server = server
        self._connections = _Connections()

    def close(self) -> None:
        """Closes its connections."""
        self._connections.close()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """A GET of any path."""
        return self._connections.request(self.server.port, "GET", path, None, headers or {})

    def post(self, path: str, body: object, headers: Mapping[str, str] | None = None) -> Answer:
        """A POST of JSON to any path."""
        return self._connections.request(self.server.port, "POST", path, body, headers or {})

    def readiness(self) -> Answer:
        """What Kubernetes is told."""
        return self._connections.request(self.server.readiness_port, "GET", "/ready", None, {})

    def load(self, query: object, bearer: str | None, headers: Mapping[str, str] | None = None) -> Answer:
        """The rows of a query, by REST; `Continue wait` is followed up."""
        whole = {**authorized(bearer), **(headers or {})}
        while True:
            answer = self.get(f"/cubejs-api/v1/load?query={quote(json.dumps(query))}", whole)
            if answer.error != "Continue wait":
                return answer

    def sql(self, query: object, bearer: str | None) -> Answer:
        """The SQL of a query, by REST."""
        return self.get(f"/cubejs-api/v1/sql?query={quote(json.dumps(query))}", authorized(bearer))

    def meta(self, bearer: str | None) -> Answer:
        """What members there are."""
        return self.get("/cubejs-api/v1/meta", authorized(bearer))

    def graphql(self, query: str, bearer: str | None, headers: Mapping[str, str] | None = None) -> Answer:
        """The answer to a GraphQL document."""
        whole = {**authorized(bearer), **(headers or {})}
        while True:
            answer = self.post("/cubejs-api/graphql", {"query": query}, whole)
            if "Continue wait" not in json.dumps(answer.body.get("errors", "")):
                return answer

    def sql_callback(self, bearer: str | None, *, user: str = USER, **what: object) -> Answer:
        """What Cube's own callbacks tell its SQL API: `load`, `pushdown` or `meta`; see sql_callbacks.js."""
        body = {"user": user, "password": bearer, **what}
        told = self._connections.request(self.server.sql_port, "POST", "/", body, {}).body
        return Answer(status=400 if "error" in told else 200, body=told)


def authorized(bearer: str | None) -> dict[str, str]:
    """The headers of a request with a token."""
    return {} if bearer is None else {"Authorization": f"Bearer {bearer}"}


class Serve(Protocol):
    """Runs Cube with some files while a block runs; `more` is added to its environment."""

    def __call__(self, files: CubeFiles, more: Mapping[str, str] | None = None) -> AbstractContextManager[Cube]: ...


class _Connections:
    """Open connections, one for each thread and port."""

    def __init__(self) -> None:
        self._own: dict[tuple[int, int], http.client.HTTPConnection] = {}

    def close(self) -> None:
        for connection in self._own.values():
            connection.close()

    def request(self, port: int, method: str, path: str, body: object, headers: Mapping[str, str]) -> Answer:
        encoded = None if body is None else json.dumps(body)
        connection = self._of_this_thread(port)
        for is_last in (False, True):
            try:
                connection.request(method, path, encoded, {"Content-Type": "application/json", **headers})
                response = connection.getresponse()
                text = response.read().decode()
                break
            except (http.client.RemoteDisconnected, ConnectionError):
                # A server may close a connection that was idle.
                connection.close()
                if is_last:
                    raise
        try:
            return Answer(response.status, json.loads(text))
        except json.JSONDecodeError:
            return Answer(response.status, {"text": text})

    def _of_this_thread(self, port: int) -> http.client.HTTPConnection:
        key = (threading.get_ident(), port)
        if key not in self._own:
            self._own[key] = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        return self._own[key]
