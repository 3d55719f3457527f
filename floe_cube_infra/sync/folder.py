"""Files into a folder: all or nothing, what is equal untouched, what is no longer generated removed.

A file of ours is one that the index (`.floe-cube.json`, in the folder) lists; others are never touched. Each file
is replaced atomically. A run that fails before its first replacement leaves everything as it was; one that is
killed between two leaves whole files only, and the next run completes it. A lock keeps two runs apart.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from floe_cube_infra.errors import OutputError
from floe_cube_infra.model.frozen import Frozen

INDEX: Final = ".floe-cube.json"
_LOCK: Final = ".floe-cube.lock"


class Changes(Frozen):
    """What a run did, as paths relative to the folder."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    untouched: tuple[str, ...] = ()


def write_folder(folder: Path, files: Mapping[str, str]) -> Changes:
    """Makes the folder hold exactly these files of ours.

    Args:
        folder: Created if it is missing.
        files: Text by path relative to the folder.

    Raises:
        OutputError: A file that isn't ours is in the way, or the folder can't be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            return _write(folder, files)
    except OSError as error:
        place = error.filename or folder
        raise OutputError(f"{place} can't be written: {error.strerror}.") from None


def _write(folder: Path, files: Mapping[str, str]) -> Changes:
    owned = _read_index(folder)
    contents = {path: text.encode() for path, text in sorted(files.items())}
    changed = {path: content for path, content in contents.items() if not _is_equal(folder / path, content)}
    in_the_way = sorted(path for path in changed if path not in owned and (folder / path).exists())
    if in_the_way:
        raise OutputError(
            f"{folder} has files that floe-cube did not write: {', '.join(in_the_way)}. "
            "Give another folder, or move them away."
        )
    removed = sorted(owned - contents.keys())
    staged = _stage(folder, changed)
    # Files that are to come are ours from before they are there, so that a killed run never orphans one.
    _write_index(folder, owned | contents.keys())
    for path, temporary in staged.items():
        temporary.replace(folder / path)
    for path in removed:
        (folder / path).unlink(missing_ok=True)
        _remove_empty_parents(folder, path)
    _write_index(folder, contents.keys())
    return Changes(
        written=tuple(changed),
        removed=tuple(removed),
        untouched=tuple(sorted(contents.keys() - changed.keys())),
    )


def _stage(folder: Path, changed: Mapping[str, bytes]) -> dict[str, Path]:
    """All new contents in temporary files beside their places: what can fail, fails here."""
    staged: dict[str, Path] = {}
    try:
        for path, content in changed.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=target.parent)
            staged[path] = Path(name)
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            staged[path].chmod(0o644)
    except OSError:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)
        raise
    return staged


def _is_equal(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False


def _read_index(folder: Path) -> set[str]:
    try:
        document = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        paths = document["files"]
    except FileNotFoundError:
        return set()
    except (ValueError, KeyError, TypeError):
        raise OutputError(
            f"{folder / INDEX} is damaged, so which files are floe-cube's is unknown. "
            "Give another folder, or empty this one."
        ) from None
    # A path that leads out of the folder can't be ours, whatever the index says.
    return {path for path in paths if isinstance(path, str) and _is_inside(path)}


def _is_inside(path: str) -> bool:
    parts = Path(path).parts
    return bool(parts) and not Path(path).is_absolute() and ".." not in parts


def _write_index(folder: Path, paths: Collection[str]) -> None:
    text = json.dumps({"files": sorted(paths)}, indent=0) + "\n"
    target = folder / INDEX
    if _is_equal(target, text.encode()):
        return
    handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=folder)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
    Path(name).replace(target)


def _remove_empty_parents(folder: Path, path: str) -> None:
    for parent in Path(path).parents:
        directory = folder / parent
        if directory == folder or any(directory.iterdir()):
            return
        directory.rmdir()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
