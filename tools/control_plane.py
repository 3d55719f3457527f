"""A Kubernetes control plane for tests, and KWOK, which plays its nodes: built from Go modules, once for all clones."""

from dataclasses import dataclass
from pathlib import Path

from tools.cache import cache_root, content_key, provide
from tools.go import BUILD_FLAGS, build, module_folder
from tools.platforms import pulumi_platform
from tools.versions import go_module_version

_KUBERNETES = "k8s.io/kubernetes"
_KWOK = "sigs.k8s.io/kwok"
# Packages that hold the version; without it, clients can't parse what the server says.
_VERSIONED = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")


@dataclass(frozen=True, kw_only=True)
class ControlPlanePrograms:
    """The programs.

    Attributes:
        control_plane: etcd, kube-apiserver, kube-controller-manager and kube-scheduler in one; its first argument
            says which.
        kwok: Plays nodes and the pods on them (https://kwok.sigs.k8s.io).
        version: Kubernetes' version, with its `v`.
    """

    control_plane: Path
    kwok: Path
    version: str


def provide_control_plane() -> ControlPlanePrograms:
    """Builds what is missing: some nine minutes on two cores at the first time.

    Raises:
        SetupError: Go is missing or too old, or a build fails.
    """
    # Its own module: with Kubernetes' it doesn't agree about versions.
    kwok = _provide("kwok", _KWOK, f"{_KWOK}/cmd/kwok", [])
    control_plane = _provide("control-plane", _KUBERNETES, ".", ["main.go"])
    version = go_module_version(module_folder("control-plane") / "go.mod", _KUBERNETES)
    return ControlPlanePrograms(control_plane=control_plane, kwok=kwok, version=version)


def _provide(name: str, dependency: str, package: str, sources: list[str]) -> Path:
    module = module_folder(name)
    version = go_module_version(module / "go.mod", dependency)
    files = [module / file for file in ("go.mod", "go.sum", *sources)]
    variables = _version_variables(version) if dependency == _KUBERNETES else {}
    key = content_key(*files, also=repr((BUILD_FLAGS, variables)))
    entry = cache_root() / name / f"{version.removeprefix('v')}-{pulumi_platform()}-{key}"

    def make(folder: Path) -> None:
        build(module, package, folder / name, version=version, variables=variables)

    return provide(entry, make) / name


def _version_variables(version: str) -> dict[str, str]:
    major, minor, _ = version.removeprefix("v").split(".", 2)
    values = {"gitVersion": version, "gitMajor": major, "gitMinor": minor}
    return {f"{package}.{name}": value for package in _VERSIONED for name, value in values.items()}
