"""A run that fails leaves everything as it was; one that is killed leaves whole files, and the next completes it."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from floe_cube_infra.errors import OutputError
from floe_cube_infra.sync.folder import write_folder

OLD = {"cube.js": "old", "model/a.yml": "old a", "model/b.yml": "old b", "model/gone.yml": "old"}
NEW = {"cube.js": "new", "model/a.yml": "new a", "model/b.yml": "new b", "views/c.yml": "new c"}


def everything(folder: Path) -> dict[str, bytes | None]:
    """Every file and folder but the lock, which holds nothing."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if path.name != ".floe-cube.lock"
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(tmp_path / "out", OLD)
    return tmp_path / "out"


def test_a_full_disk_leaves_everything_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No disk is filled for this: the third file's write is refused as a full disk would refuse it."""
    before = everything(folder)
    write, written = os.write, []

    def until_full(file: int, content: bytes) -> int:
        written.append(content)
        if len(written) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(file, content)

    monkeypatch.setattr(os, "write", until_full)
    with pytest.raises(OutputError, match=r"can't be written: No space left on device\. Make room, and try again\.$"):
        write_folder(folder, NEW)

    assert everything(folder) == before


def test_a_file_that_cant_be_replaced_is_refused_and_the_next_run_completes_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system that refuses a replacement in the middle: files are whole, old or new, and no litter stays."""
    replace = os.replace

    def refuse(path: str, target: str) -> None:
        if Path(target).name == "b.yml":
            raise PermissionError(errno.EPERM, "Operation not permitted", str(target))
        replace(path, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OutputError, match=r"b\.yml can't be written: Operation not permitted\."):
        write_folder(folder, NEW)
    assert (folder / "model" / "b.yml").read_text() == "old b"
    assert not (folder / ".floe-cube.staging").exists()

    monkeypatch.undo()
    write_folder(folder, NEW)
    assert_only(folder, NEW)


@pytest.mark.parametrize("name", [".floe-cube.lock", ".floe-cube.json", ".floe-cube.staging"])
def test_what_the_synchronisation_needs_itself_being_something_else_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "out"
    (folder / ".floe-cube.json").mkdir(parents=True) if name.endswith("json") else folder.mkdir()
    if name.endswith("lock"):
        (folder / name).mkdir()
    if name.endswith("staging"):
        (folder / name).write_text("a file")

    with pytest.raises(OutputError, match="can't be written: "):
        write_folder(folder, NEW)
    assert not (folder / "cube.js").exists()


def test_a_file_where_the_folder_or_one_above_it_must_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")

    for folder in (tmp_path / "file", tmp_path / "file" / "out"):
        with pytest.raises(OutputError, match=r"can't be written: (File exists|Not a directory)\. Give a folder, of"):
            write_folder(folder, NEW)
    assert (tmp_path / "file").read_text() == "mine"


# Counts the calls that change the folder and ends the process at the given one as `kill -9` does.
KILLED = textwrap.dedent(
    """
    import json, os, pathlib, signal, sys
    from floe_cube_infra.sync.folder import write_folder

    left = int(sys.argv[2])

    def counted(change):
        def call(*arguments, **options):
            global left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
            return change(*arguments, **options)
        return call

    for name in ("replace", "unlink", "rmdir", "mkdir", "open", "write"):
        setattr(os, name, counted(getattr(os, name)))
    write_folder(pathlib.Path(sys.argv[1]), json.loads(sys.argv[3]))
    """
)


def assert_only(folder: Path, files: dict[str, str]) -> None:
    found = {path: content for path, content in everything(folder).items() if content is not None}
    del found[".floe-cube.json"]
    assert found == {path: text.encode() for path, text in files.items()}


def test_a_run_killed_at_any_point_leaves_whole_files_and_the_next_run_completes_it(tmp_path: Path) -> None:
    texts = {text.encode() for text in [*OLD.values(), *NEW.values()]}
    killed = 0
    for point in range(0, 60, 3):
        folder = tmp_path / str(point)
        write_folder(folder, OLD)
        (folder / "mine.txt").write_text("mine")
        ended = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(point), json.dumps(NEW)], check=False)
        killed += ended.returncode == -signal.SIGKILL
        shipped = {
            path: content
            for path, content in everything(folder).items()
            if content is not None and not path.startswith(".floe-cube.") and path != "mine.txt"
        }
        assert set(shipped.values()) <= texts
        assert {"cube.js", "model/a.yml", "model/b.yml"} <= shipped.keys()

        # What the killed run had begun is completed, or taken back if it is no longer wanted.
        wanted = OLD if point % 2 else NEW
        write_folder(folder, wanted)
        assert_only(folder, {**wanted, "mine.txt": "mine"})
        if ended.returncode == 0:
            break
    assert killed >= 5
