from collections.abc import Callable
from pathlib import Path

import pytest

from tools.clone import Clone
from tools.errors import SetupError
from tools.python_environment import sync_environment

Program = Callable[[str, str], Path]
# What uv does here, as far as these tests look: an interpreter, and a note of how it was called.
SYNC = 'mkdir -p "$UV_PROJECT_ENVIRONMENT/bin"; touch "$UV_PROJECT_ENVIRONMENT/bin/python"; echo "$@" >> "$PWD/calls"'


def _refuse() -> Path:
    raise AssertionError("uv was asked for")


def test_the_environment_is_made_as_locked_and_then_left_alone(clone: Clone, program: Program) -> None:
    uv = program("uv", SYNC)
    assert sync_environment(clone, lambda: uv)
    assert not sync_environment(clone, _refuse)
    calls = (clone.root / "calls").read_text().splitlines()
    assert len(calls) == 1
    assert calls[0].startswith("sync --frozen --python ")


@pytest.mark.parametrize("name", ["uv.lock", "pyproject.toml"])
def test_a_change_of_what_is_pinned_makes_it_anew(clone: Clone, program: Program, name: str) -> None:
    uv = program("uv", SYNC)
    sync_environment(clone, lambda: uv)
    (clone.root / name).write_text("changed")
    assert sync_environment(clone, lambda: uv)
    # The interpreter is there by now: it stays the one it is.
    assert (clone.root / "calls").read_text().splitlines()[1] == "sync --frozen"


def test_an_environment_that_was_made_by_another_clone_is_made_anew(clone: Clone, program: Program) -> None:
    uv = program("uv", SYNC)
    sync_environment(clone, lambda: uv)
    other = Clone(root=clone.root.parent / "other", folder=clone.root.parent / "other" / ".floe")
    other.root.mkdir()
    for name in ("uv.lock", "pyproject.toml"):
        (other.root / name).write_bytes((clone.root / name).read_bytes())
    (other.root / ".venv").symlink_to(clone.venv)
    assert sync_environment(other, lambda: uv)


def test_uvs_own_variable_leaves_an_existing_environment_alone(
    clone: Clone, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv = program("uv", SYNC)
    monkeypatch.setenv("UV_NO_SYNC", "1")
    assert sync_environment(clone, lambda: uv)
    clone.lock_file.write_text("changed")
    assert not sync_environment(clone, _refuse)


def test_an_authority_that_only_the_system_knows_is_trusted_on_a_second_try(clone: Clone, program: Program) -> None:
    uv = program("uv", f'[ "$UV_SYSTEM_CERTS" ] || {{ echo "invalid peer certificate" >&2; exit 2; }}; {SYNC}')
    assert sync_environment(clone, lambda: uv)


def test_a_failure_is_told_in_uvs_words_and_tried_again_the_next_time(clone: Clone, program: Program) -> None:
    broken = program("uv", "echo 'error: could not connect' >&2; exit 2")
    for _ in range(2):
        with pytest.raises(SetupError, match=r"could not make(.|\n)*error: could not connect"):
            sync_environment(clone, lambda: broken)
