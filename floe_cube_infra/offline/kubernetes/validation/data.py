"""Rules for the data of ConfigMaps and Secrets. No message quotes a value: it may be a secret one."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any, Final

from floe_cube_infra.offline.kubernetes.objects import ObjectType
from floe_cube_infra.offline.kubernetes.validation.findings import Findings, kind_of
from floe_cube_infra.offline.wire import Unknown

_KEY: Final = re.compile(r"[-._a-zA-Z0-9]{1,253}")
_LARGEST: Final = 1024 * 1024
# What Kubernetes demands of the well-known types of Secrets.
_KEYS_BY_TYPE: Final = {
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
}


def check_config_map(manifest: dict[str, Any], _kind: ObjectType, findings: Findings) -> None:
    """Checks keys, types, overlap and total size of a ConfigMap."""
    size = _check_texts(manifest, "data", findings) + _check_base64(manifest, "binaryData", findings)
    for key in sorted(_keys(manifest, "data") & _keys(manifest, "binaryData")):
        findings.add(("binaryData", key), "is also a key of data; use each key in one of the two")
    _check_size("data", size, "split it over several ConfigMaps", findings)


def check_secret(manifest: dict[str, Any], _kind: ObjectType, findings: Findings) -> None:
    """Checks keys, types, encoding and total size of a Secret, and the keys that its type needs."""
    size = _check_base64(manifest, "data", findings) + _check_texts(manifest, "stringData", findings)
    _check_size("data", size, "split it over several Secrets", findings)
    wanted = _KEYS_BY_TYPE.get(str(manifest.get("type")), ())
    if not any(isinstance(manifest.get(field), Unknown) for field in ("data", "stringData")):
        given = _keys(manifest, "data") | _keys(manifest, "stringData")
        for key in wanted:
            if key not in given:
                findings.add(("data", key), f"is missing; a Secret of type {manifest['type']} needs it")


def _keys(manifest: dict[str, Any], field: str) -> set[str]:
    value = manifest.get(field)
    return set(value) if isinstance(value, dict) else set()


def _check_texts(manifest: dict[str, Any], field: str, findings: Findings) -> int:
    size = 0
    for key, value in findings.mapping(manifest, field, ()).items():
        _check_key(field, key, findings)
        if isinstance(value, str):
            size += len(value.encode())
        elif not isinstance(value, Unknown):
            findings.add(
                (field, key),
                f"must be a string, but is {kind_of(value)}; write it as text (JSON, or in quotes)",
            )
    return size


def _check_base64(manifest: dict[str, Any], field: str, findings: Findings) -> int:
    size = 0
    for key, value in findings.mapping(manifest, field, ()).items():
        _check_key(field, key, findings)
        if isinstance(value, Unknown):
            continue
        try:
            size += len(base64.b64decode("".join(value.split()), validate=True))
        except (AttributeError, binascii.Error, ValueError):
            findings.add((field, key), "must be a base64 string; plain text belongs into stringData or data")
    return size


def _check_key(field: str, key: str, findings: Findings) -> None:
    if not _KEY.fullmatch(key) or key == "." or key.startswith(".."):
        findings.add(
            (field, key),
            f"{key!r} isn't a valid key: use at most 253 letters, digits, '-', '_' and '.', not '..' first",
        )


def _check_size(field: str, size: int, advice: str, findings: Findings) -> None:
    if size > _LARGEST:
        findings.add((field,), f"holds {size} bytes; at most {_LARGEST} are allowed: {advice}")
