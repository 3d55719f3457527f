"""Inputs over the wire: a real TLS server and a real S3 API, both on loopback."""

from __future__ import annotations

import datetime
import gzip
import ipaddress
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import boto3
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from moto.server import ThreadedMotoServer

from floe_cube_infra.errors import SourceError
from floe_cube_infra.inputs import sources

CONTENT = b'{"metadata": {}}' * 20_000


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/slow.json":
            self.server.released.wait(20)  # type: ignore[attr-defined]
        if path == "/moved.json":
            self.send_response(302)
            self.send_header("Location", "/none.json?X-Amz-Signature=hunter2")
            self.end_headers()
            return
        body = {"/a.json": CONTENT, "/a.json.gz": gzip.compress(CONTENT), "/slow.json": b"{}"}.get(path)
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: tests' output is for failures."""


@dataclass(frozen=True)
class TlsServer:
    address: str
    certificate: Path


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.datetime.now(datetime.UTC)
    loopback = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([loopback]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, private = folder / "certificate.pem", folder / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return pem, private


@pytest.fixture(scope="module")
def tls_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsServer]:
    certificate, key = _certificate(tmp_path_factory.mktemp("tls"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.released = threading.Event()  # type: ignore[attr-defined]
    # A refused handshake then ends in the connection's own thread, not in the one that accepts.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield TlsServer(f"https://127.0.0.1:{server.server_port}", certificate)
    server.released.set()  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def trusted(tls_server: TlsServer, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tls_server.certificate))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tls_server.address


def refusal(location: str) -> str:
    with pytest.raises(SourceError) as caught:
        sources.read(location, "dbt manifest")
    return str(caught.value)


def test_https_is_read_whole(trusted: str) -> None:
    assert sources.read(f"{trusted}/a.json", "dbt manifest") == CONTENT


@pytest.mark.parametrize("query", ["", "?versionId=3"])
def test_gz_over_https_is_unpacked(trusted: str, query: str) -> None:
    assert sources.read(f"{trusted}/a.json.gz{query}", "dbt manifest") == CONTENT


def test_an_untrusted_certificate_is_refused_in_words(tls_server: TlsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    text = refusal(f"{tls_server.address}/a.json")
    assert text.startswith(f"The dbt manifest {tls_server.address}/a.json can't be read: ")
    assert "certificate verify failed" in text


def test_an_address_that_isnt_found_is_refused_with_the_code(trusted: str) -> None:
    assert f"{trusted}/none.json can't be read: 404" in refusal(f"{trusted}/none.json")


def test_a_signature_in_the_address_is_not_told_not_even_after_a_redirect(trusted: str) -> None:
    for path in ("none.json?X-Amz-Signature=hunter2", "moved.json"):
        text = refusal(f"{trusted}/{path}")
        assert "404" in text
        assert "hunter2" not in text


def test_nobody_listening_is_refused_in_words(trusted: str) -> None:
    assert "Connection refused" in refusal("https://127.0.0.1:1/a.json")


def test_a_server_that_doesnt_answer_is_given_up_after_the_time_out(
    trusted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "CONNECT_AND_READ_TIMEOUT_S", 0.2)
    begin = time.monotonic()

    assert "timed out" in refusal(f"{trusted}/slow.json").lower()
    assert time.monotonic() - begin < 5


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A bucket with a file, plain and packed, reached as an AWS client finds its way: by the environment."""
    for name, value in {
        "AWS_ENDPOINT_URL": s3_address,
        "AWS_ACCESS_KEY_ID": "id",
        "AWS_SECRET_ACCESS_KEY": "hunter2",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
        "NO_PROXY": "127.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    client = boto3.client("s3")
    client.create_bucket(Bucket="artifacts")
    client.put_object(Bucket="artifacts", Key="shop/manifest.json", Body=CONTENT)
    client.put_object(Bucket="artifacts", Key="shop/manifest.json.gz", Body=gzip.compress(CONTENT))
    client.close()
    return "s3://artifacts"


@pytest.mark.parametrize("name", ["manifest.json", "manifest.json.gz"])
def test_s3_is_read_whole_and_unpacked(bucket: str, name: str) -> None:
    assert sources.read(f"{bucket}/shop/{name}", "dbt manifest") == CONTENT


def test_an_s3_object_or_bucket_that_isnt_there_is_refused(bucket: str) -> None:
    assert "s3://artifacts/none.json can't be read: " in refusal(f"{bucket}/none.json")
    assert "s3://nowhere/none.json can't be read: " in refusal("s3://nowhere/none.json")


def test_s3_without_credentials_is_refused_in_words(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # it holds what the environment was

    assert "redentials" in refusal(f"{bucket}/shop/manifest.json")
