"""The service of the package `random`."""

# ruff: noqa: ARG002 - a provider takes what another provider needs

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from floe_cube_infra.offline.kinds import Kind, Plains
from floe_cube_infra.offline.kinds_provider import KindsProvider
from floe_cube_infra.offline.random.password import Password

_KINDS: Final[Mapping[str, Kind]] = {"random:index/randomPassword:RandomPassword": Password()}


class RandomProvider(KindsProvider):
    """Generates passwords, which the state keeps."""

    package = "random"

    def kinds(self) -> Mapping[str, Kind]:
        """Passwords only."""
        return _KINDS

    def configure(self, config: Plains) -> str:
        """There is nothing to configure."""
        return "it generates passwords"
