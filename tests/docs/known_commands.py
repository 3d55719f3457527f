"""Commands that aren't run, held against what the programs that they call really take."""

from __future__ import annotations

import functools
import re
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typer
import yaml
from typer.core import TyperGroup
from typer.main import get_command

from floe_cube_infra.cli.app import app
from tests.docs.pages import PROJECT
from tools.clone import Clone
from tools.pulumi_cli import find_pulumi
from tools.reach import Reach

# Of kubectl's reference; the objects that a command names are looked up in what is rendered.
_KUBECTL: Final = {
    "port-forward": set(),
    "exec": set(),
    "get": {"--output"},
    "describe": set(),
    "logs": {"--container", "--tail", "--previous"},
    "delete": set(),
    "cp": set(),
    "create": {"--from-literal"},
    "rollout": set(),
}
_KUBECTL_EVERYWHERE: Final = {"--namespace"}


def logical_lines(text: str) -> list[str]:
    """Commands, a line each: without comments, continued lines joined."""
    joined = re.sub(r"\\\n\s*", " ", text)
    return [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def check(line: str) -> None:
    """Fails for a command that no program would take."""
    words = shlex.split(line, comments=True)
    for place, word in enumerate(words):
        if word in {"|", ">", "&&", "<"}:
            if word in {"|", "&&"}:
                check(shlex.join(words[place + 1 :]))
            words = words[:place]
            break
    while words and re.fullmatch(r"[A-Z][A-Z0-9_]*=.*", words[0]):
        words = words[1:]
    match words:
        case [] | ["export" | "cd" | "echo" | "cp" | "eval", *_]:
            pass
        case ["floe-cube", *rest]:
            _check_floe_cube(rest)
        case ["make", word, *variables]:
            _check_make(word, variables)
        case ["pulumi", *rest]:
            _check_pulumi(rest)
        case ["kubectl", *rest]:
            _check_kubectl(rest)
        case ["node", file]:
            assert (PROJECT / "floe_cube_infra" / "cube" / Path(file).name).exists(), line
        case ["python" | "python3" | ".venv/bin/python", *rest]:
            _check_python(rest)
        case ["uv", "run", *rest]:
            check(shlex.join(rest))
        case ["curl", *_]:
            assert "/cubejs-api/" in line, line
        case ["git", "clone" | "add" | "commit", *_]:
            pass
        case _:
            raise AssertionError(f"nobody knows how to check `{line}`: let tests/docs/known_commands.py know")


def _check_floe_cube(arguments: Sequence[str]) -> None:
    context = typer.Context(get_command(app), info_name="floe-cube")
    while isinstance(context.command, TyperGroup) and arguments and not arguments[0].startswith("-"):
        command = context.command.get_command(context, arguments[0])
        assert command is not None, f"there is no `{context.command_path} {arguments[0]}`"
        arguments = arguments[1:]
        try:
            context = command.make_context(command.name, list(arguments), parent=context)
        except Exception as error:  # of a kind that Typer doesn't export
            raise AssertionError(str(error)) from None


def options_of(*words: str) -> set[str]:
    """The options of the command that the first words name.

    Raises:
        AssertionError: There is no such command.
    """
    context = typer.Context(get_command(app), info_name="floe-cube")
    for place, word in enumerate(words):
        if not isinstance(context.command, TyperGroup) or not word.isalpha():
            break
        command = context.command.get_command(context, word)
        assert command is not None or place, f"there is no `floe-cube {word}`"
        if command is None:
            break
        context = typer.Context(command, info_name=word, parent=context)
    return {option for parameter in context.command.get_params(context) for option in parameter.opts}


def _check_make(word: str, variables: Sequence[str]) -> None:
    text = (PROJECT / "Makefile").read_text()
    assert re.search(rf"^{re.escape(word)}:", text, re.MULTILINE), f"there is no `make {word}`"
    for variable in variables:
        assert f"\n{variable.partition('=')[0]} ?=" in text, f"the Makefile knows no {variable}"


@functools.cache
def _pulumi_help(command: tuple[str, ...]) -> str:
    clone = Clone.here()
    pulumi = find_pulumi(clone, Reach(memory=clone.folder / "unreachable.json")).program
    done = subprocess.run([pulumi, *command, "--help"], capture_output=True, text=True, check=True)
    return done.stdout


def _check_pulumi(arguments: Sequence[str]) -> None:
    groups = {"stack", "config", "state", "plugin"}
    length = 2 if arguments[0] in groups and len(arguments) > 1 and not arguments[1].startswith("-") else 1
    told = _pulumi_help(tuple(arguments[:length]))
    aliases = told.partition("\nAliases:\n")[2].partition("\n\n")[0]
    is_alias = re.search(rf"\b{re.escape(arguments[length - 1])}\b", aliases) is not None
    assert f"pulumi {' '.join(arguments[:length])}" in told or is_alias
    for word in arguments[length:]:
        if word.startswith("-"):
            option = word.partition("=")[0]
            assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", told), f"pulumi {arguments[0]} has no {option}"


def _check_kubectl(arguments: Sequence[str]) -> None:
    arguments = list(arguments[: arguments.index("--")] if "--" in arguments else arguments)
    if arguments[0] == "--namespace":
        arguments = [*arguments[2:], *arguments[:2]]
    verb = arguments[0]
    assert verb in _KUBECTL, f"let tests/docs/known_commands.py know kubectl {verb}"
    named = _rendered_objects()
    for word in arguments[1:]:
        if word.startswith("-"):
            assert word.partition("=")[0] in _KUBECTL[verb] | _KUBECTL_EVERYWHERE, word
        if re.fullmatch(r"[a-z]+/[a-z0-9-]+", word):
            assert word in named, f"no stack renders {word}"
    if verb in {"exec", "cp"}:
        pod = arguments[1].partition(":")[0]
        assert f"statefulset/{pod.rpartition('-')[0]}" in named, f"no stack renders {pod}"


@functools.cache
def _rendered_objects() -> set[str]:
    """What the stacks render, as kubectl names it, and the claims that come of it."""
    named = set()
    for file in (PROJECT / "tests" / "snapshots").glob("*/*/*.yaml"):
        for each in filter(None, yaml.safe_load_all(file.read_text())):
            if "kind" in each:
                kind, name = each["kind"].lower(), each["metadata"]["name"]
                claims = each["spec"].get("volumeClaimTemplates", ()) if kind == "statefulset" else ()
                named |= {f"{kind}/{name}"}
                named |= {f"persistentvolumeclaim/{claim['metadata']['name']}-{name}-0" for claim in claims}
    return named


def _check_python(arguments: Sequence[str]) -> None:
    match arguments:
        case ["-m", "pytest", *paths]:
            assert all((PROJECT / path).exists() for path in paths if not path.startswith("-"))
        case ["-m", "tools", word]:
            assert f'case "{word}"' in (PROJECT / "tools" / "words.py").read_text()
        case ["-m", module, *options]:
            _has_options(PROJECT / (module.replace(".", "/") + ".py"), options)
        case [file, *options]:
            _has_options(PROJECT / file, options)


def _has_options(file: Path, options: Sequence[str]) -> None:
    text = file.read_text()
    assert all(f'"{option}"' in text for option in options if option.startswith("-")), f"{file.name}: {options}"
