"""The engine's Kubernetes plugin: the official one where it can be had, else the offline provider."""

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
OFFLINE_MODULE = "floe_cube_infra.offline.kubernetes"


@dataclass(frozen=True, kw_only=True)
class KubernetesPlugin:
    """The plugin that the engine will use.

    Attributes:
        home: The PULUMI_HOME that holds it.
        line: Which one it is and why, as a line for people.
    """

    home: Path
    line: str


def find_kubernetes_plugin(clone: Clone, cli: PulumiCli, reach: Reach) -> KubernetesPlugin:
    """Gives the official plugin, of the version that uv.lock pins for its SDK, or the offline provider.

    Raises:
        SetupError: Not even the offline provider could be installed.
    """
    version = locked_version(clone.lock_file, "pulumi-kubernetes")
    home = cache_root() / "pulumi-home"
    why = _try_official(home, version, cli, reach)
    if why is None:
        return KubernetesPlugin(home=home, line=f"Kubernetes plugin: the official one, {version}")
    install_offline_provider(clone.pulumi_home, clone, cli)
    return KubernetesPlugin(
        home=clone.pulumi_home,
        line=f"Kubernetes plugin: the project's offline provider stands in for the official one {version} "
        f"(renders YAML or applies to a cluster; {why})",
    )


def install_offline_provider(home: Path, clone: Clone, cli: PulumiCli) -> None:
    """Puts the offline provider into a PULUMI_HOME under the official plugin's name (half a second).

    Args:
        home: The PULUMI_HOME; made if it is missing.
        clone: The clone whose provider it is.
        cli: The Pulumi that installs it.

    Raises:
        SetupError: Pulumi refused.
    """
    version = locked_version(clone.lock_file, "pulumi-kubernetes")
    starter = f'#!/bin/sh\nexec {shlex.quote(str(clone.python))} -P -m {OFFLINE_MODULE} "$@"\n'
    installed = _plugin_file(home, version)
    if _holds(installed, starter):
        return
    home.mkdir(parents=True, exist_ok=True)
    with locked(home / "offline-provider.lock"):
        if _holds(installed, starter):
            return
        script = home / "offline-kubernetes-provider"
        script.write_text(starter, encoding="utf-8")
        script.chmod(0o755)
        command = [*_install_command(cli, version), "--reinstall", "--file", str(script)]
        result = run(command, env=_environment(home))
        if not result.ok:
            raise SetupError(f"Pulumi could not install the offline Kubernetes provider:\n{result.last_lines()}")


def _try_official(home: Path, version: str, cli: PulumiCli, reach: Reach) -> str | None:
    if _plugin_file(home, version).is_file():
        return None
    # With addresses of the user's own (PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES) the public hosts say nothing.
    sources = (*_SOURCES, os.environ.get("PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES", ""))
    if not sources[-1] and (why := reach.why_not(_SOURCES)):
        return why
    home.mkdir(parents=True, exist_ok=True)
    try:
        with Progress(f"installing Pulumi's Kubernetes plugin {version}"):
            result = run(_install_command(cli, version), env=_environment(home), timeout=_INSTALL_SECONDS)
        failure = None if result.ok else result.last_lines(4)
    except SetupError as error:
        failure = f"    {error}"
    if failure is None:
        return None
    why = "its download failed"
    say(f"Pulumi's Kubernetes plugin {version} could not be installed:\n{failure}")
    reach.remember(_SOURCES, why)
    return why


def _install_command(cli: PulumiCli, version: str) -> list[str]:
    return [str(cli.program), "plugin", "install", "resource", "kubernetes", version, "--non-interactive"]


def _environment(home: Path) -> Mapping[str, str]:
    return os.environ | {"PULUMI_HOME": str(home), "PULUMI_SKIP_UPDATE_CHECK": "true"}


def _plugin_file(home: Path, version: str) -> Path:
    return home / "plugins" / f"resource-kubernetes-v{version}" / "pulumi-resource-kubernetes"


def _holds(file: Path, text: str) -> bool:
    # The official plugin is a large binary: compare sizes before reading.
    return file.is_file() and file.stat().st_size == len(text.encode()) and file.read_text(encoding="utf-8") == text
