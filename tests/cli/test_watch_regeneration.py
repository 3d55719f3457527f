"""When inputs are read again, what is waited for, and what is an error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.cli.regeneration import Given, Regenerator, Run, is_beginning_of_json


@pytest.fixture
def regenerator(project: Any) -> Regenerator:
    given = Given(artifacts=str(project.artifacts), manifest=None, catalog=None, stack_file=None)
    return Regenerator(given, project.out, project.folder)


def run(regenerator: Regenerator) -> Run:
    found = regenerator.run()
    assert found is not None
    return found


def test_equal_contents_are_not_read_twice(regenerator: Regenerator, project: Any) -> None:
    assert run(regenerator).status == "generated"
    content = project.manifest.read_bytes()
    project.manifest.unlink()
    project.manifest.write_bytes(content)

    assert regenerator.run() is None


def test_contents_that_come_back_are_generated_again(regenerator: Regenerator, project: Any) -> None:
    run(regenerator)
    content = project.manifest.read_bytes()
    project.write_manifest("orders")
    assert [change.name for change in run(regenerator).changes.cubes] == ["customers"]  # type: ignore[union-attr] # there are

    project.manifest.write_bytes(content)
    assert [change.change for change in run(regenerator).changes.cubes] == ["added"]  # type: ignore[union-attr] # as above


def test_what_is_waited_for_is_said_once_and_again_after_it_came(regenerator: Regenerator, project: Any) -> None:
    content = project.manifest.read_text()
    run(regenerator)
    for _ in range(2):
        project.manifest.write_text(content[:100])
        found = run(regenerator)
        assert (found.status, found.message) == ("waiting", f"waiting for dbt to finish writing {project.manifest}")
        project.manifest.write_text(content[:200])
        assert regenerator.run() is None
        project.manifest.unlink()
        assert run(regenerator).message == f"waiting for dbt to write {project.manifest}"
        project.manifest.write_text(content)
        found = run(regenerator)
        assert (found.status, bool(found.changes)) == ("generated", False)


def test_artifacts_that_arent_there_yet_are_waited_for(regenerator: Regenerator, project: Any) -> None:
    project.artifacts.unlink()
    assert run(regenerator).message == f"waiting for the floe compiler to write {project.artifacts}"

    project.artifacts.write_text("")
    assert run(regenerator).message == f"waiting for the floe compiler to finish writing {project.artifacts}"

    project.write_artifacts()
    assert (run(regenerator).status, regenerator.files()) == ("generated", (project.artifacts, project.manifest))


@pytest.mark.parametrize("content", ["[1, 2]", '{"metadata": {}}', "no JSON", '{"nodes": {}} and more'])
def test_a_whole_file_that_is_wrong_is_an_error(regenerator: Regenerator, project: Any, content: str) -> None:
    run(regenerator)
    before = {path: path.read_bytes() for path in project.out.rglob("*") if path.is_file()}
    project.manifest.write_text(content)

    found = run(regenerator)

    assert (found.status, str(project.manifest) in str(found.error)) == ("failed", True)
    assert {path: path.read_bytes() for path in project.out.rglob("*") if path.is_file()} == before


def test_a_doubt_is_told_when_it_comes_up_and_not_again(regenerator: Regenerator, project: Any) -> None:
    run(regenerator)
    project.add_a_warning()
    assert ["bare" in issue.model for issue in run(regenerator).new_issues] == [True]

    project.write_manifest("orders", "bare")
    project.add_a_warning()
    assert run(regenerator).new_issues == ()


def test_both_places_of_a_manifest_are_watched(project: Any) -> None:
    project.write_artifacts(dbt_project_path="dbt")
    given = Given(artifacts="compiled_artifacts.json", manifest=None, catalog="catalog.json", stack_file=Path("s.yaml"))
    (project.folder / "s.yaml").write_text("config:\n  floe-cube-infra:environment: local\n")

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.folder)
        (project.folder / "s.yaml").write_text(
            "config:\n  floe-cube-infra:environment: local\n  floe-cube-infra:artifacts: other.json\n"
        )
        files = Regenerator(given, project.out, project.folder).files()

    names = ["s.yaml", "compiled_artifacts.json", "dbt/target/manifest.json", "target/manifest.json", "catalog.json"]
    assert files == tuple(project.folder / name for name in names)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.text(), JSON), st.data(), st.booleans())
def test_every_beginning_of_an_object_is_unfinished_and_the_whole_is_not(
    document: dict[str, Any], data: Any, ascii_only: bool
) -> None:
    whole = json.dumps(document, ensure_ascii=ascii_only).encode(errors="replace")
    cut = data.draw(st.integers(0, len(whole) - 1))

    assert is_beginning_of_json(whole[:cut])
    assert not is_beginning_of_json(whole)
