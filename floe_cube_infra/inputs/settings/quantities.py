"""How large something is, as Kubernetes counts it."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator

_CPU: Final = re.compile(r"(?!0+(?:\.0+)?m?$)(?:[0-9]+(?:\.[0-9]{1,3})?|[0-9]+m)")


def _is_cpu(value: str) -> str:
    if _CPU.fullmatch(value) is None:
        raise ValueError(f"{value!r} is no amount of CPU; allowed are whole or parts of cores, such as 2, 0.5 or 500m")
    return value


Cpu = Annotated[str, AfterValidator(_is_cpu)]
"""Cores, or thousandths of one (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/)."""
