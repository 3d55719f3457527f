"""What AWS answers where something isn't there."""

from __future__ import annotations

from typing import Any


def refused(error: Exception, *codes: str) -> bool:
    """Whether a service refused with one of these error codes. Anything else isn't its refusal."""
    response: Any = getattr(error, "response", None)
    return isinstance(response, dict) and response.get("Error", {}).get("Code") in codes
