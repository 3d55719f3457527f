"""A single file, whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from floe_cube_infra.errors import OutputError
from floe_cube_infra.sync.file import write_file


def test_a_file_is_replaced_by_a_whole_one_that_others_may_read(tmp_path: Path) -> None:
    path = tmp_path / "model.svg"
    path.write_text("before")

    write_file(path, "straße\n")

    mask = os.umask(0)
    os.umask(mask)
    assert path.read_bytes() == "straße\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "model.svg"
    path.write_text("before")

    with pytest.raises(UnicodeEncodeError):
        write_file(path, "half \ud800")

    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "behind").write_text("before")
    (tmp_path / "link").symlink_to(tmp_path / "behind")

    write_file(tmp_path / "link", "text")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "behind").read_text() == "text"


def test_a_pipe_takes_what_comes(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDWR)

    write_file(pipe, "text")

    assert os.read(reader, 99) == b"text"
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    os.close(reader)


@pytest.mark.parametrize("place", ["nowhere/model.svg", "."])
def test_a_place_where_no_file_can_be_is_told(tmp_path: Path, place: str) -> None:
    with pytest.raises(OutputError, match="can't be written: "):
        write_file(tmp_path / place, "text")
