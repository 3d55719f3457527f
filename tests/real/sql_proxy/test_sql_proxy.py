"""TLS before the SQL API: Traefik's own router, with the file that we give it, before a real PostgreSQL.

The client speaks the first messages of Postgres' protocol itself, so that each way to begin can be tried.
https://www.postgresql.org/docs/current/protocol-flow.html
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from floe_cube_infra.inputs.images import images
from floe_cube_infra.render.sql_proxy import render_sql_proxy
from tests.real.sql_proxy.certificates import Certificate, MountedFolder, certificate
from tools.clone import Clone
from tools.postgres import Postgres, find_postgres, run_postgres
from tools.sql_proxy import provide_sql_proxy, traefik_version

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("sql-proxy")]

SSL_REQUEST = struct.pack("!II", 8, 80877103)
SECONDS = 20.0


class Proxy:
    """The proxy with its folder."""

    def __init__(self, folder: MountedFolder, sql_port: int) -> None:
        self._folder = folder
        paths = {"certificate_file": f"{folder.path}/tls.crt", "key_file": f"{folder.path}/tls.key"}
        self._routes = render_sql_proxy(sql_port=sql_port, **paths)
        self.certificate = self.renew()
        self.address = ("127.0.0.1", 0)

    def renew(self) -> Certificate:
        """Gives it a new certificate, as a Secret that changes does."""
        new = certificate()
        self._folder.update({"routes.yaml": self._routes, "tls.crt": new.certificate, "tls.key": new.key})
        return new

    def connect(self, trusted: Certificate, *, asks: bool = True, protocols: list[str] | None = None) -> ssl.SSLSocket:
        """Opens a connection as `sslmode=verify-full` does.

        Args:
            trusted: Whose signature the client believes.
            asks: Whether it asks for TLS first (SSLRequest), or begins with it (`sslnegotiation=direct`).
            protocols: What it offers to speak within TLS.
        """
        context = ssl.create_default_context(cadata=trusted.certificate)
        if protocols:
            context.set_alpn_protocols(protocols)
        plain = socket.create_connection(self.address, timeout=SECONDS)
        try:
            if asks:
                plain.sendall(SSL_REQUEST)
                assert plain.recv(1) == b"S"
            return context.wrap_socket(plain, server_hostname="localhost")
        except BaseException:
            plain.close()
            raise


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with run_postgres(find_postgres(Clone.here())) as server:
        yield server


@pytest.fixture
def proxy(postgres: Postgres, tmp_path: Path) -> Iterator[Proxy]:
    proxy = Proxy(MountedFolder(tmp_path), postgres.port)
    process = subprocess.Popen(
        [provide_sql_proxy(), tmp_path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("listening on 127.0.0.1:"), line
        proxy.address = ("127.0.0.1", int(line.rpartition(":")[2]))
        yield proxy
    finally:
        process.kill()
        process.communicate()


def asks_for_a_password(connection: socket.socket, user: str) -> bool:
    """Whether the server behind the proxy answers a start by asking who that is."""
    parameters = f"user\0{user}\0database\0postgres\0\0".encode()
    connection.sendall(struct.pack("!II", len(parameters) + 8, 3 << 16) + parameters)
    return connection.recv(1) == b"R"


@pytest.mark.parametrize("protocols", [None, ["postgresql"]], ids=["older clients", "since PostgreSQL 17"])
@pytest.mark.parametrize("asks", [True, False], ids=["asking first", "direct"])
def test_a_client_that_verifies_the_certificate_reaches_postgres(
    proxy: Proxy, postgres: Postgres, *, asks: bool, protocols: list[str] | None
) -> None:
    with proxy.connect(proxy.certificate, asks=asks, protocols=protocols) as connection:
        assert connection.version() in {"TLSv1.2", "TLSv1.3"}
        assert asks_for_a_password(connection, postgres.user)


def test_a_client_in_clear_gets_nothing(proxy: Proxy, postgres: Postgres) -> None:
    with socket.create_connection(proxy.address, timeout=SECONDS) as connection:
        parameters = f"user\0{postgres.user}\0\0".encode()
        connection.sendall(struct.pack("!II", len(parameters) + 8, 3 << 16) + parameters)
        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(1) == b""


def test_a_renewed_certificate_is_taken_over_every_time(proxy: Proxy, postgres: Postgres) -> None:
    before = proxy.certificate
    for _ in range(2):
        renewed = proxy.renew()
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                with proxy.connect(renewed) as connection:
                    assert asks_for_a_password(connection, postgres.user)
                    break
            except ssl.SSLError:
                assert time.monotonic() < deadline, "the old certificate is still shown"
                time.sleep(0.1)
        with pytest.raises(ssl.SSLCertVerificationError):
            proxy.connect(before)
        before = renewed


def test_what_is_tried_here_is_the_version_that_runs() -> None:
    assert images()["sql_proxy"].tag == traefik_version()
