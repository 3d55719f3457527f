"""Files that change in every way in which files change."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from floe_cube_infra.errors import FloeCubeError
from floe_cube_infra.sync.watch import FileWatcher, folders_on_the_way

TIMEOUT_S = 30
QUIET_S = 0.05


@pytest.fixture
def watcher() -> Iterator[FileWatcher]:
    with FileWatcher() as watcher:
        yield watcher


@contextmanager
def deadline(watcher: FileWatcher) -> Iterator[None]:
    """Makes `wait` give up rather than hang."""
    timer = threading.Timer(TIMEOUT_S, watcher.stop)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def changes(watcher: FileWatcher, quiet: float = QUIET_S) -> bool:
    with deadline(watcher):
        return watcher.wait(quiet)


def nothing_changes(watcher: FileWatcher) -> bool:
    """Whether nothing was told until now."""
    watcher.stop()
    return not watcher.wait(QUIET_S)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "project" / "target" / "manifest.json"
    file.parent.mkdir(parents=True)
    file.write_text("old")
    return file


def write_in_place(file: Path) -> None:
    file.write_text("new")


def append(file: Path) -> None:
    with file.open("a") as stream:
        stream.write("new")


def replace_by_rename(file: Path) -> None:
    new = file.with_name("manifest.json.tmp")
    new.write_text("new")
    new.replace(file)


def replace_from_another_folder(file: Path) -> None:
    new = file.parents[2] / "new.json"
    new.write_text("new")
    new.replace(file)


def delete(file: Path) -> None:
    file.unlink()


def move_away(file: Path) -> None:
    file.rename(file.with_name("other.json"))


def remove_the_folder(file: Path) -> None:
    shutil.rmtree(file.parent)


def move_the_folder_away(file: Path) -> None:
    file.parent.rename(file.parents[1] / "old-target")


def move_a_folder_above_away(file: Path) -> None:
    file.parents[1].rename(file.parents[2] / "old-project")


def put_a_link_in_its_place(file: Path) -> None:
    other = file.parents[2] / "other.json"
    other.write_text("new")
    file.unlink()
    file.symlink_to(other)


@pytest.mark.parametrize(
    "change",
    [
        write_in_place,
        append,
        replace_by_rename,
        replace_from_another_folder,
        delete,
        move_away,
        remove_the_folder,
        move_the_folder_away,
        move_a_folder_above_away,
        put_a_link_in_its_place,
    ],
)
def test_a_change_is_told_and_so_is_the_next_one(
    watcher: FileWatcher, file: Path, change: Callable[[Path], None]
) -> None:
    watcher.watch([file])
    change(file)
    assert changes(watcher)

    watcher.watch([file])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("newer")
    assert changes(watcher)

    watcher.watch([file])
    file.write_text("newest")
    assert changes(watcher)


def test_a_file_is_watched_before_it_and_its_folders_exist(watcher: FileWatcher, tmp_path: Path) -> None:
    file = tmp_path / "a" / "b" / "manifest.json"
    watcher.watch([file])
    file.parent.mkdir(parents=True)
    assert changes(watcher)

    watcher.watch([file])
    file.write_text("new")
    assert changes(watcher)


def test_a_folder_that_was_replaced_by_one_of_the_same_name_is_watched(watcher: FileWatcher, file: Path) -> None:
    watcher.watch([file])
    new = file.parents[1] / "new"
    shutil.copytree(file.parent, new)
    shutil.rmtree(file.parent)
    new.rename(file.parent)
    assert changes(watcher)

    watcher.watch([file])
    file.write_text("new")
    assert changes(watcher)


def test_a_mounted_config_map_is_watched_through_its_link(watcher: FileWatcher, tmp_path: Path) -> None:
    mount = tmp_path / "mount"
    for number, content in enumerate(("old", "new", "newest")):
        (mount / f"..{number}").mkdir(parents=True)
        (mount / f"..{number}" / "manifest.json").write_text(content)
    (mount / "..data").symlink_to("..0")
    file = mount / "manifest.json"
    file.symlink_to("..data/manifest.json")

    for number, content in ((1, "new"), (2, "newest")):
        watcher.watch([file])
        (mount / "..data_tmp").symlink_to(f"..{number}")
        (mount / "..data_tmp").rename(mount / "..data")
        shutil.rmtree(mount / f"..{number - 1}")
        assert changes(watcher)
        assert file.read_text() == content


@pytest.fixture
def told(watcher: FileWatcher, monkeypatch: pytest.MonkeyPatch) -> SimpleQueue[bool]:
    """What is told, in order: whether it was a folder or link on the way."""
    told: SimpleQueue[bool] = SimpleQueue()
    monkeypatch.setattr(watcher, "_changed", lambda *, on_the_way: told.put(on_the_way))
    return told


def test_other_files_and_reading_are_no_changes(watcher: FileWatcher, file: Path, told: SimpleQueue[bool]) -> None:
    later = file.parent / "later"
    watcher.watch([file, later / "catalog.json"])
    file.with_name("run_results.json").write_text("{}")
    (file.parent / "compiled").mkdir()
    file.read_text()
    later.mkdir()

    assert told.get(timeout=TIMEOUT_S) is True


def test_a_file_that_is_watched_no_more_is_silent(watcher: FileWatcher, file: Path, told: SimpleQueue[bool]) -> None:
    later = file.parent / "later"
    watcher.watch([file])
    file.write_text("new")
    assert told.get(timeout=TIMEOUT_S) is False

    watcher.watch([later / "catalog.json"])
    while not told.empty():
        told.get()
    file.write_text("newest")
    later.mkdir()
    assert told.get(timeout=TIMEOUT_S) is True


def test_several_writes_in_a_row_are_one_change(watcher: FileWatcher, file: Path) -> None:
    watcher.watch([file])
    for number in range(20):
        file.write_text(str(number))

    assert changes(watcher, quiet=1)
    assert nothing_changes(watcher)


def test_a_signal_handler_ends_the_waiting(watcher: FileWatcher, file: Path) -> None:
    watcher.watch([file])
    before = signal.signal(signal.SIGALRM, lambda *_: watcher.stop())
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        assert watcher.wait(QUIET_S) is False
    finally:
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize(
    ("number", "advice"),
    [(errno.ENOSPC, "max_user_watches"), (errno.EMFILE, "max_user_instances"), (errno.EACCES, "Put the file where")],
)
def test_what_the_system_refuses_is_a_sentence(
    watcher: FileWatcher, file: Path, monkeypatch: pytest.MonkeyPatch, number: int, advice: str
) -> None:
    def refuse(handler: object, path: str, **_: Any) -> None:
        if path == str(file.parent):
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(watcher._observer, "schedule", refuse)

    with pytest.raises(FloeCubeError, match=f"target can't be watched: {os.strerror(number)}.*{advice}"):
        watcher.watch([file])


def test_a_folder_above_that_may_not_be_read_is_no_obstacle(
    watcher: FileWatcher, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = watcher._observer.schedule

    def refuse(handler: Any, path: str, **options: Any) -> Any:
        if path == str(file.parents[1]):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return schedule(handler, path, **options)

    monkeypatch.setattr(watcher._observer, "schedule", refuse)
    watcher.watch([file])
    file.write_text("new")

    assert changes(watcher)


def test_the_folders_on_the_way_are_those_where_a_name_is_looked_up(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (tmp_path / "link").symlink_to("real")
    (real / "inner").symlink_to(tmp_path / "elsewhere" / "file.json")

    found = folders_on_the_way([tmp_path / "link" / ".." / "link" / "inner"])

    assert next(iter(found)) == Path("/")
    assert found[tmp_path].steps == {"link", "real", "elsewhere"}
    assert (found[real].steps, found[real].files) == ({"inner"}, set())
    assert (found[tmp_path / "elsewhere"].steps, found[tmp_path / "elsewhere"].files) == (set(), {"file.json"})


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")

    found = folders_on_the_way([tmp_path / "a"])

    assert (found[tmp_path].steps, found[tmp_path].files) == ({"a", "b"}, set())
