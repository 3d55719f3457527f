"""A folder as a user's own, in which the commands of a page are run one after another."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import chdir
from pathlib import Path
from typing import Final

import pytest

from floe_cube_infra.cli import main
from tests.docs.known_commands import logical_lines
from tests.docs.pages import PROJECT

SHOP: Final = PROJECT / "examples" / "shop"

Said = tuple[int, str]
"""A command's exit code, and what it printed on both streams."""


def fill(folder: Path) -> None:
    """The sample shop as a dbt project with its artifacts, and the stacks beside it; committed as `main`."""
    shutil.copy(SHOP / "compiled_artifacts.json", folder)
    shutil.copytree(SHOP / "target", folder / "target")
    shutil.copytree(SHOP, folder / "examples" / "shop")
    shutil.copytree(PROJECT / "stacks", folder / "stacks")
    git = ["git", "-c", "user.name=Docs", "-c", "user.email=docs@example.com", "-c", "init.defaultBranch=main"]
    for arguments in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "The shop"]):
        subprocess.run([*git, *arguments], cwd=folder, check=True)


class Shell:
    """Runs commands in the folder: `floe-cube` in this process, which saves half a second each, all else in a shell."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, captured: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._patch = patch
        self._captured = captured
        self._variables = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("CUBEJS_", "GITHUB_"))},
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }

    def run(self, text: str) -> Said:
        """Runs some lines up to the first that fails."""
        printed = ""
        for line in logical_lines(text):
            code, more = self._line(line)
            printed += more
            if code:
                return code, printed
        return 0, printed

    def _line(self, line: str) -> Said:
        match shlex.split(line, comments=True):
            case ["export", *variables]:
                self._variables |= dict(variable.split("=", 1) for variable in variables)
                return 0, ""
            case ["floe-cube", *arguments, ">", file] if _is_plain(arguments):
                code, out, err = self._floe_cube(arguments)
                (self.folder / file).write_text(out)
                return code, err
            case ["floe-cube", *arguments] if _is_plain(arguments):
                code, out, err = self._floe_cube(arguments)
                return code, out + err
        return self._shell(line)

    def _floe_cube(self, arguments: Sequence[str]) -> tuple[int, str, str]:
        self._patch.setattr(sys, "argv", ["floe-cube", *arguments])
        for name, value in self._variables.items():
            self._patch.setenv(name, value)
        self._captured.readouterr()
        code = 0
        try:
            with chdir(self.folder):
                main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = self._captured.readouterr()
        return code, said.out, said.err

    def _shell(self, line: str) -> Said:
        done = subprocess.run(
            ["sh", "-eu", "-c", line],
            cwd=self.folder,
            env=self._variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout


def _is_plain(arguments: Sequence[str]) -> bool:
    return not any(re.search(r"[|<>&;$`]", argument) for argument in arguments)
