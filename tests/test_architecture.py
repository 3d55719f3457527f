"""The shape of the package is held by what its modules import, read with `ast` and never executed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
PACKAGE = PROJECT / "floe_cube_infra"
ROOT = "floe_cube_infra"

FOUNDATION = {"errors", "naming"}
MAY_IMPORT = {
    "errors": set(),
    "naming": set(),
    "model": {"naming"},
    "inputs": {*FOUNDATION, "model"},
    "translate": {*FOUNDATION, "model", "inputs"},
    "render": {*FOUNDATION, "model"},
    "sync": {*FOUNDATION, "model", "render"},
    "graph": {*FOUNDATION, "model"},
    "semantic_diff": {*FOUNDATION, "model", "graph"},
    "pull_request": {*FOUNDATION, "model", "semantic_diff", "graph"},
    "landing": {*FOUNDATION, "model", "inputs", "render", "semantic_diff"},
    "drift": {*FOUNDATION, "semantic_diff", "pull_request"},
    "security": {*FOUNDATION, "model"},
    "observer": {*FOUNDATION, "model"},
    "offline": set(),
    "laptop": {*FOUNDATION, "model", "inputs"},
    "warehouse": {*FOUNDATION, "model", "inputs", "render"},
    "observation": {*FOUNDATION, "model", "inputs", "render"},
    "running_images": {*FOUNDATION, "model", "inputs", "observation"},
    "project_inputs": {
        *FOUNDATION,
        *("model", "inputs", "translate", "laptop", "warehouse", "observation", "running_images"),
    },
    "generation": {
        *FOUNDATION,
        *("model", "inputs", "translate", "render", "laptop", "warehouse", "observation", "project_inputs"),
    },
    "acceleration": {*FOUNDATION, "model", "translate"},
    "local_cube": {*FOUNDATION, "model"},
    "components": {*FOUNDATION, "model", "inputs", "render", "observation", "generation"},
    "outputs": {*FOUNDATION, "model", "inputs", "render", "generation", "components"},
    "cli": {
        *FOUNDATION,
        *(
            "model",
            "inputs",
            "translate",
            "render",
            "sync",
            "graph",
            "semantic_diff",
            "pull_request",
            "security",
            "landing",
            "drift",
        ),
        *("running_images", "project_inputs", "generation", "acceleration", "local_cube"),
    },
    "cube": set(),
}
"""Which parts of the package each part may import beside itself: data flows one way."""

PULUMI_PARTS = {"components", "outputs", "offline"}
# The stack is updated from the command line only where people ask for it.
LAZY_PULUMI = {"inputs/settings/reading.py", "cli/stack_update.py"}
FORBIDDEN_NAMES = {"util", "utils", "helper", "helpers", "common", "misc"}
MOST_LINES = 300


@dataclass(frozen=True)
class Import:
    """One import: the module's part of the package (or file name), what is imported, and whether at its top level."""

    file: str
    target: str
    lazy: bool

    @property
    def part(self) -> str:
        return self.file.split("/")[0].removesuffix(".py")


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)


def names(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def targets(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "relative imports hide where they lead"
        # `from floe_cube_infra import generation` imports a module, too.
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def imports_of(path: Path, text: str) -> Iterator[Import]:
    tree = ast.parse(text)
    top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        for target in targets(node):
            yield Import(names(path), target, id(node) not in top)


IMPORTS = [found for path in modules() for found in imports_of(path, path.read_text())]
OWN = [found for found in IMPORTS if found.target.split(".")[0] == ROOT and "." in found.target]


def part_of(target: str) -> str:
    return target.split(".")[1]


def test_there_is_something_to_look_at() -> None:
    assert len(modules()) > 40
    assert {"inputs", "translate", "render", "components"} <= {found.part for found in OWN}


def test_every_part_of_the_package_has_its_place() -> None:
    parts = {names(path).split("/")[0].removesuffix(".py") for path in modules()} - {"__init__"}

    assert parts <= MAY_IMPORT.keys()


def test_parts_import_only_what_comes_before_them() -> None:
    wrong = [
        f"{found.file} imports {found.target}"
        for found in OWN
        if found.part != "__init__" and part_of(found.target) not in {found.part, *MAY_IMPORT[found.part]}
    ]

    assert wrong == []


def test_the_table_of_parts_has_no_circle() -> None:
    done: set[str] = set()
    left = dict(MAY_IMPORT)
    while ready := [part for part, before in left.items() if before <= done]:
        done.update(ready)
        left = {part: before for part, before in left.items() if part not in done}

    assert left == {}


def test_components_take_settings_and_generated_only_through_those_that_compose() -> None:
    allowed = ("components/consumption_layer.py", "components/composition/")
    wrong = [
        f"{found.file} imports {found.target}"
        for found in OWN
        if found.part == "components"
        and part_of(found.target) in {"generation", "inputs"}
        and not found.file.startswith(allowed)
    ]

    assert wrong == []


def test_only_components_outputs_and_the_offline_providers_import_pulumi() -> None:
    wrong = [
        f"{found.file} imports {found.target}"
        for found in IMPORTS
        if found.target.split(".")[0] in {"pulumi", "pulumi_kubernetes"}
        and found.part not in PULUMI_PARTS
        and not (found.file in LAZY_PULUMI and found.lazy)
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("file", "text", "lazy"),
    [
        ("inputs/x.py", "from floe_cube_infra.translate import project", False),
        ("inputs/x.py", "from floe_cube_infra import translate", False),
        ("inputs/x.py", "import floe_cube_infra.translate.project", False),
        ("inputs/x.py", "def f():\n    import floe_cube_infra.translate", True),
        ("inputs/x.py", "if True:\n    from floe_cube_infra.translate.project import translate", True),
    ],
)
def test_an_import_is_seen_however_it_is_written(file: str, text: str, lazy: bool) -> None:
    (found,) = imports_of(PACKAGE / file, text)

    assert (found.part, part_of(found.target), found.lazy) == ("inputs", "translate", lazy)
    assert part_of(found.target) not in MAY_IMPORT["inputs"]


def test_the_program_is_a_contents_page() -> None:
    assert len((PROJECT / "__main__.py").read_text().splitlines()) <= 40


@pytest.mark.parametrize("path", modules(), ids=names)
def test_every_module_says_what_it_is_and_stays_small(path: Path) -> None:
    text = path.read_text()

    assert ast.get_docstring(ast.parse(text)), "a module without a docstring"
    assert len(text.splitlines()) <= MOST_LINES
    assert path.stem not in FORBIDDEN_NAMES
    assert path.parent.name not in FORBIDDEN_NAMES
