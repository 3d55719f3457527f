"""Traefik's router of Postgres connections for tests: built from Go modules, once for all clones."""

from pathlib import Path

from tools.cache import cache_root, content_key, provide
from tools.go import BUILD_FLAGS, build, module_folder
from tools.platforms import pulumi_platform
from tools.versions import go_module_version

_NAME = "sql-proxy"
_TRAEFIK = "github.com/traefik/traefik/v3"
_FILES = ("go.mod", "go.sum", "main.go", "ext/go.mod", "ext/ext.go")


def traefik_version() -> str:
    """Traefik's version, with its `v`."""
    return go_module_version(module_folder(_NAME) / "go.mod", _TRAEFIK)


def provide_sql_proxy() -> Path:
    """Builds the program if it is missing: some three minutes on two cores at the first time.

    Raises:
        SetupError: Go is missing or too old, or the build fails.
    """
    module, version = module_folder(_NAME), traefik_version()
    key = content_key(*(module / file for file in _FILES), also=repr(BUILD_FLAGS))
    entry = cache_root() / _NAME / f"{version.removeprefix('v')}-{pulumi_platform()}-{key}"

    def make(folder: Path) -> None:
        build(module, ".", folder / _NAME, version=version, variables={})

    return provide(entry, make) / _NAME
