"""Where shared secrets come from: environment variables, by Cube's own rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from floe_cube_infra.security.javascript_text import trim

SINGLE: Final = "CUBEJS_API_SECRET"
ROTATION: Final = "CUBEJS_API_SECRETS"


def shared_secrets(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The rotation list CUBEJS_API_SECRETS (comma-separated) if it isn't empty, else CUBEJS_API_SECRET, else none."""
    rotated = listed_secrets(environment.get(ROTATION, ""))
    if rotated:
        return rotated
    single = environment.get(SINGLE, "")
    return (single,) if single else ()


def listed_secrets(text: str) -> tuple[str, ...]:
    """The secrets of a comma-separated list, without blanks and repetitions."""
    trimmed = (trim(secret) for secret in text.split(","))
    return tuple(dict.fromkeys(secret for secret in trimmed if secret))
