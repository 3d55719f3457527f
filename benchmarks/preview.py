"""How long a preview of the whole stack takes, against a program that does nothing.

- empty: a Pulumi program without a line of code
- smallest: one ConfigMap by Pulumi's Kubernetes SDK; what it takes more, every program for Kubernetes takes
- text: the least for a model: ConfigMaps of the same number with the same text, which lies there ready
- ours: the whole stack as in stacks/Pulumi.local.yaml, from manifests of several sizes

All by the same engine and plugins, in a new stack each, one after the other in each run. Where the official plugins
can't be had, the project's offline provider takes its part in all but the empty program.

    uv run python benchmarks/preview.py [--models 10 1000 5000] [--runs 5]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from manifests import write_artifacts, write_manifest

from floe_cube_infra.generation import generate
from floe_cube_infra.inputs.settings import from_stack_file
from floe_cube_infra.render.shards import shards
from tools.environment import environment, over_ours

CLONE: Final = Path(__file__).resolve().parents[1]
LARGEST_RATIO: Final = 3.0
_PREFIX: Final = "floe-cube-infra:"
_SMALLEST: Final = """\
from pulumi_kubernetes import Provider
from pulumi_kubernetes.core.v1 import ConfigMap
import pulumi
rendered = pulumi.ResourceOptions(provider=Provider("rendered", render_yaml_to_directory="rendered"))
ConfigMap("one", metadata={"name": "one", "namespace": "default"}, data={"a": "b"}, opts=rendered)
"""
_TEXT: Final = """\
import json, pathlib
from pulumi_kubernetes import Provider
from pulumi_kubernetes.core.v1 import ConfigMap
import pulumi
rendered = pulumi.ResourceOptions(provider=Provider("rendered", render_yaml_to_directory="rendered"))
for index, shard in enumerate(json.loads(pathlib.Path("shards.json").read_text())):
    ConfigMap(f"c{index}", metadata={"name": f"c{index}", "namespace": "default"}, data=shard, opts=rendered)
"""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one preview took: seconds by the clock, and of CPU, by the engine and all that it started."""

    wall: float
    cpu: float


class Program:
    """A program with a stack that is never provisioned.

    Args:
        folder: Where it lies.
        variables: The whole environment of the engine.
    """

    def __init__(self, folder: Path, variables: Mapping[str, str]) -> None:
        self._folder = folder
        self._variables = variables
        # The backend is one, and those of ours are one project.
        self._stack = folder.name
        self._run("stack", "init", self._stack)

    def preview(self) -> Cost:
        """Previews it once."""
        return self._run("preview", "--stack", self._stack)

    def _run(self, *arguments: str) -> Cost:
        command = ["pulumi", *arguments, "--non-interactive", "--color", "never"]
        start = time.perf_counter()
        with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
            process = subprocess.Popen(
                command, cwd=self._folder, env=dict(self._variables), stdout=output, stderr=subprocess.STDOUT
            )
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                output.seek(0)
                raise SystemExit(f"{' '.join(command)} failed:\n{output.read()[-3000:]}")
        return Cost(wall=time.perf_counter() - start, cpu=usage.ru_utime + usage.ru_stime)


def bare_program(
    folder: Path, text: str, variables: Mapping[str, str], model: Sequence[Mapping[str, str]] = ()
) -> Program:
    """A program of nothing but a text, beside shards of a model."""
    folder.mkdir()
    (folder / "shards.json").write_text(json.dumps(model))
    project = {"name": folder.name, "runtime": _runtime()}
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(project))
    (folder / "__main__.py").write_text(text)
    return Program(folder, variables)


