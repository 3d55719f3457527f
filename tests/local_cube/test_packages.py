from __future__ import annotations

from pathlib import Path

import pytest

from floe_cube_infra.errors import LocalCubeError
from floe_cube_infra.local_cube.addon import fetch_addon, has_addon
from floe_cube_infra.local_cube.node import Node, find_node
from floe_cube_infra.local_cube.packages import own_lock, provide_packages
from tests.local_cube.conftest import Program

# What npm does here, as far as these tests look: packages, and a note of how it was called.
INSTALL = 'echo "npm http fetch GET 200 x"; mkdir node_modules; echo "$@" > node_modules/arguments'


@pytest.fixture
def node(program: Program) -> Node:
    program("node", "echo v24.0.0")
    program("npm", INSTALL)
    return find_node()


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    folder = tmp_path / "packages"
    folder.mkdir()
    (folder / "package.json").write_text("{}")
    (folder / "package-lock.json").write_text("{}")
    return folder


def test_packages_are_installed_once_and_without_running_their_scripts(
    node: Node, program: Program, lock: Path
) -> None:
    said: list[str] = []
    installed = provide_packages(lock, node, said.append)
    assert "ci --ignore-scripts" in (installed / "arguments").read_text()
    assert "packages/package-lock.json" in said[0]
    program("npm", "exit 1")
    assert provide_packages(lock, node) == installed


@pytest.mark.parametrize("name", ["package.json", "package-lock.json"])
def test_other_pins_are_another_folder(node: Node, lock: Path, name: str) -> None:
    before = provide_packages(lock, node)
    (lock / name).write_text('{"changed": true}')
    assert provide_packages(lock, node) != before


def test_a_failure_is_told_in_npms_words_and_tried_again_the_next_time(
    node: Node, program: Program, lock: Path
) -> None:
    program("npm", "mkdir node_modules; echo 'npm error network' >&2; exit 1")
    with pytest.raises(LocalCubeError, match=r"package-lock.json pins:\n    npm error network\nLet npm reach"):
        provide_packages(lock, node)
    program("npm", INSTALL)
    assert provide_packages(lock, node).is_dir()


@pytest.mark.parametrize("name", ["package.json", "package-lock.json"])
def test_a_missing_file_is_named(node: Node, lock: Path, name: str) -> None:
    (lock / name).unlink()
    with pytest.raises(LocalCubeError, match=f"{name} is missing; it is part of the project"):
        provide_packages(lock, node)


def test_a_cache_that_cant_be_written_is_told(
    node: Node, lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(LocalCubeError, match="set XDG_CACHE_HOME to a folder that can"):
        provide_packages(lock, node)


@pytest.mark.parametrize("name", ["cube", "drivers"])
def test_the_locks_name_no_registry(name: str) -> None:
    lock = own_lock(name) / "package-lock.json"
    assert '"resolved"' not in lock.read_text()
    assert lock.stat().st_size > 10_000


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """`node_modules` without the addon."""
    packages = tmp_path / "entry" / "node_modules"
    native = packages / "@cubejs-backend" / "native"
    native.mkdir(parents=True)
    (native / "package.json").write_text("{}")
    return packages


def test_the_addon_is_fetched_by_cubes_own_installer_and_moved_when_it_is_whole(
    program: Program, installed: Path
) -> None:
    node = Node(program=program("node", "echo addon > index.node"), npm=())
    assert not has_addon(installed)
    assert fetch_addon(installed, node) == ""
    assert (installed / "@cubejs-backend" / "native" / "index.node").read_text() == "addon\n"
    program("node", "exit 1")
    assert fetch_addon(installed, node) == ""


def test_why_the_addon_cant_be_had_is_told_and_nothing_is_left_behind(program: Program, installed: Path) -> None:
    node = Node(program=program("node", "echo 'FetchError: no such host' >&2; exit 1"), npm=())
    before = sorted(installed.rglob("*"))
    assert fetch_addon(installed, node) == "FetchError: no such host"
    assert sorted(installed.rglob("*")) == before


def test_a_system_without_an_addon_is_told(program: Program, installed: Path) -> None:
    node = Node(program=program("node", "exit 0"), npm=())
    assert fetch_addon(installed, node) == "Cube has no addon for this system"


def test_a_download_that_does_not_end_is_given_up(
    program: Program, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("floe_cube_infra.local_cube.addon.SECONDS", 0.1)
    node = Node(program=program("node", "exec sleep 20"), npm=())
    assert "did not end within" in fetch_addon(installed, node)
