"""What keeps the pins current."""

from __future__ import annotations

import fnmatch
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner

CLONE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def configuration() -> Any:
    return json.loads((CLONE / "renovate.json").read_text())


@pytest.fixture(scope="module")
def committed() -> list[str]:
    done = subprocess.run(["git", "ls-files"], cwd=CLONE, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def matching(pattern: str, committed: list[str]) -> list[str]:
    """The files of a pattern as Renovate writes them: between slashes an expression."""
    assert pattern[0] == pattern[-1] == "/"
    return [file for file in committed if re.search(pattern[1:-1], file)]


def test_renovate_takes_the_configuration() -> None:
    done = CliRunner().invoke(check_jsonschema, ["--builtin-schema", "vendor.renovate", str(CLONE / "renovate.json")])
    assert done.exit_code == 0, done.output


def test_every_image_is_found_with_tag_and_digest(configuration: Any, committed: list[str]) -> None:
    (manager,) = configuration["customManagers"]
    (expression,) = (text.replace("(?<", "(?P<") for text in manager["matchStrings"])
    for pattern in manager["managerFilePatterns"]:
        (file,) = matching(pattern, committed)
        images = json.loads((CLONE / file).read_text()).values()
        text = (CLONE / file).read_text()
        found = [each.groupdict() for each in re.finditer(expression, text)]
        assert found == [
            {"depName": each["repository"], "currentValue": each["tag"], "currentDigest": each["digest"]}
            for each in images
        ]
        pinned = text.replace("null", f'"sha256:{"a" * 64}"', 1)
        assert re.search(expression, pinned)["currentDigest"] == f"sha256:{'a' * 64}"  # type: ignore[index]


def test_every_kind_of_pin_has_a_manager_and_every_manager_a_file(configuration: Any, committed: list[str]) -> None:
    files = {
        "pep621": "pyproject.toml",
        "npm": "floe_cube_infra/local_cube/npm/*/package.json",
        "gomod": "tools/go/*/go.mod",
        "github-actions": ".github/workflows/*.yml",
    }
    assert {*files, "pip-compile", "custom.regex"} == set(configuration["enabledManagers"])
    for pattern in files.values():
        assert fnmatch.filter(committed, pattern)
    for pattern in configuration["pip-compile"]["managerFilePatterns"]:
        (file,) = matching(pattern, committed)
        assert "uv pip compile" in (CLONE / file).read_text().splitlines()[1]
