"""The policy pack in a form that every engine can start.

Pulumi's Python host starts the committed pack as it is, but the old one that is built from Go modules can't. A runtime
that has no language host is started by a program on PATH instead: that is written here, and so is a pack which names
it. Its policies are the committed ones.
"""

import os
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.clone import Clone
from tools.pulumi_cli import PulumiCli

_RUNTIME = "floe"
_DESCRIPTION = f"""\
description: The policies of this clone, for an engine whose Python host is too old to start them.
runtime: {_RUNTIME}
"""
_STARTER = """\
import os, runpy, signal, threading

# The engine ends a pack with a signal, which gRPC's threads must not take.
ending = {signal.SIGINT, signal.SIGTERM}
signal.pthread_sigmask(signal.SIG_BLOCK, ending)
threading.Thread(target=lambda: (signal.sigwait(ending), os._exit(0)), daemon=True).start()
runpy.run_module("pulumi.policy", run_name="__main__", alter_sys=True)
"""


@dataclass(frozen=True, kw_only=True)
class PolicyPack:
    """A pack that the engine can start.

    Attributes:
        folder: The pack.
        programs: What starts it, a folder for PATH; None where the engine can by itself.
    """

    folder: Path
    programs: Path | None = None

    @property
    def option(self) -> tuple[str, str]:
        """What the CLI is told."""
        return "--policy-pack", str(self.folder)

    def on(self, variables: Mapping[str, str]) -> dict[str, str]:
        """An environment in which the engine finds what starts the pack."""
        if self.programs is None:
            return dict(variables)
        return {**variables, "PATH": os.pathsep.join([str(self.programs), variables["PATH"]])}


def find_policy_pack(clone: Clone, cli: PulumiCli) -> PolicyPack:
    """Gives the committed pack, or where it can't be started, one that is made from it."""
    if not cli.is_built:
        return PolicyPack(folder=clone.root / "policies")
    return write_policy_pack(clone.folder / "policies", clone)


def write_policy_pack(folder: Path, clone: Clone) -> PolicyPack:
    """Makes a pack that any engine starts.

    Args:
        folder: Where to; what was there before goes.
        clone: The clone whose policies and interpreter it uses.
    """
    shutil.rmtree(folder, ignore_errors=True)
    pack, programs = folder / "pack", folder / "programs"
    pack.mkdir(parents=True)
    programs.mkdir()
    (pack / "PulumiPolicy.yaml").write_text(_DESCRIPTION, encoding="utf-8")
    for name in ("__main__.py", "floe_cube_policies"):
        (pack / name).symlink_to(clone.root / "policies" / name)
    script = programs / "starter.py"
    script.write_text(_STARTER, encoding="utf-8")
    program = programs / f"pulumi-analyzer-policy-{_RUNTIME}"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(str(clone.python))} {shlex.quote(str(script))} "$@"\n')
    program.chmod(0o755)
    return PolicyPack(folder=pack, programs=programs)