def our_program(folder: Path, models: int, variables: Mapping[str, str]) -> tuple[Program, list[dict[str, str]]]:
    """Ours, with the local stack's settings and a manifest of so many models; and the model's text, by shard."""
    folder.mkdir()
    project = yaml.safe_load((CLONE / "Pulumi.yaml").read_text())
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump({**project, "runtime": _runtime()}))
    shutil.copy(CLONE / "__main__.py", folder / "__main__.py")
    write_manifest(folder / "manifest.json", models)
    write_artifacts(folder / "artifacts.json")
    local = yaml.safe_load((CLONE / "stacks" / "Pulumi.local.yaml").read_text())
    settings: dict[str, Any] = {
        **local["config"],
        f"{_PREFIX}artifacts": "artifacts.json",
        f"{_PREFIX}manifest": "manifest.json",
    }
    for of_the_shop in ("catalog", "models"):
        settings.pop(_PREFIX + of_the_shop)
    (folder / "stacks").mkdir()
    stack_file = folder / "stacks" / f"Pulumi.{folder.name}.yaml"
    stack_file.write_text(yaml.safe_dump({"config": settings}))
    generated = generate(from_stack_file(stack_file), folder)
    if generated is None:
        raise SystemExit("the benchmark's artifacts switch the consumption layer off")
    text = [{path.rpartition("/")[2]: file for path, file in shard.items()} for shard in shards(generated.files.model)]
    return Program(folder, variables), text


def _runtime() -> dict[str, Any]:
    return {"name": "python", "options": {"toolchain": "uv", "virtualenv": sys.prefix}}


def measure(programs: Mapping[str, Program], runs: int) -> dict[str, list[Cost]]:
    """The costs of each program's previews, each run's beside the others'."""
    for program in programs.values():
        program.preview()  # compiles modules, which later previews find compiled
    costs: dict[str, list[Cost]] = {label: [] for label in programs}
    for _ in range(runs):
        for label, program in programs.items():
            costs[label].append(program.preview())
    return costs


def show(costs: Mapping[str, Sequence[Cost]], runs: int) -> None:
    """Prints medians, and ratios to the empty program within one run."""
    print(f"preview of a new stack, medians of {runs} runs (in parentheses the least)")
    print(f"  {'':14}{'seconds':>16}{'x empty':>9}{'CPU seconds':>16}{'x empty':>9}")
    for label, some in costs.items():
        columns = []
        for kind in ("wall", "cpu"):
            values = [getattr(cost, kind) for cost in some]
            ratios = [value / getattr(empty, kind) for value, empty in zip(values, costs["empty"], strict=True)]
            columns.append(f"{statistics.median(values):8.2f} ({min(values):.2f}){statistics.median(ratios):9.2f}")
        print(f"  {label:14}" + "".join(f"{column:>25}" for column in columns))


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=int, nargs="+", default=[10, 1000, 5000])
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        added = environment(folder=folder / "floe", pulumi_home=folder / "home")
        # As installed programs run: their modules are compiled once, which some development machines forbid.
        variables = {key: value for key, value in over_ours(added).items() if key != "PYTHONDONTWRITEBYTECODE"}
        programs = {
            "empty": bare_program(folder / "empty", '"""Nothing."""\n', variables),
            "smallest": bare_program(folder / "smallest", _SMALLEST, variables),
        }
        for models in arguments.models:
            ours, text = our_program(folder / f"ours-{models}", models, variables)
            programs[f"text, {models}"] = bare_program(folder / f"text-{models}", _TEXT, variables, text)
            programs[f"ours, {models}"] = ours
            size = sum(len(file) for shard in text for file in shard.values())
            print(f"{models} models: {size / 1e6:.2f} MB of text in {len(text)} ConfigMap(s)", flush=True)
        costs = measure(programs, arguments.runs)
        show(costs, arguments.runs)
        for models in arguments.models:
            pairs = zip(costs[f"ours, {models}"], costs[f"text, {models}"], strict=True)
            ratio = statistics.median(ours.cpu / text.cpu for ours, text in pairs)
            print(f"  CPU of ours / text with {models} models: {ratio:.2f}")
    print(f"to reach: ours with 10 models at most {LARGEST_RATIO:g} times the empty program")


if __name__ == "__main__":
    main()
