"""The folder where npm packages lie, shared by all projects of this user."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from floe_cube_infra.errors import LocalCubeError


def cache_root() -> Path:
    """`floe-cube-infra` in `$XDG_CACHE_HOME`, else in `~/.cache` (XDG Base Directory Specification)."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    # The specification: a relative path is invalid and to be ignored.
    folder = Path(base) if Path(base).is_absolute() else Path.home() / ".cache"
    return folder / "floe-cube-infra"


def content_key(files: Iterable[Path], also: str) -> str:
    """Twelve characters that change when one of the files, or `also`, does."""
    digest = hashlib.sha256(also.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def provide(entry: Path, make: Callable[[Path], None]) -> Path:
    """Gives an entry of the cache, making it first if it is missing; half an entry is never seen.

    Args:
        entry: The folder that is wanted.
        make: Fills the empty folder it is given; whatever it raises leaves no entry behind.

    Raises:
        LocalCubeError: The cache can't be written.
    """
    if entry.is_dir():
        return entry
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        with locked(entry.with_name(f"{entry.name}.lock")):
            if not entry.is_dir():
                _make(entry, make)
    except PermissionError as error:
        raise LocalCubeError(
            f"{error.filename or entry.parent} can't be written; set XDG_CACHE_HOME to a folder that can."
        ) from None
    return entry


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds an exclusive lock on a file while the block runs; the system drops it if the process dies."""
    with path.open("w", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _make(entry: Path, make: Callable[[Path], None]) -> None:
    # What a killed process left behind: nobody else is at it, since we hold the lock.
    for left in entry.parent.glob(f".{entry.name}.*"):
        shutil.rmtree(left, ignore_errors=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{entry.name}.", dir=entry.parent))
    try:
        make(temporary)
        temporary.chmod(0o755)
        temporary.rename(entry)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
