"""Which kind of stack is being looked at."""

from __future__ import annotations

from typing import Final

import pulumi

_PROJECT: Final = "floe-cube-infra"


def environment() -> str:
    """The setting `environment` of the stack; a stack that doesn't say is taken for production."""
    return pulumi.Config(_PROJECT).get("environment") or "prod"
