"""Everything that a word of the Makefile needs, set up once and quietly found again."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tools.clone import Clone
from tools.kubernetes_plugin import KubernetesPlugin, find_kubernetes_plugin
from tools.pulumi_cli import PulumiCli, find_pulumi
from tools.python_environment import sync_environment
from tools.reach import Reach
from tools.uv import cached_uv, find_uv


@dataclass(frozen=True, kw_only=True)
class Machine:
    """The tools of this machine.

    Attributes:
        cli: Pulumi.
        plugin: The Kubernetes plugin.
        uv: uv, where there is one: newer language hosts call it.
    """

    cli: PulumiCli
    plugin: KubernetesPlugin
    uv: Path | None

    def lines(self) -> list[str]:
        """Which tools these are, one a line."""
        return [self.cli.line, self.plugin.line]


def set_up_python(clone: Clone) -> None:
    """The Python environment only, for linting.

    Raises:
        SetupError: It can't be made.
    """
    sync_environment(clone, find_uv)


def set_up(clone: Clone) -> Machine:
    """Python environment, Pulumi and the Kubernetes plugin.

    Raises:
        SetupError: One of them can't be had.
    """
    set_up_python(clone)
    reach = Reach(memory=clone.folder / "unreachable.json")
    cli = find_pulumi(clone, reach)
    plugin = find_kubernetes_plugin(clone, cli, reach)
    on_path = shutil.which("uv")
    return Machine(cli=cli, plugin=plugin, uv=Path(on_path) if on_path else cached_uv())
