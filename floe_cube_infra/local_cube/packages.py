"""npm packages that a lock file pins, installed once for all projects of this user."""

from __future__ import annotations

import platform
import shutil
import subprocess  # nosec B404
from collections import deque
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Final

from floe_cube_infra.errors import LocalCubeError
from floe_cube_infra.local_cube.node import Node
from floe_cube_infra.local_cube.package_cache import cache_root, content_key, provide

# No scripts of packages are run; `http` is a line for each request, which the progress counts.
_NPM_CI: Final = ("ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--no-color", "--loglevel=http")
_FETCHED: Final = "http fetch GET 200"
_TOLD_EVERY: Final = 100
_LAST_LINES: Final = 12

Say = Callable[[str], None]
"""Tells the user what takes long."""


def silent(_line: str) -> None:
    """Tells nobody."""


def own_lock(name: str) -> Path:
    """The folder with a package.json and its lock that this package brings.

    Args:
        name: `cube` is Cube's server with its PostgreSQL driver, `drivers` are its drivers for the other databases.
    """
    return Path(str(resources.files("floe_cube_infra.local_cube"))) / "npm" / name


def provide_packages(folder: Path, node: Node, say: Say = silent) -> Path:
    """Installs what a package.json and its package-lock.json pin.

    Args:
        folder: Where these two files are.
        node: What npm is run with.
        say: Gets a line now and then while packages are fetched.

    Returns:
        The folder `node_modules`, for NODE_PATH.

    Raises:
        LocalCubeError: A file is missing, or npm can't get the packages.
    """
    files = [folder / "package.json", folder / "package-lock.json"]
    for file in files:
        if not file.is_file():
            raise LocalCubeError(f"{file} is missing; it is part of the project: restore it.")
    machine = f"{platform.system()}-{platform.machine()}".lower()
    entry = cache_root() / "node" / f"{folder.name}-{machine}-{content_key(files, ' '.join(_NPM_CI))}"

    def install(target: Path) -> None:
        for file in files:
            shutil.copy2(file, target)
        _npm_ci(target, files[-1], node, say)

    return provide(entry, install) / "node_modules"


def _npm_ci(target: Path, lock: Path, node: Node, say: Say) -> None:
    say(f"installing the npm packages that {lock.parent.name}/{lock.name} pins (once on this machine)")
    fetched, last = 0, deque[str](maxlen=_LAST_LINES)
    with subprocess.Popen(  # nosec B603
        [*node.npm, *_NPM_CI],
        cwd=target,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as npm:
        for line in npm.stdout or ():
            last.append(f"    {line.rstrip()}")
            if _FETCHED in line:
                fetched += 1
                if fetched % _TOLD_EVERY == 0:
                    say(f"  {fetched} packages fetched")
    if npm.returncode != 0 or not (target / "node_modules").is_dir():
        told = "\n".join(last)
        raise LocalCubeError(
            f"npm could not install what {lock} pins:\n{told}\n"
            "Let npm reach its registry (`npm config set registry`, NPM_CONFIG_REGISTRY, HTTPS_PROXY), then try again."
        )
