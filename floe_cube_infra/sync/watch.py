"""Waits until files change, through what the operating system tells about folders; nothing is polled.

A file is found by looking up one name after the other, through symbolic links, too. Whatever changes its content
changes the file itself or one of these names: an editor's or dbt's rename, `dbt clean` that takes the whole folder
away, the `..data` link by which Kubernetes replaces a mounted ConfigMap. So every folder on the way is watched, for
the names that are looked up in it.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Final, Self

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from floe_cube_infra.errors import FloeCubeError

# As many as Linux follows (path_resolution(7)).
_MOST_LINKS: Final = 40
_NAMES_CHANGE: Final[list[type[FileSystemEvent]]] = [
    *(FileCreatedEvent, FileDeletedEvent, FileMovedEvent),
    *(DirCreatedEvent, DirDeletedEvent, DirMovedEvent),
]
_CONTENTS_CHANGE: Final[list[type[FileSystemEvent]]] = [*_NAMES_CHANGE, FileModifiedEvent, FileClosedEvent]

# Without a handler Python prints to standard error what watchdog logs about folders that go away, which is no news.
logging.getLogger("watchdog").addHandler(logging.NullHandler())


@dataclass
class Watched:
    """What is of interest in a folder.

    Attributes:
        files: Names of the files themselves.
        steps: Names of folders and links on the way to a file.
    """

    files: set[str] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)


class FileWatcher:
    """Tells when any of some files changes; a context manager, which ends the watching.

    Made for one thread that waits, apart from `stop`, which any thread and any signal handler may call.
    """

    def __init__(self) -> None:
        # Takes what it is given even from a signal handler that interrupts its own `get`.
        self._changes: SimpleQueue[bool] = SimpleQueue()
        self._wanted: dict[Path, Watched] = {}
        self._is_stale = False
        try:
            self._observer = Observer()
            self._observer.start()
        except OSError as error:
            raise _cannot_watch(error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._observer.stop()
        self._observer.join()

    def watch(self, files: Iterable[Path]) -> None:
        """Watches these files from now on, whether they exist or not, and no others.

        A change after this call ends the next `wait`. To be called again after each change, since a folder that
        was replaced is another one; a call with nothing new costs next to nothing.

        Raises:
            FloeCubeError: The system refuses: a limit is reached, or a folder with one of the files is unreadable.
        """
        was_stale, self._is_stale = self._is_stale, False
        wanted = folders_on_the_way(files)
        if wanted == self._wanted and not was_stale:
            return
        self._observer.unschedule_all()
        # From the root on: what is replaced below a folder that is watched already, is noticed.
        for folder, watched in wanted.items():
            self._schedule(folder, watched)
        self._wanted = wanted

    def wait(self, quiet: float) -> bool:
        """Blocks until something changed, and then nothing for `quiet` seconds.

        Returns:
            False if `stop` was called.
        """
        goes_on = self._changes.get()
        while goes_on:
            try:
                goes_on = self._changes.get(timeout=quiet)
            except Empty:
                return True
        return False

    def stop(self) -> None:
        """Makes `wait` return, now or when it is called next."""
        self._changes.put(False)

    def _schedule(self, folder: Path, watched: Watched) -> None:
        events = _CONTENTS_CHANGE if watched.files else _NAMES_CHANGE
        try:
            self._observer.schedule(_Handler(watched, self._changed), str(folder), event_filter=events)
        except (FileNotFoundError, NotADirectoryError):
            pass  # the folder above tells when it comes
        except PermissionError as error:
            if watched.files:
                raise _cannot_watch(error, folder) from None
            # A folder that may be passed but not read, such as another user's home, is hardly ours to replace.
        except OSError as error:
            raise _cannot_watch(error, folder) from None

    def _changed(self, *, on_the_way: bool) -> None:
        if on_the_way:
            self._is_stale = True
        self._changes.put(True)


class _Handler(FileSystemEventHandler):
    """Tells of changes to the names of interest in one folder."""

    def __init__(self, watched: Watched, changed: Callable[..., None]) -> None:
        self._watched = watched
        self._changed = changed

    def on_any_event(self, event: FileSystemEvent) -> None:
        names = {_name(event.src_path), _name(event.dest_path)}
        on_the_way = not names.isdisjoint(self._watched.steps)
        if on_the_way or not names.isdisjoint(self._watched.files):
            self._changed(on_the_way=on_the_way)


def folders_on_the_way(files: Iterable[Path]) -> dict[Path, Watched]:
    """The folders in which names are looked up to open these files, those nearer to the root first.

    Symbolic links are followed; folders that don't exist (yet) are among the results.
    """
    folders: dict[Path, Watched] = {}
    for file in files:
        for folder, name, is_file in _look_ups(file.absolute()):
            watched = folders.setdefault(folder, Watched())
            (watched.files if is_file else watched.steps).add(name)
    return dict(sorted(folders.items(), key=lambda item: len(item[0].parts)))


def _look_ups(path: Path) -> Iterator[tuple[Path, str, bool]]:
    """Each folder, the name looked up in it, and whether that is the file in the end; as path_resolution(7)."""
    at = Path(path.anchor)
    names = list(reversed(path.parts[1:]))
    links = 0
    while names:
        name = names.pop()
        if name == "..":
            at = at.parent
            continue
        try:
            target = (at / name).readlink()
        except (OSError, ValueError):  # no link, not there, or no name that could be
            yield at, name, not names
            at /= name
            continue
        yield at, name, False
        links += 1
        if links > _MOST_LINKS:
            return
        if target.is_absolute():
            at = Path(target.anchor)
        names.extend(reversed(target.parts[1:] if target.is_absolute() else target.parts))


def _name(path: str | bytes) -> str:
    return Path(path if isinstance(path, str) else path.decode(errors="surrogateescape")).name


def _cannot_watch(error: OSError, folder: Path | None = None) -> FloeCubeError:
    limits = {errno.ENOSPC: "fs.inotify.max_user_watches", errno.EMFILE: "fs.inotify.max_user_instances"}
    limit = limits.get(error.errno or 0)
    advice = f"Raise the limit: `sysctl {limit}` shows it." if limit else "Put the file where it can be watched."
    return FloeCubeError(f"{folder or 'Files'} can't be watched: {error.strerror}. {advice}")
