"""Who asks a registry: what `docker login` keeps, as every tool for containers reads it.

The file and the programs are Docker's: https://docs.docker.com/reference/cli/docker/login/#credential-stores
"""

from __future__ import annotations

import base64
import json
import os
import re

# Docker's credential helpers are programs; which one is in the user's own configuration.
import subprocess  # nosec B404
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from floe_cube_infra.errors import RegistryError

_HUB_KEY: Final = "https://index.docker.io/v1/"
_HELPER: Final = re.compile(r"[A-Za-z0-9._-]+")
_HELPER_SECONDS: Final = 30


class Credentials(NamedTuple):
    """A user and a password, or a token in its place."""

    user: str
    password: str


def credentials_for(host: str) -> Credentials | None:
    """What the user has logged in with; None if not at all.

    Args:
        host: The registry, such as `docker.io` or `registry.example.com:5000`.

    Raises:
        RegistryError: Docker's configuration can't be read, or its helper fails.
    """
    folder = os.environ.get("DOCKER_CONFIG")
    file = (Path(folder) if folder else Path.home() / ".docker") / "config.json"
    try:
        document = json.loads(file.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError):
        raise RegistryError(f"{file}, where `docker login` keeps its credentials, can't be read as JSON.") from None
    if not isinstance(document, dict):
        return None
    key = _HUB_KEY if host == "docker.io" else host
    helpers = _mapping(document, "credHelpers")
    helper = helpers.get(host) or helpers.get(key) or document.get("credsStore")
    if helper:
        return _from_helper(str(helper), key)
    entries = {_host_of(name): entry for name, entry in _mapping(document, "auths").items()}
    entry = entries.get(_host_of(key))
    return _decoded(entry.get("auth"), file) if isinstance(entry, dict) else None


def _mapping(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = document.get(key)
    return found if isinstance(found, dict) else {}


def _host_of(name: str) -> str:
    """Docker's file has hosts, and addresses of which only the host counts."""
    return urlsplit(name).netloc if "://" in name else name.partition("/")[0]


def _decoded(auth: object, file: Path) -> Credentials | None:
    if not isinstance(auth, str) or not auth:
        return None
    try:
        user, colon, password = base64.b64decode(auth, validate=True).decode().partition(":")
    except ValueError:
        colon = ""
    if not colon:
        raise RegistryError(f"{file} has credentials that aren't base64 of a user and a password; log in anew.")
    return Credentials(user, password.rstrip("\0"))


def _from_helper(helper: str, key: str) -> Credentials | None:
    name = f"docker-credential-{helper}"
    if not _HELPER.fullmatch(helper):
        raise RegistryError(
            f"Docker's configuration names the credential helper {helper!r}, which is no program's name."
        )
    try:
        result = subprocess.run(  # nosec B603
            [name, "get"], input=key, capture_output=True, text=True, timeout=_HELPER_SECONDS, check=False
        )
    except FileNotFoundError:
        raise RegistryError(f"Docker's configuration names {name}, which isn't on PATH.") from None
    except (OSError, UnicodeDecodeError, subprocess.TimeoutExpired):
        raise RegistryError(f"{name} can't be asked for credentials.") from None
    if result.returncode:
        # Its protocol has an answer for "none", on standard output.
        if "credentials not found" in result.stdout:
            return None
        raise RegistryError(f"{name} gave no credentials (exit code {result.returncode}).")
    try:
        answer = json.loads(result.stdout)
        return Credentials(str(answer["Username"]), str(answer["Secret"]))
    except (ValueError, LookupError, TypeError):
        raise RegistryError(f"{name} answered with something that is no credentials.") from None
