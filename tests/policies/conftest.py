"""The stack's configuration, as a policy pack is handed it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pulumi.runtime import config as pulumi_config


@pytest.fixture(autouse=True)
def in_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Sets the environment of the stack that is looked at; `prod` to begin with."""
    monkeypatch.delenv("PULUMI_CONFIG", raising=False)
    token = pulumi_config.CONFIG.set({})

    def choose(environment: str) -> None:
        pulumi_config.set_all_config({"floe-cube-infra:environment": environment})

    choose("prod")
    yield choose
    pulumi_config.CONFIG.reset(token)
