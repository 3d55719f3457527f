"""An endpoint that takes everything and keeps nothing, as a process of its own."""

from __future__ import annotations

import http.client
import multiprocessing
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from floe_cube_infra.local_cube.ports import free_port


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def _take_everything(port: int) -> None:
    ThreadingHTTPServer(("127.0.0.1", port), _Handler).serve_forever()


@contextmanager
def sink(cores: set[int] | None = None) -> Iterator[int]:
    """Runs it while the block runs; gives its port.

    Args:
        cores: The cores that it may have; all by default.
    """
    port = free_port()
    process = multiprocessing.get_context("spawn").Process(target=_take_everything, args=(port,), daemon=True)
    process.start()
    if cores is not None and process.pid is not None:
        os.sched_setaffinity(process.pid, cores)
    while True:
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
        except OSError:
            time.sleep(0.05)
        else:
            break
    try:
        yield port
    finally:
        process.terminate()
        process.join()
