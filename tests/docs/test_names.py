"""What pages name between backticks is there: files, tests, commands, settings, words of make, variables."""

from __future__ import annotations

import functools
import itertools
import re
from pathlib import Path
from typing import Final

import pytest
from pydantic import BaseModel

from floe_cube_infra.cli.reference_pages import class_of, is_section
from floe_cube_infra.inputs.settings import Settings
from tests.docs.known_commands import check, options_of
from tests.docs.pages import DOCS, PAGES, PROJECT, inline_code

FOLDERS: Final = (
    "tests/",
    "floe_cube_infra/",
    "benchmarks/",
    "examples/",
    "stacks/",
    "policies/",
    "dashboards/",
    "tools/",
)
# Written by a command, and therefore right.
GENERATED: Final = {DOCS / "settings.md", DOCS / "outputs.md", DOCS / "commands.md"}
WRITTEN: Final = [page for page in PAGES if page not in GENERATED]
pages = pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.stem)


def spellings(pattern: str) -> list[str]:
    """`a_{b,c}.py` as a shell spells it out; `<anything>` is any name."""
    parts = re.split(r"\{([^}]*)\}", re.sub(r"<[^>]*>", "*", pattern))
    choices = [part.split(",") if place % 2 else [part] for place, part in enumerate(parts)]
    return ["".join(choice) for choice in itertools.product(*choices)]


def is_there(path: str) -> bool:
    return any(PROJECT.glob(path.rstrip("/"))) if "*" in path else (PROJECT / path).exists()


@pages
def test_files_and_tests_are_there(page: Path) -> None:
    named = [code for code in inline_code(page) if code.startswith(FOLDERS) and " " not in code]
    missing = [code for code in named if not all(is_there(spelling) for spelling in spellings(code))]
    assert missing == []


@pages
def test_modules_that_are_named_alone_are_somewhere(page: Path) -> None:
    named = [code for code in inline_code(page) if re.fullmatch(r"[\w.]+\.(py|js)", code)]
    assert [
        code for code in named if not is_there(f"floe_cube_infra/**/{code}") and not is_there(f"tests/**/{code}")
    ] == []


@pages
def test_commands_take_the_options_that_are_named(page: Path) -> None:
    for code in inline_code(page):
        match code.split():
            case ["make", word, *variables] if word.islower():
                check(" ".join(["make", word, *(variable for variable in variables if "=" in variable)]))
            case ["python", _, *_]:
                check(code)
            case ["floe-cube", word, *words] if word.isalpha():
                taken = options_of(word, *words)
                options = [option.partition("=")[0] for option in words if option.startswith("-")]
                assert [option for option in options if option not in taken] == [], code


@functools.cache
def settings() -> dict[str, type[BaseModel]]:
    return {str(field.alias): class_of(field) for field in Settings.model_fields.values() if is_section(field)}


@pages
def test_settings_exist(page: Path) -> None:
    wrong = []
    for code in inline_code(page):
        match = re.match(r"([a-zA-Z]+)\.([a-zA-Z]+)(?=$|[:\s\[])", code)
        if match and match[1] in settings():
            known = {field.alias for field in settings()[match[1]].model_fields.values()}
            wrong += [code] if match[2] not in known else []
    assert wrong == []


@functools.cache
def sources() -> str:
    folders = [PROJECT / "floe_cube_infra", PROJECT / "tools"]
    return "".join(
        file.read_text() for folder in folders for kind in ("py", "js") for file in folder.rglob(f"*.{kind}")
    )


@pages
def test_variables_are_read_by_somebody(page: Path) -> None:
    named = {name for code in inline_code(page) for name in re.findall(r"\b(?:FLOE|CUBEJS)_[A-Z_]+", code)}
    assert [name for name in sorted(named) if name not in sources()] == []
