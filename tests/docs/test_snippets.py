"""Every snippet of README and docs/ is run, read by what it is for, or held against the program that it calls."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from floe_cube_infra.inputs.settings.reading import PROJECT as PREFIX
from floe_cube_infra.inputs.settings.reading import parse
from tests.docs import known_commands, scratch
from tests.docs.known_commands import logical_lines
from tests.docs.pages import PAGES, PROJECT, Snippet, in_language, snippets

NOT_RUN: Final = {
    "CONTRIBUTING.md": 4,
    "README.md": 2,
    "docs/commands.md": 18,
    "docs/control-plane.md": 1,
    "docs/deployments.md": 6,
    "docs/development.md": 1,
    "docs/generate.md": 1,
    "docs/images.md": 2,
    "docs/marquez.md": 2,
    "docs/outputs.md": 1,
    "docs/platform.md": 2,
    "docs/policies.md": 2,
    "docs/pull-requests.md": 1,
    "docs/quickstart.md": 8,
    "docs/start.md": 1,
    "docs/troubleshooting.md": 1,
}
"""How many snippets of each page are not run: they need a cluster, an account or a registry, or never end."""

LANGUAGES: Final = {"", "sh", "console", "python", "yaml", "json", "text"}
ELIDED: Final = "..."
_REFUSALS: Final = ("Error: ", "error: ", "It is refused")


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    scratch.fill(folder)
    return folder


@pytest.fixture
def shell(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> scratch.Shell:
    folder = tmp_path / "shop"
    subprocess.run(["cp", "-R", shop, folder], check=True)
    return scratch.Shell(folder, monkeypatch, capsys)


def everything() -> list[Snippet]:
    return [snippet for page in PAGES for snippet in snippets(page)]


def commands(snippet: Snippet) -> Iterator[tuple[str, list[str]]]:
    """The commands of a snippet and, in a `console`, the lines that each prints."""
    if snippet.language == "sh":
        yield snippet.text, []
        return
    for part in re.split(r"^\$ ", snippet.text, flags=re.MULTILINE)[1:]:
        command, _, printed = part.partition("\n")
        yield command, printed.splitlines()


def is_shown(shown: list[str], printed: list[str]) -> bool:
    """Whether the lines are those that were printed; `...` stands for any number of lines, or for the rest of one."""
    pattern = ""
    for line in shown:
        if line.strip() == ELIDED:
            pattern += r"(?:.*\n)*?"
        else:
            pattern += ".*".join(re.escape(part) for part in line.split(ELIDED)) + r" *\n"
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def ends_well(shown: list[str], code: int) -> bool:
    """A command that shows an error is meant to end with one."""
    return code == 0 or (code in {1, 2} and any(line.startswith(_REFUSALS) for line in shown))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_run_and_print_what_is_shown(page: Path, shell: scratch.Shell) -> None:
    for snippet in snippets(page):
        if snippet.language not in {"sh", "console"}:
            continue
        for command, shown in commands(snippet):
            if snippet.not_run is not None:
                for line in logical_lines(command):
                    known_commands.check(line)
                continue
            code, printed = shell.run(command)
            assert ends_well(shown, code), f"{snippet}: {command}\nends with {code}:\n{printed}"
            if snippet.language == "console":
                assert is_shown(shown, printed.splitlines()), f"{snippet}: {command}\nprints\n{printed}"


def test_every_snippet_is_of_a_language_that_some_test_reads() -> None:
    assert [f"{snippet} {snippet.language}" for snippet in everything() if snippet.language not in LANGUAGES] == []


def test_what_is_not_run_is_counted() -> None:
    told = Counter(str(snippet.page.relative_to(PROJECT)) for snippet in everything() if snippet.not_run is not None)
    assert dict(told) == NOT_RUN, "let each command run that can; count the others in NOT_RUN"


def is_part(shown: Any, whole: Any) -> bool:
    """Whether all of what is shown is there, in its order; what isn't shown may be between."""
    if isinstance(shown, dict) and isinstance(whole, dict):
        return all(key in whole and is_part(value, whole[key]) for key, value in shown.items())
    if isinstance(shown, list) and isinstance(whole, list):
        rest = iter(whole)
        return all(any(is_part(item, candidate) for candidate in rest) for item in shown)
    return bool(shown == whole)


@pytest.mark.parametrize("snippet", [one for one in in_language("yaml") if one.part_of is not None], ids=str)
def test_parts_of_files_are_in_them(snippet: Snippet) -> None:
    assert snippet.part_of is not None
    assert is_part(yaml.safe_load(snippet.text), yaml.safe_load(snippet.part_of.read_text()))


@pytest.mark.parametrize("snippet", [one for one in in_language("yaml") if one.part_of is None], ids=str)
def test_settings_are_ones_that_a_stack_takes(snippet: Snippet) -> None:
    document = yaml.safe_load(snippet.text)
    config = document.get("config", document)
    given = {key.removeprefix(f"{PREFIX}:"): value for key, value in config.items() if key.startswith(f"{PREFIX}:")}
    if snippet.not_run is None:
        assert given, "no settings; say before it what it is: <!-- not run: ... -->"
        parse({"environment": "dev", "artifacts": "compiled_artifacts.json"} | given, str(snippet))


@pytest.mark.parametrize("snippet", in_language("json"), ids=str)
def test_json_is_json(snippet: Snippet) -> None:
    json.loads(snippet.text)


def test_python_has_the_types_that_it_needs(tmp_path: Path) -> None:
    files = []
    for snippet in in_language("python"):
        files.append(tmp_path / f"{snippet.page.stem}_{snippet.line}.py".replace("-", "_"))
        files[-1].write_text(snippet.text)
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", PROJECT / "pyproject.toml", *files],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        (["a"], ["a"], True),
        (["a"], ["b"], False),
        (["a"], ["a", "b"], False),
        (["a", "..."], ["a", "b", "c"], True),
        (["...", "c"], ["a", "b", "c"], True),
        (["in ... s"], ["in 0.3 s"], True),
        (["in ... s"], ["in 0.3 ms"], False),
    ],
)
def test_dots_stand_for_what_differs(shown: list[str], printed: list[str], same: bool) -> None:
    assert is_shown(shown, printed) is same


@pytest.mark.parametrize(
    "line",
    [
        "floe-cube chek",
        "floe-cube check --artefacts x",
        "floe-cube images unpin",
        "make upp",
        "make up WORD=x",
        "pulumi preview --jsn",
        "kubectl get service/cube-apis",
        "python benchmarks/translation.py --nothing",
        "rm -rf build",
    ],
)
def test_a_command_that_nobody_takes_is_found(line: str) -> None:
    with pytest.raises(AssertionError):
        known_commands.check(line)
