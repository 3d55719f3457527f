"""The workflows of this project, read as YAML, and the commands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

PROJECT: Final = Path(__file__).parents[2]
WORKFLOWS: Final = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
ACTIONS: Final = sorted((PROJECT / ".github" / "actions").glob("*/action.yml"))
GITLAB: Final = PROJECT / "docs" / "gitlab-ci.yml"
LANDING: Final = PROJECT / ".ci" / "landing"

# Up to what ends a command: a pipe, a redirection, what follows it, or the `)` of `$(...)`.
_COMMAND: Final = re.compile(
    r"(?:^|[\s(=|])(?P<command>(?:floe-cube|pulumi|kubectl|make) (?:\"[^\"]*\"|'[^']*'|[^\"'|>;&)]|\$\([^)]*\))+)"
)
_ARRAY: Final = re.compile(r'"\$\{\w+\[@\]\}"')


def document(file: Path) -> dict[str, Any]:
    """A file as YAML; `on` stays a word."""
    loaded: dict[str, Any] = yaml.load(file.read_text(), Loader=yaml.BaseLoader)
    return loaded


def scripts(file: Path) -> Iterator[str]:
    """The shell scripts of a file."""
    if file == LANDING:
        yield file.read_text()
        return
    whole = document(file)
    if file == GITLAB:
        for name, job in whole.items():
            if isinstance(job, dict):
                yield from (line for key in ("before_script", "script") for line in job.get(key, ()) if line != name)
        return
    jobs = [whole["runs"]] if "runs" in whole else whole["jobs"].values()
    yield from (step["run"] for job in jobs for step in job.get("steps", ()) if "run" in step)


def commands(file: Path) -> list[str]:
    """What is run of programs that this project answers for; arrays of options are taken out."""
    lines = [line for script in scripts(file) if isinstance(script, str) for line in script.splitlines()]
    code = [line for line in lines if not line.lstrip().startswith("#")]
    found = [match["command"].strip() for line in code for match in _COMMAND.finditer(line)]
    return [_ARRAY.sub("", each) for each in found]


def array_options(file: Path) -> set[str]:
    """The options that are put into arrays first."""
    text = "\n".join(script for script in scripts(file) if isinstance(script, str))
    arrays = re.findall(r"(?:options|asked|member)\+?=\((.*)\)$", text, re.MULTILINE)
    return {option for array in arrays for option in re.findall(r"(?<!\S)--[a-z-]+", array)}


def steps(file: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each step of each job, with its job."""
    for job in document(file)["jobs"].values():
        yield from ((job, step) for step in job.get("steps", ()))
