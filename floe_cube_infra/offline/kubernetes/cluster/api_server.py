"""Requests to a cluster's API server over HTTP: who speaks, what is asked again, and what an answer means."""

from __future__ import annotations

import json
import ssl
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from threading import Event
from typing import Any, Final

import urllib3

from floe_cube_infra.offline.errors import ProviderError
from floe_cube_infra.offline.kubernetes.cluster.api_errors import ApiError, UnreachableError
from floe_cube_infra.offline.kubernetes.cluster.credentials import Credentials
from floe_cube_infra.offline.kubernetes.cluster.kubeconfig import ClusterAccess

# Every request of this package may be repeated: reading, server-side apply, and deletion of a known uid.
_SECONDS_TO_ASK_AGAIN: Final = 30.0
_PAUSES: Final = (0.2, 0.5, 1.0, 2.0)
_TIMEOUT: Final = urllib3.Timeout(connect=5.0, read=60.0)
_ASK_AGAIN: Final = frozenset({429, 502, 503, 504})
_UNAUTHORIZED: Final = 401
_SUCCESS: Final = range(200, 300)
# The engine runs dozens of operations at a time.
_CONNECTIONS: Final = 32


class ApiServer:
    """The API server of one cluster.

    Args:
        access: The cluster, and who to be there.
        on_warning: Takes each warning of the server, such as one about an outdated API.
        stop: Set when waiting isn't wanted any more.
    """

    def __init__(self, access: ClusterAccess, on_warning: Callable[[str], None], stop: Event) -> None:
        self.access = access
        self._on_warning = on_warning
        self._stop = stop
        self._credentials = Credentials(access.user)
        self._http = _pool(access, self._credentials)

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """Reads.

        Raises:
            ApiError: The server refused.
            UnreachableError: It gave no answer.
        """
        return self.request("GET", path, query)

    def request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: Mapping[str, Any] | None = None,
        content_type: str = "application/json",
    ) -> dict[str, Any]:
        """Sends a request that may be repeated, and gives the object that is the answer.

        Args:
            method: HTTP's.
            path: The path, without the server.
            query: The parameters behind it.
            body: The object to send.
            content_type: How the server should take it.

        Raises:
            ApiError: The server refused.
            UnreachableError: It gave no answer, again and again.
        """
        url = f"{self.access.server}{path}" + (f"?{urllib.parse.urlencode(query)}" if query else "")
        content = None if body is None else json.dumps(body).encode()
        give_up = time.monotonic() + _SECONDS_TO_ASK_AGAIN
        for pause in _pauses():
            failure = self._try(method, url, content, content_type)
            if isinstance(failure, urllib3.BaseHTTPResponse):
                if failure.status == _UNAUTHORIZED and self._credentials.renew():
                    continue
                if failure.status not in _ASK_AGAIN or self._is_over(give_up, pause):
                    return self._answer(failure)
            elif self._is_over(give_up, pause):
                raise UnreachableError(_unreachable(self.access, failure)) from None
            self._stop.wait(pause)
        raise AssertionError("the pauses never end")

    def _is_over(self, give_up: float, pause: float) -> bool:
        return self._stop.is_set() or time.monotonic() + pause > give_up

    def _try(
        self, method: str, url: str, content: bytes | None, content_type: str
    ) -> urllib3.BaseHTTPResponse | urllib3.exceptions.HTTPError:
        headers = {"Accept": "application/json", "Content-Type": content_type, "User-Agent": "floe-cube-infra"}
        if authorization := self._credentials.authorization():
            headers["Authorization"] = authorization
        try:
            return self._http.request(
                method, url, body=content, headers=headers, timeout=_TIMEOUT, retries=False, redirect=False
            )
        except urllib3.exceptions.SSLError as error:
            raise ProviderError(
                f"The API server {self.access.server} of the context {self.access.context!r} can't be trusted: "
                f"{error}. Check certificate-authority in the kubeconfig."
            ) from None
        except urllib3.exceptions.HTTPError as error:
            return error

    def _answer(self, response: urllib3.BaseHTTPResponse) -> dict[str, Any]:
        for warning in response.headers.getlist("Warning"):
            # 299 - "text"
            self._on_warning(warning.partition('"')[2].rstrip('"').replace('\\"', '"'))
        try:
            content = json.loads(response.data or b"{}")
        except ValueError:
            content = {"message": "its answer isn't JSON; is that an API server of Kubernetes, and has it this kind?"}
        if response.status in _SUCCESS and isinstance(content, dict) and content.get("kind"):
            return content
        status = content if isinstance(content, dict) else {}
        raise ApiError(
            code=response.status,
            reason=str(status.get("reason") or response.reason or "unknown"),
            message=str(status.get("message") or "no reason was given"),
            details=status.get("details") or {},
        )


def _pauses() -> Iterator[float]:
    yield from _PAUSES
    while True:
        yield _PAUSES[-1]


def _pool(access: ClusterAccess, credentials: Credentials) -> urllib3.PoolManager:
    context = ssl.create_default_context(cadata=access.authority)
    if not access.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if pair := credentials.certificate():
        _load(context, *pair)
    options: dict[str, Any] = {"ssl_context": context, "maxsize": _CONNECTIONS, "block": False}
    if access.server_name:
        options |= {"server_hostname": access.server_name, "assert_hostname": access.server_name}
    if proxy := access.proxy or _proxy_of_the_environment(access.server):
        return urllib3.ProxyManager(proxy, **options)
    return urllib3.PoolManager(**options)


def _load(context: ssl.SSLContext, certificate: str, key: str) -> None:
    # Python's ssl only takes files.
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(f"{certificate}\n{key}\n")
        file.flush()
        try:
            context.load_cert_chain(Path(file.name))
        except ssl.SSLError:
            raise ProviderError(
                "The kubeconfig's client certificate and key don't fit together, or aren't PEM."
            ) from None


def _proxy_of_the_environment(server: str) -> str | None:
    parts = urllib.parse.urlsplit(server)
    if urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    return urllib.request.getproxies().get(parts.scheme)


def _unreachable(access: ClusterAccess, error: urllib3.exceptions.HTTPError) -> str:
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        reason = str(error).rpartition(": ")[2]
    elif isinstance(error, urllib3.exceptions.TimeoutError):
        reason = "no answer in time"
    else:
        reason = "the connection broke off"
    return (
        f"The API server {access.server} of the context {access.context!r} can't be reached ({reason}). Check the "
        "kubeconfig and the network; then run the same command again: it takes up where it was."
    )
