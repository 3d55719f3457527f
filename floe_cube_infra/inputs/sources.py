"""Bytes from wherever an input lies: a local file, `s3://` or `https://`; `.gz` is unpacked."""

from __future__ import annotations

from pathlib import Path

from floe_cube_infra.errors import SourceError

REMOTE_SCHEMES = ("s3://", "https://")

CONNECT_AND_READ_TIMEOUT_S = 60


def is_remote(location: str) -> bool:
    """Whether `location` is an address rather than a path."""
    return "://" in location


def resolve(location: str, base: Path) -> str:
    """The location with a relative path taken from `base`; addresses and absolute paths stay as they are."""
    return location if is_remote(location) else str(base / location)


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
        raise SourceError(f"The {what} {location} is a folder, not a file.") from None
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(f"The {what} {location} can't be read: {reason}.") from None


def _how_to_get(what: str) -> str:
    if "manifest" in what:
        return "`dbt parse` (or any dbt command) writes it to target/manifest.json."
    if "catalog" in what:
        return "`dbt docs generate` writes it to target/catalog.json."
    return "The floe compiler writes it; check the path in the stack's settings."


def _read_remote(location: str, what: str) -> bytes:
    if not location.startswith(REMOTE_SCHEMES):
        allowed = ", ".join(REMOTE_SCHEMES)
        raise SourceError(f"The {what} {location} can't be read: allowed are a path or {allowed}")
    try:
        return _open_any(location)
    except Exception as error:  # each transport has exceptions of its own
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise SourceError(f"The {what} {location} can't be read: {reason}") from None


def _open_any(location: str) -> bytes:
    import smart_open  # noqa: PLC0415 - brings boto3 and requests along, which a local file doesn't need

    params = {"timeout": CONNECT_AND_READ_TIMEOUT_S} if location.startswith("https://") else {}
    with smart_open.open(location, "rb", transport_params=params) as stream:
        content = stream.read()
    return bytes(content)
