"""Certificates for localhost, and a folder that is updated as Kubernetes updates a mounted one."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A certificate that signs itself, and its key, PEM."""

    certificate: str
    key: str


def certificate() -> Certificate:
    """A new one for localhost."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    return Certificate(
        certificate=made.public_bytes(pem).decode(),
        key=key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain).decode(),
    )


class MountedFolder:
    """A folder like a projected volume: every file is a link through `..data`, which is replaced at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._revision = 0

    def update(self, files: Mapping[str, str]) -> None:
        """Makes the folder hold these files."""
        self._revision += 1
        new = self.path / f"..revision_{self._revision}"
        new.mkdir()
        for name, text in files.items():
            (new / name).write_text(text)
        link = self.path / "..data_tmp"
        link.symlink_to(new.name)
        link.rename(self.path / "..data")
        for name in files:
            if not (self.path / name).is_symlink():
                (self.path / name).symlink_to(f"..data/{name}")
        shutil.rmtree(self.path / f"..revision_{self._revision - 1}", ignore_errors=True)
