from __future__ import annotations

import sys
from pathlib import Path

import pytest

from floe_cube_infra.errors import LocalCubeError
from floe_cube_infra.local_cube import node as node_module
from floe_cube_infra.local_cube.node import Node, find_node
from tests.local_cube.conftest import Program


def test_the_node_of_the_python_environment_comes_first(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program("node", "echo v24.1.0")
    wheel = tmp_path / "site" / "a_wheel_with_node"
    script = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    for file in (wheel / "__init__.py", wheel / "bin" / "node", script):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    monkeypatch.setattr(sys, "path", [str(wheel.parent), *sys.path])
    monkeypatch.setattr(node_module, "_WHEEL", wheel.name)
    assert find_node() == Node(program=wheel / "bin" / "node", npm=(wheel / "bin" / "node", script))


def test_without_it_the_machines_own_is_taken_if_it_is_new_enough(program: Program) -> None:
    node, npm = program("node", "echo v22.0.0"), program("npm", "")
    assert find_node() == Node(program=node, npm=(str(npm),))


@pytest.mark.parametrize(
    ("script", "said"), [("echo v20.20.2", "is v20.20.2"), ("exit 1", "is no Node"), ("echo what", "is what")]
)
def test_an_older_node_or_none_at_all_is_named_and_refused(program: Program, script: str, said: str) -> None:
    node = program("node", script)
    program("npm", "")
    with pytest.raises(LocalCubeError, match=rf"Cube needs Node 22 or newer, and {node} {said}; install one"):
        find_node()


def test_no_node_is_told(program: Program) -> None:
    with pytest.raises(LocalCubeError, match=r"there is no `node` on PATH; install one"):
        find_node()


def test_a_node_without_npm_is_told(program: Program) -> None:
    node = program("node", "echo v24.0.0")
    with pytest.raises(LocalCubeError, match=f"There is no `npm` beside {node}"):
        find_node()
