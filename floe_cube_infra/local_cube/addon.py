"""Cube's native addon: a part in Rust that its npm package downloads from GitHub when it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess  # nosec B404
import tempfile
from pathlib import Path
from typing import Final

from floe_cube_infra.local_cube.node import Node
from floe_cube_infra.local_cube.package_cache import locked

SECONDS: Final = 90
_NATIVE: Final = Path("@cubejs-backend") / "native"
_INSTALLER: Final = Path("@cubejs-infra") / "post-installer" / "dist" / "bin.js"
_FILE: Final = "index.node"


def has_addon(packages: Path) -> bool:
    """Whether the addon is there.

    Args:
        packages: The folder `node_modules` with Cube's server.
    """
    return (packages / _NATIVE / _FILE).exists()


def fetch_addon(packages: Path, node: Node) -> str:
    """Downloads the addon as Cube's own installer does, into the packages.

    Args:
        packages: The folder `node_modules` with Cube's server.
        node: What the installer is run with.

    Returns:
        Why it could not be had; empty if it is there.
    """
    if has_addon(packages):
        return ""
    native = packages / _NATIVE
    with locked(packages.with_name("addon.lock")), tempfile.TemporaryDirectory(dir=packages) as temporary:
        if has_addon(packages):
            return ""
        # It unpacks into the working directory; from there the addon is moved when it is whole.
        shutil.copy2(native / "package.json", temporary)
        reason = _run(node, packages / _INSTALLER, Path(temporary))
        if not reason:
            (Path(temporary) / _FILE).replace(native / _FILE)
        return reason


def _run(node: Node, installer: Path, folder: Path) -> str:
    try:
        result = subprocess.run(  # nosec B603
            [node.program, installer],
            cwd=folder,
            env={**os.environ, "TMPDIR": str(folder)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"the download did not end within {SECONDS} s"
    if (folder / _FILE).exists():
        return ""
    lines = [line.strip() for line in (result.stderr + result.stdout).splitlines()]
    return next((line for line in lines if "Error: " in line), "Cube has no addon for this system")
