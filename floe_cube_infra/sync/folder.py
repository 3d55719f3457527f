"""Files into a folder: all or nothing, what is equal untouched, what is no longer generated removed.

A file of ours is one that the index (`.floe-cube.json`, in the folder) lists; others are never touched. Each file
is replaced atomically. A run that fails before its first replacement leaves everything as it was; one that is
killed between two leaves whole files only, and the next run completes it and clears its leftovers away. A lock
keeps two runs apart.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

from floe_cube_infra.errors import OutputError
from floe_cube_infra.model.frozen import Frozen
from floe_cube_infra.sync.refusal import cannot_write

INDEX: Final = ".floe-cube.json"
_LOCK: Final = ".floe-cube.lock"
_STAGING: Final = ".floe-cube.staging"


class _Index(msgspec.Struct):
    files: list[str]


_index_decoder = msgspec.json.Decoder(_Index)


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
        raise cannot_write(error, folder) from None


def _write(folder: Path, files: Mapping[str, str]) -> Changes:
    owned = _read_index(folder)
    contents = {path: text.encode() for path, text in sorted(files.items())}
    root = str(folder)
    changed = {path: content for path, content in contents.items() if not _is_equal(f"{root}/{path}", content)}
    in_the_way = sorted(_foreign(folder, changed, owned))
    if in_the_way:
        raise OutputError(
            f"{folder} has files that floe-cube did not write: {', '.join(in_the_way)}. "
            "Give another folder, or move them away."
        )
    removed = sorted(owned - contents.keys())
    with _staging(folder) as staging:
        staged = _stage(staging, changed)
        # Files that are to come are ours from before they are there, so that a killed run never orphans one.
        _write_index(folder, staging, owned | contents.keys())
        for path in _making_room(removed, contents):
            _remove(folder, path)
        for path in _new_folders_and_files(root, changed):
            os.replace(f"{staged}/{path}", f"{root}/{path}")  # noqa: PTH105 - see _stage
        for path in removed:
            _remove(folder, path)
        _write_index(folder, staging, contents.keys())
    return Changes(
        written=tuple(changed),
        removed=tuple(removed),
        untouched=tuple(sorted(contents.keys() - changed.keys())),
    )


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """A folder for what is to come, on the same file system; a killed run's is cleared away first."""
    staging = folder / _STAGING
    if staging.exists():
        shutil.rmtree(staging)
    staging.mkdir()
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _stage(staging: Path, changed: Mapping[str, bytes]) -> str:
    """All new contents, laid out as they will be, in a folder of their own: what can fail, fails here.

    Paths are plain texts here and where files are compared and replaced, and files are written by the system's own
    calls: with ten thousand models, `pathlib` and Python's file objects take longer than the system does.
    """
    root = str(staging / "files")
    for directory in {"", *(path.rpartition("/")[0] for path in changed)}:
        os.makedirs(f"{root}/{directory}", exist_ok=True)  # noqa: PTH103
    for path, content in changed.items():
        file = os.open(f"{root}/{path}", os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        try:
            left = memoryview(content)
            while left:
                left = left[os.write(file, left) :]
        finally:
            os.close(file)
    return root


def _new_folders_and_files(root: str, changed: Collection[str]) -> Iterator[str]:
    """What to move into place: a folder that isn't there yet goes whole, which spares a call for each of its files."""
    moved: set[str] = set()
    there: set[str] = set()
    for path in changed:
        for parent in reversed(_parents(path)):
            if parent in moved:
                break
            if parent in there or os.path.isdir(f"{root}/{parent}"):  # noqa: PTH112
                there.add(parent)
                continue
            moved.add(parent)
            yield parent
            break
        else:
            yield path


def _foreign(folder: Path, paths: Collection[str], owned: Collection[str]) -> set[str]:
    """What isn't ours where one of the paths, or one of their folders, has to be."""
    found: set[str] = set()
    for parent in {parent for path in paths for parent in _parents(path)}:
        if os.path.lexists(folder / parent) and not (folder / parent).is_dir() and parent not in owned:
            found.add(parent)
    root = str(folder)
    for path in paths:
        if not os.path.lexists(f"{root}/{path}"):
            continue
        target = folder / path
        if target.is_dir() and not target.is_symlink():
            found.update(leaf for leaf in _leaves(folder, target) if leaf not in owned)
        elif path not in owned:
            found.add(path)
    return found


def _leaves(folder: Path, directory: Path) -> Iterator[str]:
    """The files and the empty folders in a folder, itself if it is empty."""
    for place, directories, names in os.walk(directory):
        links = [name for name in directories if (Path(place) / name).is_symlink()]
        for name in [*names, *links]:
            yield (Path(place) / name).relative_to(folder).as_posix()
        if not directories and not names:
            yield Path(place).relative_to(folder).as_posix()


def _making_room(removed: Collection[str], contents: Collection[str]) -> list[str]:
    """What has to go before the new can come: a file that becomes a folder, or is in a folder that becomes a file."""
    if not removed:
        return []
    folders = {parent for path in contents for parent in _parents(path)}
    files = set(contents)
    return [path for path in removed if path in folders or not files.isdisjoint(_parents(path))]


def _parents(path: str) -> tuple[str, ...]:
    return _with_parents(path.rpartition("/")[0])


@lru_cache(maxsize=1 << 12)
def _with_parents(directory: str) -> tuple[str, ...]:
    """A folder of a path and all that it is in; none for the outermost."""
    return (directory, *_parents(directory)) if directory else ()


def _is_equal(path: str, content: bytes) -> bool:
    try:
        # Without waiting for a writer, should a named pipe be in the way.
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        return os.read(file, len(content) + 1) == content
    except IsADirectoryError:
        return False
    finally:
        os.close(file)


def _read_index(folder: Path) -> set[str]:
    try:
        index = _index_decoder.decode((folder / INDEX).read_bytes())
    except FileNotFoundError:
        return set()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise OutputError(
            f"{folder / INDEX} is damaged, so which files are floe-cube's is unknown. "
            "Give another folder, or empty this one."
        ) from None
    # A path that leads out of the folder can't be ours, whatever the index says.
    return {path for path in index.files if _is_inside(path)}


def _is_inside(path: str) -> bool:
    parts = path.split("/")
    # As we write them; nothing else is a path of ours. Not `pathlib`: there may be ten thousand.
    if parts[0] in (INDEX, _LOCK, _STAGING) or not {"", ".", ".."}.isdisjoint(parts):
        return False
    return path.isprintable()  # no null character, nor half a surrogate pair, which no file's name can have


def _write_index(folder: Path, staging: Path, paths: Collection[str]) -> None:
    content = (json.dumps({"files": sorted(paths)}, indent=0) + "\n").encode()
    if _is_equal(str(folder / INDEX), content):
        return
    temporary = staging / INDEX
    temporary.write_bytes(content)
    temporary.replace(folder / INDEX)


def _remove(folder: Path, path: str) -> None:
    """Removes a file of ours and the folders that it leaves empty; a folder in its place is not ours."""
    target = folder / path
    if target.is_dir() and not target.is_symlink():
        return
    with suppress(FileNotFoundError, NotADirectoryError):
        target.unlink()
    for parent in _parents(path):
        try:
            (folder / parent).rmdir()
        except FileNotFoundError:
            continue
        except OSError:  # something is in it
            return


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
