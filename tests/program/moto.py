"""moto stands in for AWS: a real server of its protocol on a loopback port, asked by boto3."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

REGION = "eu-central-1"
_KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}


@dataclass(frozen=True)
class Aws:
    """A running moto.

    Attributes:
        url: Where it listens.
    """

    url: str

    @property
    def variables(self) -> dict[str, str]:
        """The variables with which any AWS client asks it."""
        return {"AWS_ENDPOINT_URL": self.url, "AWS_REGION": REGION, **_KEYS}

    def client(self, service: str) -> Any:
        """A client of one of its services."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )


@contextmanager
def running() -> Iterator[Aws]:
    """Runs it on a free port."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield Aws(f"http://{host}:{port}")
    finally:
        server.stop()
