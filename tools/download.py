"""Fetching a file over HTTP, checked against its published checksum."""

import hashlib
import http.client
import threading
import urllib.error
import urllib.request
from pathlib import Path

from tools.errors import SetupError
from tools.progress import Progress

CONNECT_SECONDS = 5.0
_STALL_SECONDS = 30.0
_CHUNK = 1 << 18


def why_unreachable(url: str, seconds: float = CONNECT_SECONDS) -> str | None:
    """Asks a server for a file's headers, in a thread, since a name look-up knows no time limit.

    The machine's proxy settings (`HTTPS_PROXY` and its kin) are honoured.

    Returns:
        None where the server would give the file; else why not, to be put behind "because".
    """
    host = urllib.request.Request(url).host
    answer: list[str | None] = []

    def ask() -> None:
        try:
            with _open(url, seconds, method="HEAD"):
                answer.append(None)
        except urllib.error.HTTPError as error:
            answer.append(f"{host} answered {error.code}")
            error.close()
        except (OSError, http.client.HTTPException):
            answer.append(f"{host} could not be reached")

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    return answer[0] if answer else f"{host} did not answer within {seconds:g} s"


def fetch_text(url: str) -> str:
    """A small text file.

    Raises:
        SetupError: It can't be had.
    """
    try:
        with _open(url, _STALL_SECONDS) as response:
            content: bytes = response.read()
    except (OSError, http.client.HTTPException) as error:
        raise SetupError(f"{url} can't be downloaded: {_reason(error)}.") from error
    return content.decode("utf-8", "replace")


def fetch_file(url: str, target: Path, *, sha256: str, what: str, stall: float = _STALL_SECONDS) -> None:
    """Downloads a file, showing how far it is, and checks it.

    Args:
        url: Where it is.
        target: Where to put it; nothing is left there when it can't be had whole.
        sha256: Its checksum, in hexadecimal.
        what: Its name in the progress line.
        stall: Seconds without a byte after which to give up.

    Raises:
        SetupError: It can't be had, is cut short, or is not what was published.
    """
    try:
        _refuse_other(url, _copy(url, target, what, stall), sha256)
    except (OSError, http.client.HTTPException) as error:
        target.unlink(missing_ok=True)
        raise SetupError(f"{url} can't be downloaded: {_reason(error)}.") from error
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def published_checksum(listing: str, name: str) -> str:
    """The checksum of a file in a list of `<hexadecimal>  <name>` lines, as sha256sum writes it.

    Raises:
        SetupError: The list does not hold the file.
    """
    for line in listing.splitlines():
        digest, _, listed = line.strip().partition(" ")
        if listed.strip().lstrip("*").removeprefix("./") == name:
            return digest
    raise SetupError(f"The published checksums do not list {name}.")


def _open(url: str, seconds: float, method: str = "GET") -> http.client.HTTPResponse:
    request = urllib.request.Request(url, method=method, headers={"User-Agent": "floe-cube-infra"})
    # The addresses are literals of this package, never a user's input.
    response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=seconds)  # nosec B310
    return response


def _copy(url: str, target: Path, what: str, stall: float) -> str:
    digest = hashlib.sha256()
    with _open(url, stall) as response, target.open("wb") as file, Progress(what) as progress:
        size = int(response.headers.get("Content-Length") or 0)
        done = 0
        while chunk := response.read(_CHUNK):
            file.write(chunk)
            digest.update(chunk)
            done += len(chunk)
            progress.update(f"{done >> 20} of {size >> 20} MB" if size else f"{done >> 20} MB")
        if size and done != size:
            raise http.client.IncompleteRead(b"", size - done)
    return digest.hexdigest()


def _refuse_other(url: str, digest: str, published: str) -> None:
    if digest.lower() != published.lower():
        raise SetupError(
            f"{url} has the checksum {digest}, but {published} was published: it was changed on its way. "
            "Try again; if it stays so, install it by hand."
        )


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        return f"the server answered {error.code}"
    if isinstance(error, http.client.IncompleteRead):
        return "it was cut short"
    if isinstance(error, TimeoutError):
        return "the server stopped sending"
    return str(getattr(error, "reason", error)) or type(error).__name__
