"""Building the control plane: once for all clones, with the version that clients ask for."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.control_plane import provide_control_plane
from tools.errors import SetupError

# Writes its arguments, and the program that it is asked for.
GO = """
case $1 in env) echo go1.99.0; echo local; exit 0;; esac
echo "$@" >> {log}
while [ "$1" != -o ]; do shift; done
echo built > "$2"
"""


def test_the_programs_are_built_once_and_know_their_version(
    program: Callable[[str, str], Path], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    program("go", GO.format(log=log))
    first = provide_control_plane()
    assert provide_control_plane() == first
    assert first.control_plane.read_text() == first.kwok.read_text() == "built\n"
    assert first.version.startswith("v1.")
    kwok, control_plane = log.read_text().splitlines()
    assert kwok.endswith("sigs.k8s.io/kwok/cmd/kwok")
    assert control_plane.endswith(" .")
    assert f"-X k8s.io/component-base/version.gitVersion={first.version} " in control_plane
    assert first.version.removeprefix("v") in first.control_plane.parent.name


def test_without_go_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(
        SetupError, match=r"kwok must be built here, .* no `go` on PATH\. Install Go 1\.\d+\.\d+ or newer"
    ):
        provide_control_plane()
