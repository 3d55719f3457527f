"""What is not translated anew is exactly what would come out the same."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from floe_cube_infra import generation
from floe_cube_infra.cli.regeneration import Given, Regenerator, Run
from floe_cube_infra.errors import FloeCubeError
from floe_cube_infra.generation import Generated
from floe_cube_infra.inputs.settings import from_stack_file
from floe_cube_infra.sync.model_changes import ModelChanges

pytestmark = pytest.mark.real

Documents = dict[str, Any]

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "examples" / "shop"
NAMES = ("stack.yaml", "compiled_artifacts.json", "target/manifest.json", "target/catalog.json")
ORDERS = "model.shop.orders"
# Some are equal in Python (1 and true), or mean something in one place or another.
VALUES = (
    None,
    True,
    False,
    0,
    1,
    1.0,
    2**70,
    "",
    "x",
    "orders",
    "organization_id",
    "integer",
    [],
    {},
    ["id"],
    {"a": 1},
)


def shop() -> Documents:
    """The sample shop's inputs by their files, with settings of several kinds; one type only the catalog knows."""
    config = {
        "environment": "local",
        "artifacts": "compiled_artifacts.json",
        "catalog": "target/catalog.json",
        "models": {"include": ["access:public"], "rollups": "auto", "timeHierarchies": True},
        "security": {"filterClaim": "organization_id", "unfilteredCubes": ["organizations"]},
    }
    stack = {"config": {f"floe-cube-infra:{key}": value for key, value in config.items()}}
    documents = {NAMES[0]: stack, **{name: json.loads((SHOP / name).read_text()) for name in NAMES[1:]}}
    del of_orders(documents)["columns"]["line_count"]["data_type"]
    return documents


def write(folder: Path, documents: Documents) -> None:
    (folder / "target").mkdir(exist_ok=True)
    for name, document in documents.items():
        text = yaml.safe_dump(document) if name.endswith(".yaml") else json.dumps(document)
        (folder / name).write_text(text)


