import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import words
from tools.cache import cache_root
from tools.cleaning import clean, clean_cache
from tools.clone import Clone
from tools.errors import SetupError
from tools.words import main

ROOT = Path(__file__).resolve().parents[2]


def test_an_unknown_word_lists_the_known_ones_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["upp"]) == 2
    assert main([]) == 2
    assert "provision the local stack" in capsys.readouterr().err


def test_help_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "provision the local stack" in capsys.readouterr().out


def test_what_cannot_be_set_up_is_one_sentence_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(clone: Clone) -> None:
        raise SetupError("there is no `go` on PATH.")

    monkeypatch.setattr(words, "set_up", fail)
    assert main(["up"]) == 1
    assert capsys.readouterr().err == "error: there is no `go` on PATH.\n"


def test_an_interrupt_ends_with_the_shells_code_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(clone: Clone) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(words, "set_up", interrupt)
    assert main(["up"]) == 130


def test_an_old_python_can_read_the_files_that_tell_it_so() -> None:
    for name in ("__main__.py", "__init__.py"):
        ast.parse((ROOT / "tools" / name).read_text(), feature_version=(3, 5))


def test_tools_need_nothing_but_the_standard_library() -> None:
    allowed = sys.stdlib_module_names | {"tools"}
    for file in (ROOT / "tools").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {name.split(".")[0] for name in names} <= allowed, file


def test_make_without_a_word_lists_every_word() -> None:
    makefile = (ROOT / "Makefile").read_text()
    declared = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert declared
    done = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = re.findall(r"^  make ([a-z-]+) ", done.stdout, re.MULTILINE)
    assert listed == declared[1].split()


def test_a_word_that_make_doesnt_know_lists_the_known_ones() -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "upp"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no word 'upp'. The words are:" in done.stderr
    assert "  make up " in done.stderr


def test_a_python_that_isnt_there_is_told_with_how_to_name_another() -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "down", "PYTHON=no-python"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no program no-python. Install Python 3.11 or newer, or name it: make down PYTHON=" in done.stderr


@pytest.mark.parametrize(("code", "told"), [(0, ["Next: `make up` does it."]), (1, [])])
def test_what_went_well_names_the_next_step(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: int, told: list[str]
) -> None:
    class StandIn:
        def __init__(self, *_: object) -> None: ...

        def preview(self, arguments: object) -> int:
            return code

    monkeypatch.setattr(words, "set_up", lambda clone: None)
    monkeypatch.setattr(words, "LocalStack", StandIn)
    assert main(["preview"]) == code
    assert capsys.readouterr().err.splitlines() == told


def test_clean_removes_what_was_made_here_and_says_what_stays(clone: Clone, capsys: pytest.CaptureFixture[str]) -> None:
    made = [".floe/state/x", ".venv/bin/python", ".mypy_cache/x", "floe/__pycache__/x.pyc", ".coverage.host.1"]
    for name in [*made, "floe/kept.py"]:
        (clone.root / name).parent.mkdir(parents=True, exist_ok=True)
        (clone.root / name).touch()
    tool = cache_root() / "pulumi"
    tool.mkdir(parents=True)
    clean(clone)
    assert not [name for name in made if (clone.root / name).exists()]
    assert (clone.root / "floe/kept.py").exists()
    assert tool.exists()
    assert f"The tools in {cache_root()}, which all clones share, stay" in capsys.readouterr().err
    clean_cache()
    assert not cache_root().exists()


def test_clean_does_not_follow_an_environment_that_is_a_link(clone: Clone, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    (shared / "bin").mkdir(parents=True)
    clone.venv.symlink_to(shared)
    clean(clone)
    assert not clone.venv.is_symlink()
    assert (shared / "bin").exists()
