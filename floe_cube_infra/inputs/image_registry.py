"""What a tag means now, asked of the registry that has it.

The protocol is the Open Container Initiative's, and Docker's tokens before it:
https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md
https://distribution.github.io/distribution/spec/auth/token/
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple
from urllib.parse import urlsplit
from urllib.request import parse_http_list, parse_keqv_list

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from floe_cube_infra.errors import RegistryError
from floe_cube_infra.inputs.image_references import DIGEST, ImageReference
from floe_cube_infra.inputs.registry_credentials import credentials_for

MANIFEST_TYPES: Final = (
    # What covers all platforms goes first.
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
"""What a tag may name: an image, or an index of images for several platforms."""

TIMEOUT_SECONDS: Final = 30.0

# The limit that the specification asks registries to have at least.
_MOST_BYTES: Final = 4 * 1024 * 1024
_API_HOSTS: Final = {"docker.io": "registry-1.docker.io"}
_CHALLENGE: Final = re.compile(r"\b(?P<scheme>Bearer|Basic)\s+(?P<parameters>.*)", re.IGNORECASE | re.DOTALL)
_TOKEN: Final = re.compile(r"[\x21-\x7e]+")


class _Bearer(AuthBase):
    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


# Without it, requests takes a ~/.netrc for what is meant.
_NOBODY: Final = _Bearer(None)


def digests_of(references: Iterable[ImageReference], *, timeout: float = TIMEOUT_SECONDS) -> dict[str, str]:
    """The digests that tags have now.

    Args:
        references: Images by tag. Those on this machine's loopback are asked over HTTP, all others over HTTPS.
        timeout: Seconds that a registry may take to connect, and again between two parts of an answer.

    Returns:
        The digest by the reference without digest.

    Raises:
        RegistryError: Some have none; all of them at once.
    """
    found: dict[str, str] = {}
    problems: list[str] = []
    with requests.Session() as session:
        for reference in references:
            try:
                found[reference.tagged] = _Registry(session, reference, timeout).digest()
            except RegistryError as error:
                problems.append(f"{reference.tagged}: {error.summary}")
    if problems:
        raise RegistryError("Not every image could be looked up:", problems)
    return found


class _Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    address: str
    body: bytes


class _Registry:
    def __init__(self, session: requests.Session, reference: ImageReference, timeout: float) -> None:
        self._session = session
        self._reference = reference
        self._timeout = timeout
        self._host = _API_HOSTS.get(reference.host, reference.host)

    def digest(self) -> str:
        scheme = "http" if _is_loopback(self._host) else "https"
        url = f"{scheme}://{self._host}/v2/{self._reference.path}/manifests/{self._reference.tag}"
        auth: AuthBase = _NOBODY
        answer = self._send("HEAD", url, auth)
        if answer.status == requests.codes.unauthorized:
            auth = self._log_in(answer.headers.get("WWW-Authenticate", ""))
            answer = self._send("HEAD", url, auth)
        self._check(answer)
        given: str | None = answer.headers.get("Docker-Content-Digest")
        if given is None:
            # The header is optional; a digest is that of the bytes.
            answer = self._send("GET", url, auth)
            self._check(answer)
            return f"sha256:{hashlib.sha256(answer.body).hexdigest()}"
        if not DIGEST.fullmatch(given):
            raise RegistryError(f"{self._host} names it by {given[:80]!r}, which is no SHA-256 digest.")
        return given

    def _log_in(self, challenge: str) -> AuthBase:
        match = _CHALLENGE.search(challenge)
        credentials = credentials_for(self._reference.host)
        if match is None:
            raise RegistryError(f"{self._host} wants to know who asks, and doesn't say how (WWW-Authenticate).")
        if match["scheme"].lower() == "basic":
            if credentials is None:
                raise RegistryError(f"{self._host} wants a user and a password: `docker login {self._reference.host}`.")
            return HTTPBasicAuth(*credentials)
        try:
            parameters = parse_keqv_list(parse_http_list(match["parameters"]))
        except ValueError:
            parameters = {}
        realm = str(parameters.get("realm", ""))
        if not _is_safe(realm):
            raise RegistryError(f"{self._host} sends for tokens to {realm[:200]!r}; allowed is an https:// address.")
        asked = {"scope": parameters.get("scope") or f"repository:{self._reference.path}:pull"}
        if "service" in parameters:
            asked["service"] = parameters["service"]
        auth = _NOBODY if credentials is None else HTTPBasicAuth(*credentials)
        return _Bearer(self._token(self._send("GET", realm, auth, asked), logged_in=credentials is not None))

    def _token(self, answer: _Answer, *, logged_in: bool) -> str:
        issuer = urlsplit(answer.address).netloc
        if answer.status in (requests.codes.unauthorized, requests.codes.forbidden):
            advice = "the credentials of `docker login` are wrong" if logged_in else self._log_in_advice()
            raise RegistryError(f"{issuer} gives no token ({answer.status}): {advice}.")
        if answer.status != requests.codes.ok:
            raise RegistryError(f"{issuer} gives no token: it answers {answer.status}.")
        try:
            document = json.loads(answer.body)
        except (ValueError, RecursionError):
            document = None
        fields = document if isinstance(document, dict) else {}
        token = fields.get("token") or fields.get("access_token")
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise RegistryError(f"{issuer} answers with something that has no token.")
        return token

    def _check(self, answer: _Answer) -> None:
        status = answer.status
        if status == requests.codes.not_found:
            raise RegistryError(f"{self._host} has no such image; check its repository and tag.")
        if status in (requests.codes.unauthorized, requests.codes.forbidden):
            raise RegistryError(
                f"{self._host} refuses it ({status}): there is no such image, or {self._log_in_advice()}."
            )
        if status == requests.codes.too_many_requests:
            raise RegistryError(f"{self._host} has been asked too often (429); wait, or {self._log_in_advice()}.")
        if status != requests.codes.ok:
            raise RegistryError(f"{self._host} answers {status}; try again later.")
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind not in MANIFEST_TYPES:
            raise RegistryError(
                f"{self._host} answers with {kind[:80] or 'no content type'}, which is no image; is it a registry?"
            )

    def _log_in_advice(self) -> str:
        return f"log in: `docker login {self._reference.host}`"

    def _send(self, method: str, url: str, auth: AuthBase, params: Mapping[str, str] | None = None) -> _Answer:
        host = urlsplit(url).netloc
        accepted = ", ".join(MANIFEST_TYPES) if params is None else "application/json"
        try:
            with self._session.request(
                method,
                url,
                params=params,
                headers={"Accept": accepted},
                auth=auth,
                timeout=self._timeout,
                allow_redirects=True,
                stream=True,
            ) as response:
                answer = _Answer(response.status_code, response.headers, response.url, _body(response, host))
        except requests.exceptions.SSLError:
            raise RegistryError(
                f"{host} has no TLS that is trusted here; REQUESTS_CA_BUNDLE names further authorities."
            ) from None
        except requests.exceptions.Timeout:
            raise RegistryError(f"{host} doesn't answer within {self._timeout:g} seconds.") from None
        except requests.exceptions.TooManyRedirects:
            raise RegistryError(f"{host} sends from one address to the next without end.") from None
        except requests.exceptions.ChunkedEncodingError:
            raise RegistryError(f"{host} breaks off in the middle of its answer.") from None
        # ValueError: an address that is none.
        except (requests.exceptions.RequestException, ValueError):
            raise RegistryError(f"{host} can't be reached; a proxy is taken from HTTPS_PROXY.") from None
        if not _is_safe(answer.address):
            raise RegistryError(f"{host} sends on to an address without TLS.")
        return answer


def _body(response: requests.Response, host: str) -> bytes:
    """The whole body, as far as a manifest or a token may go."""
    body = bytearray()
    for part in response.iter_content(65536):
        body += part
        if len(body) > _MOST_BYTES:
            raise RegistryError(f"{host} answers with more than {_MOST_BYTES} bytes.")
    return bytes(body)


def _is_safe(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.netloc))


def _is_loopback(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
