"""Credentials as requests carry them, renewed where a program or a file tells new ones."""

from __future__ import annotations

import base64
import json
import os

# Starting the kubeconfig's own plugin is how its credentials are had.
import subprocess  # nosec B404
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, Final

from floe_cube_infra.offline.errors import ProviderError
from floe_cube_infra.offline.kubernetes.cluster.kubeconfig import ExecPlugin, User

_SECONDS: Final = 60.0
# A credential that ends within this time is asked for again.
_MARGIN: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What a plugin told."""

    token: str | None = field(repr=False)
    certificate: str | None = field(repr=False)
    key: str | None = field(repr=False)
    expires: datetime | None

    @property
    def is_fresh(self) -> bool:
        return self.expires is None or self.expires - _MARGIN > datetime.now(UTC)


class Credentials:
    """Who speaks to the API server, as headers and a client certificate."""

    def __init__(self, user: User) -> None:
        self._user = user
        self._lock = Lock()
        self._told: _Told | None = None

    def authorization(self) -> str | None:
        """Gives the header `Authorization`, or None where a certificate (or nothing) says who speaks.

        Raises:
            ProviderError: A plugin or a token's file can't be read.
        """
        user = self._user
        token = user.token
        if user.token_file is not None:
            try:  # read each time, since whoever writes it renews it
                token = user.token_file.read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ProviderError(f"The token's file {user.token_file} can't be read: {error.strerror}.") from None
        if told := self._of_plugin():
            token = told.token or token
        if token:
            return f"Bearer {token}"
        if user.username is not None:
            pair = f"{user.username}:{user.password or ''}"
            return "Basic " + base64.b64encode(pair.encode()).decode()
        return None

    def certificate(self) -> tuple[str, str] | None:
        """Gives the client's certificate and key (PEM), where there are such.

        Raises:
            ProviderError: A plugin can't be run, or there is a certificate without its key.
        """
        told = self._of_plugin()
        certificate = told.certificate if told and told.certificate else self._user.certificate
        key = told.key if told and told.certificate else self._user.key
        if certificate is None:
            return None
        if key is None:
            raise ProviderError("The kubeconfig has a client-certificate without a client-key; it needs both.")
        return certificate, key

    def renew(self) -> bool:
        """Forgets what a plugin told, after the server refused it; says whether there is something new to try."""
        with self._lock:
            renewable = self._told is not None and self._user.exec_plugin is not None
            self._told = None
            return renewable

    def _of_plugin(self) -> _Told | None:
        plugin = self._user.exec_plugin
        if plugin is None:
            return None
        with self._lock:
            if self._told is None or not self._told.is_fresh:
                self._told = _ask(plugin)
            return self._told


def _ask(plugin: ExecPlugin) -> _Told:
    spec: dict[str, Any] = {"interactive": False}
    if plugin.cluster is not None:
        spec["cluster"] = dict(plugin.cluster)
    asked = {"apiVersion": plugin.api_version, "kind": "ExecCredential", "spec": spec}
    name = plugin.command[0]
    try:
        result = subprocess.run(  # nosec B603
            plugin.command,
            env=os.environ | {"KUBERNETES_EXEC_INFO": json.dumps(asked)} | dict(plugin.env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise ProviderError(f"The kubeconfig's plugin {name!r} isn't installed, or isn't on PATH.") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ProviderError(f"The kubeconfig's plugin {name!r} failed: {type(error).__name__}.") from None
    if result.returncode != 0:
        raise ProviderError(
            f"The kubeconfig's plugin {name!r} ended with {result.returncode}: {result.stderr.strip()[-500:]}"
        )
    try:
        status = json.loads(result.stdout)["status"]
        expires = status.get("expirationTimestamp")
        return _Told(
            token=status.get("token"),
            certificate=status.get("clientCertificateData"),
            key=status.get("clientKeyData"),
            expires=datetime.fromisoformat(expires) if expires else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        # Its output holds a credential: quote nothing.
        raise ProviderError(f"The kubeconfig's plugin {name!r} printed no ExecCredential with a status.") from None
