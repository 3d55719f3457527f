from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from floe_cube_infra.errors import OutputError
from floe_cube_infra.sync.folder import INDEX, Changes, write_folder

FILES = {"cube.js": "// code\n", "model/cubes/orders.yml": "cubes: []\n", "model/cubes/straße.yml": "a: ü\n"}


def content_of(folder: Path) -> dict[str, bytes]:
    """Every file that isn't the synchronisation's own."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".floe-cube.")
    }


def as_bytes(files: dict[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in files.items()}


def times(folder: Path) -> dict[str, int]:
    return {path: (folder / path).stat().st_mtime_ns for path in [*content_of(folder), INDEX]}


def refusal(folder: Path, files: dict[str, str]) -> str:
    with pytest.raises(OutputError) as caught:
        write_folder(folder, files)
    return str(caught.value)


def test_a_first_run_creates_the_folder_and_writes_everything(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there" / "yet"

    assert write_folder(folder, FILES) == Changes(written=tuple(sorted(FILES)))
    assert content_of(folder) == as_bytes(FILES)
    assert json.loads((folder / INDEX).read_text()) == {"files": sorted(FILES)}


def test_written_files_can_be_read_by_other_users(tmp_path: Path) -> None:
    write_folder(tmp_path, FILES)

    assert {(tmp_path / path).stat().st_mode & 0o777 for path in FILES} == {0o644}


def test_a_second_run_leaves_every_file_and_its_time_untouched(tmp_path: Path) -> None:
    write_folder(tmp_path, FILES)
    for path in [*FILES, INDEX]:
        os.utime(tmp_path / path, ns=(1_000_000_007, 1_000_000_007))

    assert write_folder(tmp_path, FILES) == Changes(untouched=tuple(sorted(FILES)))
    assert set(times(tmp_path).values()) == {1_000_000_007}


def test_one_changed_file_is_the_only_one_that_is_written(tmp_path: Path) -> None:
    write_folder(tmp_path, FILES)
    before = times(tmp_path)

    changes = write_folder(tmp_path, {**FILES, "cube.js": "// c0de\n"})

    assert changes.written == ("cube.js",)
    after = times(tmp_path)
    assert {path for path in before if before[path] != after[path]} == {"cube.js"}


def test_what_is_no_longer_generated_is_removed_with_the_folders_it_leaves_empty(tmp_path: Path) -> None:
    write_folder(tmp_path, FILES)

    changes = write_folder(tmp_path, {"cube.js": FILES["cube.js"]})

    assert changes == Changes(
        removed=("model/cubes/orders.yml", "model/cubes/straße.yml"),
        untouched=("cube.js",),
    )
    assert not (tmp_path / "model").exists()


def test_foreign_files_stay_and_so_do_their_folders(tmp_path: Path) -> None:
    write_folder(tmp_path, FILES)
    (tmp_path / "model" / "cubes" / "mine.yml").write_text("mine")
    (tmp_path / "notes.txt").write_text("mine")

    write_folder(tmp_path, {})

    assert content_of(tmp_path) == {"model/cubes/mine.yml": b"mine", "notes.txt": b"mine"}


def test_a_file_that_was_changed_by_hand_is_written_again(tmp_path: Path) -> None:
    write_folder(tmp_path, FILES)
    (tmp_path / "cube.js").write_text("// by hand")
    (tmp_path / "model" / "cubes" / "orders.yml").unlink()

    assert write_folder(tmp_path, FILES).written == ("cube.js", "model/cubes/orders.yml")
    assert content_of(tmp_path) == as_bytes(FILES)


def test_foreign_files_in_the_way_are_all_named_and_nothing_changes(tmp_path: Path) -> None:
    write_folder(tmp_path, {"cube.js": "old"})
    (tmp_path / "a.txt").write_text("mine")
    (tmp_path / "model").write_text("mine, and no folder")
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "folder" / "below").mkdir(parents=True)
    (tmp_path / "folder" / "file").write_text("mine")
    before = content_of(tmp_path)

    text = refusal(tmp_path, {"cube.js": "new", "a.txt": "x", "model/b": "x", "link": "x", "folder": "x"})

    assert text == (
        f"{tmp_path} has files that floe-cube did not write: a.txt, folder/below, folder/file, link, model. "
        "Give another folder, or move them away."
    )
    assert content_of(tmp_path) == before
    assert json.loads((tmp_path / INDEX).read_text()) == {"files": ["cube.js"]}


def test_a_foreign_file_that_is_equal_is_not_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "cube.js").write_text(FILES["cube.js"])

    assert write_folder(tmp_path, FILES).untouched == ("cube.js",)


def test_an_empty_foreign_folder_where_a_file_must_go_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "cube.js").mkdir()

    assert "did not write: cube.js." in refusal(tmp_path, FILES)


def test_a_link_to_a_folder_where_a_file_must_go_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "file").write_text("mine")
    (tmp_path / "cube.js").symlink_to("elsewhere")
    assert "did not write: cube.js." in refusal(tmp_path, FILES)

    (tmp_path / "cube.js").unlink()
    (tmp_path / "cube.js").mkdir()
    (tmp_path / "cube.js" / "link").symlink_to(tmp_path / "elsewhere")
    assert "did not write: cube.js/link." in refusal(tmp_path, FILES)


def test_a_file_may_become_a_folder_and_a_folder_a_file(tmp_path: Path) -> None:
    for files in ({"a": "1", "b/c/d": "2"}, {"a/x/y": "3", "b": "4"}, {"a": "1", "b/c/d": "2"}):
        write_folder(tmp_path, files)
        assert content_of(tmp_path) == as_bytes(files)


@pytest.mark.parametrize("gone", ["folder", "replaced by a file", "replaced by a folder"])
def test_what_was_already_removed_by_hand_is_no_obstacle(tmp_path: Path, gone: str) -> None:
    write_folder(tmp_path, {"keep": "1", "model/cubes/a.yml": "2"})
    (tmp_path / "model" / "cubes" / "a.yml").unlink()
    if gone == "replaced by a folder":
        (tmp_path / "model" / "cubes" / "a.yml").mkdir()
    else:
        (tmp_path / "model" / "cubes").rmdir()
        (tmp_path / "model").rmdir()
    if gone == "replaced by a file":
        (tmp_path / "model").write_text("mine")

    write_folder(tmp_path, {"keep": "1"})

    assert json.loads((tmp_path / INDEX).read_text()) == {"files": ["keep"]}
    assert (tmp_path / "model").exists() == (gone != "folder")


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"files": null}',
        b'{"files": "cube.js"}',
        b'{"files": [1]}',
        b'{"files": {"cube.js": 1}}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"files": ["\xff"]}',
    ],
)
def test_a_damaged_index_is_refused_and_nothing_changes(tmp_path: Path, damaged: bytes) -> None:
    write_folder(tmp_path, FILES)
    (tmp_path / INDEX).write_bytes(damaged)

    text = refusal(tmp_path, {"cube.js": "new"})

    assert text.startswith(f"{tmp_path / INDEX} is damaged, so which files are floe-cube's is unknown.")
    assert content_of(tmp_path) == as_bytes(FILES)
    assert (tmp_path / INDEX).read_bytes() == damaged


def test_an_index_that_leads_elsewhere_never_removes_anything_there(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    folder = tmp_path / "folder"
    folder.mkdir()
    strange = ["../outside.txt", str(outside), "a/../../outside.txt", "", ".", "/", "a\0b", INDEX, "none.txt"]
    (folder / INDEX).write_text(json.dumps({"files": strange}))

    assert write_folder(folder, {"cube.js": "x"}) == Changes(written=("cube.js",), removed=("none.txt",))
    assert outside.read_text() == "mine"
    assert json.loads((folder / INDEX).read_text()) == {"files": ["cube.js"]}
