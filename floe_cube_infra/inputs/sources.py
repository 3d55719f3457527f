"""Bytes from wherever an input lies: a local file, `s3://` or `https://`; `.gz` is unpacked."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

from floe_cube_infra.errors import SourceError

REMOTE_SCHEMES = ("s3://", "https://")

CONNECT_AND_READ_TIMEOUT_S = 60

_WITH_OBJECT = re.compile(r"s3://[^/]+/.+|https://.+", re.DOTALL)
# What may be secret in an address: user and password (in S3's form with slashes, too), and the query, which
# in a presigned address is the permission itself.
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+(?=@)|(?<=s3://)[^/@:\s]+:[^@\s]+(?=@)|(?<=\?)[^\s'\")]+")


def is_remote(location: str) -> bool:
    """Whether `location` is an address rather than a path."""
    return "://" in location


def resolve(location: str, base: Path) -> str:
    """The location with a relative path taken from `base`; addresses and absolute paths stay as they are."""
    return location if is_remote(location) else str(base / location)


def without_credentials(location: str) -> str:
    """The location with passwords and the query of an address replaced by `***`, fit for messages."""
    return _CREDENTIALS.sub("***", location) if is_remote(location) else location


def read(location: str, what: str) -> bytes:
    """Reads an input whole.

    Args:
        location: A path, or an `s3://` or `https://` address. Credentials for S3 come from where every AWS
            client takes them (environment, profile, role); they are no setting of ours.
        what: What it should be, for the error: "dbt manifest", say.

    Raises:
        SourceError: It isn't there, can't be read, or the scheme is not one of those above.
    """
    if is_remote(location):
        return _read_remote(location, what)
    path = Path(location)
    try:
        if path.suffix == ".gz":
            return _open_any(location)
        return path.read_bytes()
    except FileNotFoundError:
        raise SourceError(f"The {what} {location} does not exist. {_how_to_get(what)}") from None
    except IsADirectoryError:
        raise SourceError(f"The {what} {location} is a folder, not a file. {_in_folder(path, what)}") from None
    except (OSError, EOFError, ValueError, zlib.error) as error:  # ValueError: a path with a null character
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(f"The {what} {location} can't be read: {reason}.") from None


def _in_folder(folder: Path, what: str) -> str:
    names = {"manifest": "manifest.json", "catalog": "catalog.json", "artifacts": "compiled_artifacts.json"}
    for kind, name in names.items():
        for file in (folder / name, folder / "target" / name):
            if kind in what and file.is_file():
                return f"Give the file in it: {file}."
    return _how_to_get(what)


def _how_to_get(what: str) -> str:
    if "manifest" in what:
        return "`dbt parse` (or any dbt command) writes it to target/manifest.json."
    if "catalog" in what:
        return "`dbt docs generate` writes it to target/catalog.json."
    return "The floe compiler writes it; check the path in the stack's settings."


def _read_remote(location: str, what: str) -> bytes:
    shown = without_credentials(location)
    if not location.startswith(REMOTE_SCHEMES):
        allowed = " or ".join(REMOTE_SCHEMES)
        raise SourceError(f"The {what} {shown} can't be read: allowed are a path, {allowed}.")
    if not _WITH_OBJECT.fullmatch(location):
        raise SourceError(f"The {what} {shown} can't be read: it names no file; write s3://<bucket>/<key>.")
    try:
        return _open_any(location)
    except Exception as error:  # each transport has exceptions of its own
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise SourceError(f"The {what} {shown} can't be read: {_CREDENTIALS.sub('***', reason)}") from None


def _open_any(location: str) -> bytes:
    import smart_open  # noqa: PLC0415 - brings boto3 and requests along, which a local file doesn't need

    params = {"timeout": CONNECT_AND_READ_TIMEOUT_S} if location.startswith("https://") else {}
    with smart_open.open(location, "rb", transport_params=params) as stream:
        content = stream.read()
    return bytes(content)
