"""Records how a version of the program leaves its stacks, for the test of upgrades.

    .venv/bin/python -m tests.upgrades.record NAME [REVISION]

NAME is that of the folder under tests/upgrades/states; REVISION is HEAD by default. Its program runs from a work tree
of its own, with the packages that it pins, on this clone's tools; moto stands in for AWS.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.program import moto
from tests.program.engine import CLONE
from tests.upgrades.states import STACKS, edit_for, new_project, store
from tools.uv import find_uv


def record(name: str, revision: str, kinds: Sequence[str]) -> None:
    """Provisions each kind of stack as the revision does, and stores what the engine then knows."""
    with tempfile.TemporaryDirectory(prefix="floe-cube-record-") as scratch, moto.running() as aws:
        folder = Path(scratch)
        with _work_tree(folder / "source", revision) as source:
            python = str(source / ".venv" / "bin" / "python")
            for kind in kinds:
                variables = {"PULUMI_PYTHON_CMD": python, **aws.variables}
                project = new_project(folder / kind, folder / "pulumi-home", kind, source, **variables)
                project.edit_settings(edit_for(kind))
                project.up()
                store(project, name, kind)
                print(f"{name}/{kind}: {len(project.resources())} resources")


@contextmanager
def _work_tree(folder: Path, revision: str) -> Iterator[Path]:
    subprocess.run(["git", "worktree", "add", "-q", "--detach", str(folder), revision], cwd=CLONE, check=True)
    try:
        subprocess.run([find_uv(), "sync", "--frozen", "-q"], cwd=folder, check=True)
        yield folder
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", str(folder)], cwd=CLONE, check=True)


if __name__ == "__main__":
    # moto tells every request.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    parser = argparse.ArgumentParser(prog="python -m tests.upgrades.record", description=__doc__.splitlines()[0])
    parser.add_argument("name", help="the folder under tests/upgrades/states, such as v0.2.0")
    parser.add_argument("revision", nargs="?", default="HEAD")
    parser.add_argument("--only", nargs="+", choices=STACKS, default=list(STACKS), help="where it knew no more")
    given = parser.parse_args()
    record(given.name, given.revision, given.only)
