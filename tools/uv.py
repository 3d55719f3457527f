"""uv, which makes the Python environment: the machine's own, else one in the cache."""

import shutil
import sys
from pathlib import Path

from tools.cache import cache_root, provide
from tools.errors import SetupError
from tools.platforms import pulumi_platform
from tools.process import Result, run
from tools.progress import Progress
from tools.versions import parse_version, show_version

UV_VERSION = "0.13.9"
# The first that knows dependency groups and reads this lock file's format.
_OLDEST = (0, 5, 0)


def find_uv() -> Path:
    """A uv that can read this project's lock file; where the machine has none, pip puts one into the cache.

    Raises:
        SetupError: There is none and pip can't install one.
    """
    on_path = shutil.which("uv")
    if on_path and (parse_version(run([on_path, "--version"]).output) or (0, 0, 0)) >= _OLDEST:
        return Path(on_path)
    return provide(_entry(), _install) / "bin" / "uv"


def cached_uv() -> Path | None:
    """The uv in the cache, if it was ever needed."""
    program = _entry() / "bin" / "uv"
    return program if program.is_file() else None


def _entry() -> Path:
    return cache_root() / "uv" / f"{UV_VERSION}-{pulumi_platform()}"


def _install(folder: Path) -> None:
    with Progress(f"installing uv {UV_VERSION} with pip"):
        # Into a plain folder first: it needs no venv module, which some distributions package apart.
        result = _pip(Path(sys.executable), "--target", str(folder))
        if not (folder / "bin" / "uv").is_file():
            result = _install_in_venv(folder)
    if not (folder / "bin" / "uv").is_file():
        raise SetupError(
            f"No uv {show_version(_OLDEST)} or newer is on PATH, and pip could not install {UV_VERSION}:\n"
            f"{result.last_lines(6)}\n"
            "Install uv (https://docs.astral.sh/uv/getting-started/installation/), "
            "or let pip reach its package index."
        )


def _install_in_venv(folder: Path) -> Result:
    venv = folder / "venv"
    result = run([sys.executable, "-m", "venv", venv])
    if result.ok:
        result = _pip(venv / "bin" / "python")
    if result.ok:
        # Copied out, since a venv can't be moved and this folder is renamed when it is whole.
        (folder / "bin").mkdir(exist_ok=True)
        shutil.copy2(venv / "bin" / "uv", folder / "bin" / "uv")
        shutil.rmtree(venv)
    return result


def _pip(python: Path, *where: str) -> Result:
    return run([python, "-m", "pip", "install", "--quiet", "--no-deps", *where, f"uv=={UV_VERSION}"])
