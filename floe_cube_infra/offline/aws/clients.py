"""Clients of the AWS services, made when first asked for."""

from __future__ import annotations

import json
import os
from threading import Lock
from typing import Any

from floe_cube_infra.offline.errors import NotSupportedError, ProviderError
from floe_cube_infra.offline.kinds import Plains


class Clients:
    """Clients as the provider's configuration wants them.

    Args:
        config: The provider's configuration; what isn't a string may be JSON text.

    Raises:
        NotSupportedError: It wants a role to be assumed, which only the official provider does.
    """

    def __init__(self, config: Plains) -> None:
        config = {key: _structured(value) for key, value in config.items()}
        for key in ("assumeRoles", "assumeRoleWithWebIdentity"):
            if config.get(key):
                raise NotSupportedError(f"aws:{key} needs the official plugin; the offline provider takes no roles on.")
        self._config = config
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = Lock()

    @property
    def region(self) -> str:
        """The region where a resource names none.

        Raises:
            ProviderError: None is configured.
        """
        region = self._config.get("region") or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
        if not isinstance(region, str) or not region:
            raise ProviderError(
                "No AWS region is configured: run `pulumi config set aws:region eu-central-1`, or such."
            )
        return region

    def of(self, service: str, region: str | None = None) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        """The client of a service in a region."""
        key = (service, region or self.region)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._client(*key)
            return self._clients[key]

    def _client(self, service: str, region: str) -> Any:  # noqa: ANN401
        # Only now: it takes a third of a second to import, and a preview without drift needs none of it.
        import boto3  # type: ignore[import-untyped]  # noqa: PLC0415
        from botocore.config import Config  # type: ignore[import-untyped]  # noqa: PLC0415

        config = self._config
        endpoints = config.get("endpoints") or []
        session = boto3.Session(
            aws_access_key_id=config.get("accessKey"),
            aws_secret_access_key=config.get("secretKey"),
            aws_session_token=config.get("token"),
            profile_name=config.get("profile"),
            region_name=region,
        )
        style = "path" if config.get("s3UsePathStyle") in (True, "true") else "auto"
        return session.client(
            service,
            endpoint_url=next((entry[service] for entry in endpoints if entry.get(service)), None),
            config=Config(s3={"addressing_style": style}, retries={"mode": "standard"}),
        )


def _structured(value: object) -> object:
    if isinstance(value, str) and value.startswith(("{", "[")):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
