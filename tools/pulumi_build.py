"""Builds the Pulumi CLI and the Python language host that goes with it from Go modules.

The host's own module can't be had from a module proxy (it is replaced by a path in Pulumi's repository),
but the SDK's module held it up to v3.79.0. That old one serves today's engine; what it lacks is knowledge
of `toolchain: uv` and `virtualenv` in Pulumi.yaml, which the starter in front of it makes up for.
"""

import shutil
from pathlib import Path

from tools.errors import SetupError
from tools.go import BUILD_FLAGS, build, module_folder, source_folder
from tools.versions import go_module_version

_CLI = "github.com/pulumi/pulumi/pkg/v3"
_SDK = "github.com/pulumi/pulumi/sdk/v3"
_VERSION_VARIABLE = f"{_SDK}/go/common/version.Version"
_HOST = "pulumi-language-python"
_INSTEAD = "or Pulumi itself (https://www.pulumi.com/docs/install/)"
# Beside the SDK's sources: what starts a program, dynamic resources and policy packs.
_SCRIPTS = (
    f"python/cmd/{_HOST}-exec",
    "python/dist/pulumi-resource-pulumi-python",
    "python/dist/pulumi-analyzer-policy-python",
)

_STARTER = f"""\
#!/bin/sh
# Starts the language host with the environment of the project that it serves: the nearest .venv upwards.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
folder=$PWD
while [ -z "${{PULUMI_PYTHON_CMD:-}}" ]; do
    if [ -x "$folder/.venv/bin/python" ]; then
        PATH="$folder/.venv/bin:$PATH"
        PULUMI_PYTHON_CMD="$folder/.venv/bin/python"
        export PATH PULUMI_PYTHON_CMD
    fi
    if [ "$folder" = / ] || [ "$folder" = . ]; then
        break
    fi
    folder=$(dirname -- "$folder")
done
exec "$here/host/{_HOST}" "$@"
"""

# What a built Pulumi depends on besides its modules: a change makes a new entry of the cache.
RECIPE = repr((_STARTER, _SCRIPTS, BUILD_FLAGS))


def build_pulumi(folder: Path, version: str) -> None:
    """Fills a folder with `pulumi`, `pulumi-language-python` and what they start.

    Args:
        folder: The folder to make.
        version: The CLI's version, without `v`; the go.mod must require the same.

    Raises:
        SetupError: Go is missing or too old, or a build fails.
    """
    cli, host = module_folder("pulumi"), module_folder(_HOST)
    pinned = go_module_version(cli / "go.mod", _CLI)
    if pinned != f"v{version}":
        raise SetupError(f"{cli / 'go.mod'} pins Pulumi {pinned}, uv.lock {version}: make them the same.")
    # The host first: a failure shows after seconds, not minutes.
    _build_host(folder, host)
    build(
        cli,
        f"{_CLI}/cmd/pulumi",
        folder / "pulumi",
        version=pinned,
        variables={_VERSION_VARIABLE: pinned},
        instead=_INSTEAD,
    )


def _build_host(folder: Path, module: Path) -> None:
    # In a folder of its own, since the starter takes its name and the engine looks beside `pulumi`.
    inner = folder / "host"
    inner.mkdir(parents=True)
    pinned = go_module_version(module / "go.mod", _SDK)
    build(
        module,
        f"{_SDK}/python/cmd/{_HOST}",
        inner / _HOST,
        version=pinned,
        variables={_VERSION_VARIABLE: pinned},
        instead=_INSTEAD,
    )
    source = source_folder(module, _SDK)
    for script in _SCRIPTS:
        _copy_program(source / script, (inner if script.endswith("-exec") else folder))
    starter = folder / _HOST
    starter.write_text(_STARTER, encoding="utf-8")
    starter.chmod(0o755)


def _copy_program(source: Path, folder: Path) -> None:
    target = folder / source.name
    shutil.copyfile(source, target)
    # Modules are unpacked without permission to execute.
    target.chmod(0o755)
