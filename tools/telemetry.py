"""The OpenTelemetry collector and Jaeger for tests: built from Go modules, once for all clones."""

from pathlib import Path

from tools.cache import cache_root, content_key, provide
from tools.go import BUILD_FLAGS, build, module_folder
from tools.platforms import pulumi_platform
from tools.versions import go_module_version

_COLLECTOR = "go.opentelemetry.io/collector/otelcol"
_JAEGER = "github.com/jaegertracing/jaeger"


def provide_collector() -> Path:
    """Builds the collector, with the parts that our configuration names, if it is missing: two minutes at first.

    Raises:
        SetupError: Go is missing or too old, or the build fails.
    """
    return _provide("collector", _COLLECTOR, ".", ["main.go"])


def provide_jaeger() -> Path:
    """Builds Jaeger 2 if it is missing: four minutes at first.

    Jaeger 2 is versioned as 1.x, too, among Go modules: v1.76.0 is 2.13.0.

    Raises:
        SetupError: Go is missing or too old, or the build fails.
    """
    return _provide("jaeger", _JAEGER, f"{_JAEGER}/cmd/jaeger", [])


def _provide(name: str, dependency: str, package: str, sources: list[str]) -> Path:
    module = module_folder(name)
    version = go_module_version(module / "go.mod", dependency)
    key = content_key(*(module / file for file in ("go.mod", "go.sum", *sources)), also=repr(BUILD_FLAGS))
    entry = cache_root() / name / f"{version.removeprefix('v')}-{pulumi_platform()}-{key}"

    def make(folder: Path) -> None:
        build(module, package, folder / name, version=version, variables={})

    return provide(entry, make) / name
