"""Asks a local Cube over REST."""

from __future__ import annotations

import json
import time
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

_SECONDS: Final = 120
_CONTINUE: Final = "Continue wait"


def load(address: str, token: str, query: object) -> str:
    """Asks a question and waits for its answer; the first one also waits until the model is compiled.

    Args:
        address: Cube's, such as http://127.0.0.1:4000.
        token: Who asks.
        query: As the REST API takes it.

    Returns:
        Why it was not answered; empty if it was.
    """
    path = f"/cubejs-api/v1/load?query={quote(json.dumps(query))}"
    request = Request(f"{address}{path}", headers={"Authorization": f"Bearer {token}"})  # noqa: S310 - our own address
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        error = _once(request)
        if error != _CONTINUE:
            return error
    return f"no answer within {_SECONDS} s"


def _once(request: Request) -> str:
    try:
        with urlopen(request, timeout=_SECONDS) as response:  # noqa: S310 # nosec B310 # our own address
            answer: Any = json.load(response)
    except HTTPError as error:
        with error:
            text = error.read().decode(errors="replace")
        try:
            answer = json.loads(text)
        except ValueError:
            return f"status {error.code}"
    except (URLError, TimeoutError, ConnectionError, ValueError) as error:
        return str(getattr(error, "reason", error))
    return str(answer.get("error") or "") if isinstance(answer, dict) else "an answer of another form"
