"""Scanners of Kubernetes manifests and workflows for tests: installed or built once for all clones."""

import sys
from pathlib import Path

from tools.cache import cache_root, content_key, provide
from tools.errors import SetupError
from tools.go import BUILD_FLAGS, build, module_folder
from tools.platforms import pulumi_platform
from tools.process import run
from tools.progress import Progress
from tools.uv import find_uv
from tools.versions import go_module_version

# Its own lock: what it needs is large, and nothing of ours should have to agree with it.
_CHECKOV = Path(__file__).resolve().parent / "checkov" / "requirements.txt"


def provide_checkov() -> list[str]:
    """Installs checkov as its requirements.txt pins it, in some ten seconds, if it is missing; gives its command.

    Raises:
        SetupError: The package index isn't in reach.
    """
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    entry = cache_root() / "checkov" / f"{pulumi_platform()}-{content_key(_CHECKOV, also=python)}"

    def make(folder: Path) -> None:
        with Progress("installing checkov"):
            uv = find_uv()
            # The folder is renamed once it is whole.
            venv = run([uv, "venv", "--quiet", "--clear", "--relocatable", "--python", sys.executable, folder])
            command: list[str | Path] = [uv, "pip", "install", "--quiet", "--require-hashes", "--python"]
            got = run([*command, folder / "bin" / "python", "-r", _CHECKOV]) if venv.ok else venv
        if not got.ok:
            raise SetupError(f"checkov could not be installed from {_CHECKOV.name}:\n{got.last_lines(8)}")

    return [str(provide(entry, make) / "bin" / "python"), "-m", "checkov.main"]


def provide_kube_score() -> Path:
    """Builds kube-score if it is missing: a minute on two cores at the first time.

    Raises:
        SetupError: Go is missing or too old, or the build fails.
    """
    return _built("kube-score", "github.com/zegl/kube-score")


def provide_actionlint() -> Path:
    """Builds actionlint if it is missing: a quarter of a minute at the first time.

    Raises:
        SetupError: Go is missing or too old, or the build fails.
    """
    return _built("actionlint", "github.com/rhysd/actionlint")


def _built(name: str, path: str) -> Path:
    """The program of a module under tools/go, by the path of what it pins."""
    module = module_folder(name)
    version = go_module_version(module / "go.mod", path)
    key = content_key(module / "go.mod", module / "go.sum", also=repr(BUILD_FLAGS))
    entry = cache_root() / name / f"{version.removeprefix('v')}-{pulumi_platform()}-{key}"

    def make(folder: Path) -> None:
        build(module, f"{path}/cmd/{name}", folder / name, version=version, variables={})

    return provide(entry, make) / name