class Watched:
    """The shop in a folder, and what keeps another folder up to date with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = folder / "out"
        self.documents = shop()
        stack_file = folder / "stack.yaml"
        self.regenerator = Regenerator(
            Given(artifacts=None, manifest=None, catalog=None, stack_file=stack_file), self.out, folder
        )
        self.first = generated(self.run_with(lambda documents: None))

    def run_with(self, change: Callable[[Documents], object]) -> Run | None:
        """The next run, with the shop changed so; later runs know nothing of that change."""
        changed = copy.deepcopy(self.documents)
        change(changed)
        write(self.folder, changed)
        return self.regenerator.run()


def generated(run: Run | None) -> Generated:
    assert run is not None
    assert run.generated is not None, run
    return run.generated


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def manifest(documents: Documents) -> Documents:
    found: Documents = documents["target/manifest.json"]
    return found


def of_stack(documents: Documents, key: str) -> Documents:
    found: Documents = documents["stack.yaml"]["config"][f"floe-cube-infra:{key}"]
    return found


def consumption(documents: Documents) -> Documents:
    found: Documents = documents["compiled_artifacts.json"]["consumption"]
    return found


def catalog_columns(documents: Documents) -> Documents:
    found: Documents = documents["target/catalog.json"]["nodes"][ORDERS]["columns"]
    return found


def of_orders(documents: Documents) -> Documents:
    found: Documents = manifest(documents)["nodes"][ORDERS]
    return found


@pytest.mark.parametrize(
    "change",
    [
        lambda documents: manifest(documents)["metadata"].update(
            generated_at="2030-01-01T00:00:00Z", invocation_id="x"
        ),
        lambda documents: of_orders(documents).update(raw_code="select 1", compiled_code="select 1", checksum={}),
        lambda documents: manifest(documents)["macros"].clear(),
    ],
    ids=["the time of the run", "SQL", "macros"],
)
def test_what_dbt_writes_for_itself_makes_nothing_anew(watched: Watched, change: Callable[[Documents], object]) -> None:
    run = watched.run_with(change)

    assert generated(run) is watched.first
    assert run is not None
    assert run.files is not None
    assert (run.changes, run.new_issues, run.files.written, run.files.removed) == (ModelChanges(), (), (), ())


@pytest.mark.parametrize(
    "change",
    [
        lambda documents: of_stack(documents, "models").update(timeHierarchies=False),
        lambda documents: of_stack(documents, "security").update(filterClaim="tenant"),
        lambda documents: consumption(documents)["pre_aggregations"].update(refresh_schedule="7 * * * *"),
        lambda documents: consumption(documents)["security"].update(row_level=False),
        lambda documents: of_orders(documents).update(description="Edited."),
        lambda documents: catalog_columns(documents)["line_count"].update(type="text"),
    ],
    ids=["a setting", "a claim", "the artifacts' schedule", "the artifacts' security", "a description", "the catalog"],
)
def test_whatever_decides_what_comes_out_makes_it_anew(watched: Watched, change: Callable[[Documents], object]) -> None:
    run = watched.run_with(change)

    assert outcome(generated(run)) == afresh(watched.folder)
    assert outcome(watched.first) != afresh(watched.folder)


def test_files_that_were_edited_are_mended_even_when_nothing_is_translated(watched: Watched) -> None:
    file = watched.out / "model" / "cubes" / "orders.yml"
    right = file.read_text()
    file.write_text("cubes: []\n")

    run = watched.run_with(lambda documents: of_orders(documents).update(raw_code="select 1"))

    assert generated(run) is watched.first
    assert file.read_text() == right


def test_after_a_failure_the_last_good_state_comes_back_as_it_was(watched: Watched) -> None:
    failed = watched.run_with(lambda documents: manifest(documents).pop("nodes"))
    assert failed is not None
    assert failed.status == "failed"

    assert generated(watched.run_with(lambda documents: None)) is watched.first


def test_one_and_true_are_not_the_same_to_a_models_file(watched: Watched) -> None:
    def written(value: object) -> str:
        meta = {"cube": {"meta": {"own": value}}}
        run = watched.run_with(lambda documents: of_orders(documents)["config"].update(meta=meta))
        return generated(run).files.model["model/cubes/orders.yml"]

    assert "own: 1\n" in written(1)
    assert "own: true\n" in written(True)


@st.composite
def changes(draw: st.DrawFn) -> Callable[[Documents], None]:
    """One value somewhere in the inputs becomes another, or goes; half of the time in a node or a test."""
    documents = shop()
    nodes = sorted(manifest(documents)["nodes"])
    path: list[Any] = (
        ["target/manifest.json", "nodes", draw(st.sampled_from(nodes))]
        if draw(st.booleans())
        else [draw(st.sampled_from(NAMES))]
    )
    at: Any = documents
    for key in path:
        at = at[key]
    while isinstance(at, dict | list) and at and (len(path) < 2 or draw(st.integers(0, 4))):
        path.append(draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at)))))
        at = at[path[-1]]
    goes, value = draw(st.booleans()), draw(st.sampled_from(VALUES))

    def change(documents: Documents) -> None:
        parent: Any = documents
        for key in path[:-1]:
            parent = parent[key]
        if goes:
            del parent[path[-1]]
        else:
            parent[path[-1]] = value

    return change


def outcome(generated: Generated | None) -> object:
    return generated and (generated.files.everything(), generated.issues, generated.counts, generated.environment)


def afresh(folder: Path) -> object:
    """What a process that knows of no earlier run makes of the inputs; the error where it can't."""
    try:
        return outcome(generation.generate(from_stack_file(folder / "stack.yaml"), folder))
    except FloeCubeError as error:
        return str(error)


@pytest.fixture(scope="module")
def long_watched(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    return Watched(tmp_path_factory.mktemp("shop"))


@settings(max_examples=60, deadline=None)
@given(change=changes())
def test_no_run_gives_anything_but_what_a_first_one_would(
    long_watched: Watched, change: Callable[[Documents], None]
) -> None:
    run = long_watched.run_with(change)
    if run is None or run.status == "waiting":  # it is what was there, or names a file that isn't
        return
    assert (str(run.error) if run.error else outcome(run.generated)) == afresh(long_watched.folder)
    if run.generated:
        files = {path: (long_watched.out / path).read_text() for path in run.generated.files.everything()}
        assert files == run.generated.files.everything()
