"""The policy pack as the engine of every machine can start it.

Pulumi's Python host starts the committed pack as it is, but the one that can be built from Go modules is too old for
that. A runtime without a language host is started by a program on PATH, which is written here; all else is committed.
"""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from pathlib import Path

import yaml

POLICIES = Path(__file__).resolve().parents[2] / "policies"
_RUNTIME = "floe"
_STARTER = """\
import os, runpy, signal, threading

# The engine ends a pack with a signal, which gRPC's threads must not take.
ending = {signal.SIGINT, signal.SIGTERM}
signal.pthread_sigmask(signal.SIG_BLOCK, ending)
threading.Thread(target=lambda: (signal.sigwait(ending), os._exit(0)), daemon=True).start()
runpy.run_module("pulumi.policy", run_name="__main__", alter_sys=True)
"""


@dataclass(frozen=True)
class PolicyPack:
    """A pack that can be started.

    Attributes:
        folder: What `--policy-pack` takes.
        programs: A folder for PATH.
    """

    folder: Path
    programs: Path

    @property
    def option(self) -> tuple[str, str]:
        """What the CLI is told."""
        return "--policy-pack", str(self.folder)

    def on(self, variables: dict[str, str]) -> dict[str, str]:
        """Variables of the engine, with the pack's starter on PATH."""
        return variables | {"PATH": os.pathsep.join([str(self.programs), variables["PATH"]])}


def write_pack(folder: Path, python: str) -> PolicyPack:
    """Writes it.

    Args:
        folder: Where to; made.
        python: The interpreter that runs it.
    """
    pack, programs = folder / "pack", folder / "programs"
    pack.mkdir(parents=True)
    programs.mkdir()
    description = yaml.safe_load((POLICIES / "PulumiPolicy.yaml").read_text())
    (pack / "PulumiPolicy.yaml").write_text(yaml.safe_dump({**description, "runtime": _RUNTIME}))
    for name in ("__main__.py", "floe_cube_policies"):
        (pack / name).symlink_to(POLICIES / name)
    (programs / "starter.py").write_text(_STARTER)
    starter = programs / f"pulumi-analyzer-policy-{_RUNTIME}"
    starter.write_text(f'#!/bin/sh\nexec {shlex.quote(python)} {shlex.quote(str(programs / "starter.py"))} "$@"\n')
    starter.chmod(0o755)
    return PolicyPack(pack, programs)
