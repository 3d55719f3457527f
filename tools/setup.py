"""Everything that a word of the Makefile needs, set up once and quietly found again."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tools.clone import Clone
from tools.plugins import Plugins, find_plugins
from tools.pulumi_cli import PulumiCli, find_pulumi
from tools.python_environment import sync_environment
from tools.reach import Reach
from tools.uv import cached_uv, find_uv


@dataclass(frozen=True, kw_only=True)
class Machine:
    """The tools of this machine.

    Attributes:
        cli: Pulumi.
        plugins: The engine's plugins.
        uv: uv, where there is one: newer language hosts call it.
    """

    cli: PulumiCli
    plugins: Plugins
    uv: Path | None

    def lines(self) -> list[str]:
        """Which tools these are, one a line."""
        return [self.cli.line, self.plugins.line]


def set_up_python(clone: Clone) -> None:
    """The Python environment only, for linting.

    Raises:
        SetupError: It can't be made.
    """
    sync_environment(clone, find_uv)


def set_up(clone: Clone) -> Machine:
    """Python environment, Pulumi and its plugins.

    Raises:
        SetupError: One of them can't be had.
    """
    set_up_python(clone)
    reach = Reach(memory=clone.folder / "unreachable.json")
    cli = find_pulumi(clone, reach)
    plugins = find_plugins(clone, cli, reach)
    on_path = shutil.which("uv")
    return Machine(cli=cli, plugins=plugins, uv=Path(on_path) if on_path else cached_uv())
