"""A certificate authority of one's own, a server's certificate, and the key that signs service accounts' tokens."""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFE = datetime.timedelta(days=2)
NAMES = ("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc")
ADDRESSES = ("127.0.0.1", "10.0.0.1")


@dataclass(frozen=True, kw_only=True)
class Certificates:
    """Files in PEM.

    Attributes:
        authority: Vouches for the server and for clients.
        server: The API server's certificate, and its key.
        server_key: As said.
        client: A client's certificate for the user `certified`, and its key.
        client_key: As said.
        accounts_key: Signs and checks the tokens of service accounts.
    """

    authority: Path
    server: Path
    server_key: Path
    client: Path
    client_key: Path
    accounts_key: Path


def make_certificates(folder: Path) -> Certificates:
    """Makes everything anew in a folder."""
    folder.mkdir(parents=True)
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = _name("the tests' authority")
    made = Certificates(
        authority=folder / "authority.pem",
        server=folder / "server.pem",
        server_key=folder / "server-key.pem",
        client=folder / "client.pem",
        client_key=folder / "client-key.pem",
        accounts_key=folder / "accounts-key.pem",
    )
    constraints = x509.BasicConstraints(ca=True, path_length=None)
    builder = _builder(authority, authority, authority_key.public_key()).add_extension(constraints, critical=True)
    _write(made.authority, builder.sign(authority_key, hashes.SHA256()))

    server_key = ec.generate_private_key(ec.SECP256R1())
    names = [x509.DNSName(name) for name in NAMES]
    addresses = [x509.IPAddress(ipaddress.ip_address(address)) for address in ADDRESSES]
    builder = _builder(_name("kube-apiserver"), authority, server_key.public_key())
    builder = builder.add_extension(x509.SubjectAlternativeName([*names, *addresses]), critical=False)
    _write(made.server, builder.sign(authority_key, hashes.SHA256()))
    _write_key(made.server_key, server_key)

    client_key = ec.generate_private_key(ec.SECP256R1())
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    builder = _builder(_name("certified"), authority, client_key.public_key()).add_extension(usage, critical=False)
    _write(made.client, builder.sign(authority_key, hashes.SHA256()))
    _write_key(made.client_key, client_key)

    _write_key(made.accounts_key, rsa.generate_private_key(public_exponent=65537, key_size=2048))
    return made


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + LIFE)
    )


def _write(path: Path, certificate: x509.Certificate) -> None:
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> None:
    path.touch(mode=0o600)
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
