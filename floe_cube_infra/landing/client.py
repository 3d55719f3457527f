"""Asks Cube over HTTP. The token goes to the given address and nowhere else, and is in no text that comes back."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import requests

MODEL_HEADER: Final = "X-Floe-Model-Version"
"""What cube.js tells to those with a token."""

_SECONDS: Final = 30
_PAUSE: Final = 0.5
_LONGEST_TEXT: Final = 200
_CONTINUE: Final = "Continue wait"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer, or why there is none.

    Attributes:
        status: Of HTTP; 0 where nobody answered.
        body: What JSON says; None where it is no JSON.
        model_version: Which model answered; empty where it doesn't say.
        error: What went wrong, a short text; empty if nothing did.
    """

    status: int = 0
    body: object = None
    model_version: str = ""
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class _Bearer(requests.auth.AuthBase):
    """The token as a header; given as `auth`, no .netrc takes its place."""

    token: str = field(repr=False)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class _NoToken(requests.auth.AuthBase):
    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class CubeClient:
    """A user of Cube's API.

    Each question goes over a connection of its own: behind a Service another pod may answer.

    Args:
        api: The address of Cube's API, which ends with `/cubejs-api`.
        token: Who asks.
        seconds: How long an answer to a query may take.
        clock: Seconds that only rise, and what waits for some; tests give their own.
    """

    def __init__(
        self,
        api: str,
        token: str,
        *,
        seconds: float = _SECONDS,
        clock: tuple[Callable[[], float], Callable[[float], None]] = (time.monotonic, time.sleep),
    ) -> None:
        self._api = api
        self._token = token
        self._seconds = seconds
        self._now, self._sleep = clock

    def probe(self, address: str) -> Answer:
        """A question to any address, without the token."""
        return self._request(address, None, _NoToken())

    def ask(self, path: str, body: Mapping[str, object] | None = None) -> Answer:
        """A question to the API; `Continue wait` is followed up."""
        until = self._now() + self._seconds
        while True:
            answer = self._request(f"{self._api}/{path}", body, _Bearer(token=self._token))
            if _CONTINUE not in answer.error or self._now() >= until:
                return answer
            self._sleep(_PAUSE)

    def _request(self, address: str, body: Mapping[str, object] | None, auth: requests.auth.AuthBase) -> Answer:
        method = "GET" if body is None else "POST"
        try:
            got = requests.request(method, address, json=body, auth=auth, timeout=self._seconds, allow_redirects=False)
        except requests.exceptions.SSLError:
            return Answer(error="its certificate doesn't hold here")
        except requests.exceptions.Timeout:
            return Answer(error=f"no answer within {self._seconds:.0f} s")
        except requests.exceptions.RequestException:
            return Answer(error="nothing answers there")
        if 300 <= got.status_code < 400:
            return Answer(status=got.status_code, error="it leads to another address; give that one")
        decoded = _decoded(got)
        error = self._said(decoded) or ("" if got.ok else f"status {got.status_code}")
        return Answer(
            status=got.status_code, body=decoded, model_version=got.headers.get(MODEL_HEADER, ""), error=error
        )

    def _said(self, body: object) -> str:
        """What an answer says went wrong, by REST, by GraphQL, or by SQL over HTTP."""
        if not isinstance(body, dict):
            return ""
        errors = body.get("errors")
        first = errors[0] if isinstance(errors, list) and errors else None
        said = first.get("message") if isinstance(first, dict) else body.get("error")
        return str(said).replace(self._token, "[token]")[:_LONGEST_TEXT] if said else ""


def _decoded(got: requests.Response) -> object:
    """The JSON; of several lines, as SQL over HTTP has them, all as one object. None where there is none."""
    try:
        lines = [json.loads(got.text)]
    except ValueError:
        try:
            lines = [json.loads(line) for line in got.text.splitlines() if line]
        except ValueError:
            return None
    return {key: value for line in lines if isinstance(line, dict) for key, value in line.items()}
