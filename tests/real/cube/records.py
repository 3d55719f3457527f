"""Where a real Cube posts the records of its queries: a stand-in for the observer, which reads them as it does."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from floe_cube_infra.observer.records import QueryRecord, RollupBuild, decode
from floe_cube_infra.render.files import CubeFiles

_LONGEST_WAIT: Final = 30.0
# Batches leave five times a second.
_SETTLED: Final = 0.45


@dataclass
class RecordedQueries:
    """What arrived.

    Attributes:
        port: Of loopback.
        records: Of queries, in the order of their arrival.
        builds: Of rollups.
        dropped: How many Cube says it had no room for.
        raw: Every byte that came.
        mistakes: Batches that the observer would refuse.
    """

    port: int
    records: list[QueryRecord] = field(default_factory=list)
    builds: list[RollupBuild] = field(default_factory=list)
    dropped: int = 0
    raw: bytearray = field(default_factory=bytearray)
    mistakes: list[str] = field(default_factory=list)

    def of(self, request_id: str, count: int = 1) -> list[QueryRecord]:
        """The records of a request, once there are so many, and those that came on top a little later."""
        until = time.monotonic() + _LONGEST_WAIT
        while len(self._of(request_id)) < count and time.monotonic() < until:
            time.sleep(0.02)
        self.settle()
        return self._of(request_id)

    def settle(self) -> None:
        """Waits until nothing has arrived for a while."""
        seen = -1
        while seen != len(self.raw):
            seen = len(self.raw)
            time.sleep(_SETTLED)

    def _of(self, request_id: str) -> list[QueryRecord]:
        return [record for record in self.records if record.request_id == request_id]


@contextmanager
def recorded_queries() -> Iterator[RecordedQueries]:
    """A receiver on a free loopback port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            recorded.raw += body
            try:
                batch = decode(body)
                recorded.records += (each for each in batch.records if isinstance(each, QueryRecord))
                recorded.builds += (each for each in batch.records if isinstance(each, RollupBuild))
                recorded.dropped += batch.dropped
            except ValueError as error:
                recorded.mistakes.append(f"{error}: {body[:2000]!r}")
            self.send_response(202)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    recorded = RecordedQueries(port=server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield recorded
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def observed(files: CubeFiles, port: int, *, sql: bool = True) -> CubeFiles:
    """The files with each query's record sent to a port."""
    settings = json.loads(files.configuration["settings.json"])
    settings["observation"] = {"port": port, "sql": sql}
    return CubeFiles(
        configuration={**files.configuration, "settings.json": json.dumps(settings)}, model=dict(files.model)
    )
