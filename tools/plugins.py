"""The engine's plugins: the official ones where they can be had, else this project's offline providers."""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.cache import cache_root, locked
from tools.clone import Clone
from tools.errors import SetupError
from tools.process import run
from tools.progress import Progress, say
from tools.pulumi_cli import PulumiCli
from tools.reach import Reach
from tools.versions import locked_version

# Where `pulumi plugin install` looks, in its order: fallbackSource in Pulumi's workspace/plugins.go.
_SOURCES = ("https://api.github.com", "https://get.pulumi.com")
_INSTALL_SECONDS = 300.0

PACKAGES = ("kubernetes", "random", "aws")
"""The packages whose resources the stack may have; each has an offline provider."""


@dataclass(frozen=True, kw_only=True)
class Plugins:
    """The plugins that the engine will use: all official, or all offline, since they come from the same servers.

    Attributes:
        home: The PULUMI_HOME that holds them.
        line: Which ones they are and why, as a line for people.
    """

    home: Path
    line: str


def find_plugins(clone: Clone, cli: PulumiCli, reach: Reach) -> Plugins:
    """Gives the official plugins, of the versions that uv.lock pins for their SDKs, or the offline providers.

    Raises:
        SetupError: Not even the offline providers could be installed.
    """
    home = cache_root() / "pulumi-home"
    versions = {package: locked_version(clone.lock_file, f"pulumi-{package}") for package in PACKAGES}
    told = ", ".join(f"{package} {version}" for package, version in versions.items())
    for package, version in versions.items():
        if why := _try_official(home, package, version, cli, reach):
            install_offline_providers(clone.pulumi_home, clone, cli)
            line = f"plugins: the project's offline providers stand in for the official ones ({told}; {why})"
            return Plugins(home=clone.pulumi_home, line=line)
    return Plugins(home=home, line=f"plugins: the official ones, {told}")


def install_offline_providers(home: Path, clone: Clone, cli: PulumiCli) -> None:
    """Puts the offline providers into a PULUMI_HOME under the official plugins' names (half a second each).

    Args:
        home: The PULUMI_HOME; made if it is missing.
        clone: The clone whose providers they are.
        cli: The Pulumi that installs them.

    Raises:
        SetupError: Pulumi refused.
    """
    for package in PACKAGES:
        _install_offline(home, package, clone, cli)


def _install_offline(home: Path, package: str, clone: Clone, cli: PulumiCli) -> None:
    version = locked_version(clone.lock_file, f"pulumi-{package}")
    module = f"floe_cube_infra.offline.{package}"
    starter = f'#!/bin/sh\nexec {shlex.quote(str(clone.python))} -P -m {module} "$@"\n'
    installed = _plugin_file(home, package, version)
    if _holds(installed, starter):
        return
    home.mkdir(parents=True, exist_ok=True)
    with locked(home / "offline-provider.lock"):
        if _holds(installed, starter):
            return
        script = home / f"offline-{package}-provider"
        script.write_text(starter, encoding="utf-8")
        script.chmod(0o755)
        command = [*_install_command(cli, package, version), "--reinstall", "--file", str(script)]
        result = run(command, env=_environment(home))
        if not result.ok:
            raise SetupError(f"Pulumi could not install the offline {package} provider:\n{result.last_lines()}")


def _try_official(home: Path, package: str, version: str, cli: PulumiCli, reach: Reach) -> str | None:
    if _plugin_file(home, package, version).is_file():
        return None
    # With addresses of the user's own (PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES) the public hosts say nothing.
    sources = (*_SOURCES, os.environ.get("PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES", ""))
    if not sources[-1] and (why := reach.why_not(_SOURCES)):
        return why
    home.mkdir(parents=True, exist_ok=True)
    try:
        with Progress(f"installing Pulumi's {package} plugin {version}"):
            result = run(_install_command(cli, package, version), env=_environment(home), timeout=_INSTALL_SECONDS)
        failure = None if result.ok else result.last_lines(4)
    except SetupError as error:
        failure = f"    {error}"
    if failure is None:
        return None
    why = f"the download of {package} failed"
    say(f"Pulumi's {package} plugin {version} could not be installed:\n{failure}")
    reach.remember(_SOURCES, why)
    return why


def _install_command(cli: PulumiCli, package: str, version: str) -> list[str]:
    return [str(cli.program), "plugin", "install", "resource", package, version, "--non-interactive"]


def _environment(home: Path) -> Mapping[str, str]:
    return os.environ | {"PULUMI_HOME": str(home), "PULUMI_SKIP_UPDATE_CHECK": "true"}


def _plugin_file(home: Path, package: str, version: str) -> Path:
    return home / "plugins" / f"resource-{package}-v{version}" / f"pulumi-resource-{package}"


def _holds(file: Path, text: str) -> bool:
    # The official plugin is a large binary: compare sizes before reading.
    return file.is_file() and file.stat().st_size == len(text.encode()) and file.read_text(encoding="utf-8") == text
