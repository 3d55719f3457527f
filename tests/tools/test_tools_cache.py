import threading
import time
from pathlib import Path

import pytest

from tools.cache import cache_root, content_key, locked, provide
from tools.errors import SetupError


def _fill(folder: Path) -> None:
    (folder / "tool").write_text("made")


def test_the_cache_lies_where_the_xdg_specification_puts_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache_root() == tmp_path / "cache" / "floe-cube-infra"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/invalid")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache_root() == tmp_path / "home" / ".cache" / "floe-cube-infra"


def test_an_entry_is_made_once_and_then_found(tmp_path: Path) -> None:
    entry = tmp_path / "deep" / "tools" / "tool-1"
    assert (provide(entry, _fill) / "tool").read_text() == "made"

    def refuse(folder: Path) -> None:
        raise AssertionError

    assert provide(entry, refuse) == entry


def test_what_fails_half_way_leaves_neither_an_entry_nor_rubbish(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        _fill(folder)
        raise SetupError("no network")

    with pytest.raises(SetupError, match="no network"):
        provide(tmp_path / "tool-1", fail)
    assert [path.name for path in tmp_path.iterdir()] == ["tool-1.lock"]
    assert provide(tmp_path / "tool-1", _fill).is_dir()


def test_what_a_killed_process_left_half_made_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".tool-1.abcdef").mkdir()
    provide(tmp_path / "tool-1", _fill)
    assert not (tmp_path / ".tool-1.abcdef").exists()


def test_an_entry_is_not_seen_before_it_is_whole(tmp_path: Path) -> None:
    entry = tmp_path / "tool-1"

    def slow(folder: Path) -> None:
        _fill(folder)
        assert not entry.exists()

    provide(entry, slow)
    assert entry.exists()


def test_two_at_once_make_an_entry_once_and_the_second_says_that_it_waits(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[str] = []
    started = threading.Event()

    def slow(folder: Path) -> None:
        made.append(folder.name)
        started.set()
        time.sleep(0.3)

    entry = tmp_path / "tool-1"
    first = threading.Thread(target=provide, args=(entry, slow))
    first.start()
    started.wait(5)
    provide(entry, slow)
    first.join()
    assert len(made) == 1
    assert "waiting for another process that is making tool-1" in capsys.readouterr().err


def test_a_lock_is_free_again_after_its_block(tmp_path: Path) -> None:
    for _ in range(2):
        with locked(tmp_path / "lock"):
            pass


def test_a_key_changes_with_the_content_and_with_the_recipe(tmp_path: Path) -> None:
    file = tmp_path / "go.mod"
    file.write_text("one")
    keys = {content_key(file), content_key(file, also="recipe")}
    file.write_text("two")
    keys.add(content_key(file))
    assert len(keys) == 3
    assert content_key(file) == content_key(file)


def test_a_cache_that_cannot_be_made_says_how_to_move_it(tmp_path: Path) -> None:
    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    with pytest.raises(SetupError, match="set XDG_CACHE_HOME to a folder that can"):
        provide(tmp_path / "tool-1", refuse)
