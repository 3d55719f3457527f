"""Errors as a user sees them, stored as text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SNAPSHOTS = Path(__file__).parent / "snapshots"

Run = Callable[..., Any]


def artifacts_missing(project: Any) -> list[object]:
    project.artifacts.unlink()
    return ["check", "-a", project.artifacts]


def artifacts_not_json(project: Any) -> list[object]:
    project.artifacts.write_text('{\n  "metadata": {},\n}')
    return ["check", "-a", project.artifacts]


def artifacts_of_another_kind(project: Any) -> list[object]:
    project.artifacts.write_text('{"name": "cube"}')
    return ["check", "-a", project.artifacts]


def artifacts_wrong(project: Any) -> list[object]:
    consumption = {
        "port": 0,
        "database_type": "mysql",
        "api_secret_ref": "not a name",
        "colour": "blue",
        "security": {"filter": "organization_id"},
    }
    project.write_artifacts(consumption, version="0.9.0", observability={"traces": "yes"})
    return ["check", "-a", project.artifacts]


def artifacts_with_a_secret_in_the_wrong_place(project: Any) -> list[object]:
    project.write_artifacts({"api_secret_ref": "Hunter2_is_no_name", "dev_mode": True})
    stack = project.folder / "Pulumi.prod.yaml"
    stack.write_text(
        f"config:\n  floe-cube-infra:environment: prod\n  floe-cube-infra:artifacts: {project.artifacts}\n"
    )
    return ["check", "-s", stack]


def artifacts_that_are_a_folder(project: Any) -> list[object]:
    return ["check", "-a", project.folder]


def artifacts_that_are_dbts_manifest(project: Any) -> list[object]:
    return ["check", "-a", project.manifest]


def manifest_that_is_dbts_target_folder(project: Any) -> list[object]:
    return ["check", "-a", project.artifacts, "-m", project.manifest.parent]


def target_that_cube_cant_query(project: Any) -> list[object]:
    project.write_artifacts(compute={"target": "duckdb"})
    return ["check", "-a", project.artifacts]


def manifest_missing(project: Any) -> list[object]:
    project.manifest.unlink()
    return ["check", "-a", project.artifacts]


def manifest_cut_off(project: Any) -> list[object]:
    project.manifest.write_bytes(project.manifest.read_bytes()[:200])
    return ["check", "-a", project.artifacts]


def manifest_empty(project: Any) -> list[object]:
    project.manifest.write_bytes(b"")
    return ["check", "-a", project.artifacts]


def manifest_too_old(project: Any) -> list[object]:
    project.write_manifest(schema="v7")
    return ["check", "-a", project.artifacts]


def manifest_that_is_a_catalog(project: Any) -> list[object]:
    catalog = Path(__file__).parents[2] / "examples" / "shop" / "target" / "catalog.json"
    project.manifest.write_bytes(catalog.read_bytes())
    return ["check", "-a", project.artifacts]


def manifest_with_a_wrong_type(project: Any) -> list[object]:
    project.manifest.write_text(project.manifest.read_text().replace('"columns": {"id"', '"columns": [], "x": {"id"'))
    return ["check", "-a", project.artifacts]


def manifest_of_another_adapter(project: Any) -> list[object]:
    project.write_manifest(adapter="snowflake")
    return ["check", "-a", project.artifacts]


def manifest_without_a_place(project: Any) -> list[object]:
    project.write_artifacts(dbt_manifest_path=None)
    return ["check", "-a", project.artifacts]


def catalog_missing(project: Any) -> list[object]:
    return ["check", "-a", project.artifacts, "-c", project.folder / "catalog.json"]


def catalog_that_is_a_manifest(project: Any) -> list[object]:
    return ["check", "-a", project.artifacts, "-c", project.manifest]


def port_of_root(project: Any) -> list[object]:
    project.write_artifacts({"port": 80})
    return ["check", "-a", project.artifacts]


def stack_file_missing(project: Any) -> list[object]:
    return ["check", "-s", project.folder / "Pulumi.none.yaml"]


def stack_file_wrong(project: Any) -> list[object]:
    stack = project.folder / "Pulumi.dev.yaml"
    stack.write_text(
        "config:\n  floe-cube-infra:environment: test\n  floe-cube-infra:api:\n    replicas: 0\n    sqlapi: on\n"
    )
    return ["check", "-s", stack]


def stack_file_mistyped(project: Any) -> list[object]:
    stacks = project.folder / "stacks"
    stacks.mkdir()
    for name in ("dev", "prod"):
        (stacks / f"Pulumi.{name}.yaml").write_text("config: {}\n")
    return ["check", "-s", stacks / "Pulumi.production.yaml"]


def stack_file_that_is_a_folder(project: Any) -> list[object]:
    return ["check", "-s", project.folder]


def stack_file_that_is_something_else(project: Any) -> list[object]:
    file = project.folder / "dbt_project.yml"
    file.write_text("name: shop\n")
    return ["check", "-s", file]


def stack_file_not_yaml(project: Any) -> list[object]:
    stack = project.folder / "Pulumi.dev.yaml"
    stack.write_text("config:\n  floe-cube-infra:api: {replicas: 2\n")
    return ["check", "-s", stack]


def query_missing(project: Any) -> list[object]:
    return ["explain", project.folder / "query.json", "-a", project.artifacts]


def query_of_a_member_that_isnt_there(project: Any) -> list[object]:
    query = project.folder / "query.json"
    query.write_text('{"measures": ["orders.nope"]}')
    return ["explain", query, "-a", project.artifacts]


def comparison_with_nothing(project: Any) -> list[object]:
    return ["diff", project.folder / "before", project.folder / "after"]


def comparison_of_a_folder_of_ones_own(project: Any) -> list[object]:
    return ["diff", project.folder, project.folder]


def report_without_its_files(project: Any) -> list[object]:
    return ["report", "--preview", f"prod={project.folder / 'preview.json'}"]


def images_of_a_stack_without_artifacts(project: Any) -> list[object]:
    stack = project.folder / "Pulumi.dev.yaml"
    stack.write_text("config:\n  floe-cube-infra:environment: dev\n  floe-cube-infra:artifacts: gone.json\n")
    return ["images", "-s", stack]


def token_without_a_secret(project: Any) -> list[object]:
    return ["token", "--claim", "organization_id=1", "--secret-env", "A_VARIABLE_THAT_NOBODY_SETS"]


def token_with_a_short_secret(project: Any) -> list[object]:
    secret = project.folder / "secret"
    secret.write_text("hunter2")
    return ["token", "--claim", "organization_id=1", "--secret-file", secret]


def picture_of_a_cube_that_isnt_there(project: Any) -> list[object]:
    return ["graph", "-a", project.artifacts, "--focus", "order"]


def scheme_unknown(project: Any) -> list[object]:
    return ["check", "-a", "http://user:hunter2@example.com/compiled_artifacts.json?sig=hunter2"]


def output_in_the_way(project: Any) -> list[object]:
    project.out.mkdir()
    (project.out / "cube.js").write_text("by hand")
    return ["generate", "-a", project.artifacts, "-o", project.out]


def output_is_a_file(project: Any) -> list[object]:
    return ["generate", "-a", project.artifacts, "-o", project.artifacts]


CASES = [
    artifacts_missing,
    artifacts_not_json,
    artifacts_of_another_kind,
    artifacts_wrong,
    artifacts_with_a_secret_in_the_wrong_place,
    artifacts_that_are_a_folder,
    artifacts_that_are_dbts_manifest,
    manifest_that_is_dbts_target_folder,
    target_that_cube_cant_query,
    manifest_missing,
    manifest_cut_off,
    manifest_empty,
    manifest_too_old,
    manifest_that_is_a_catalog,
    manifest_with_a_wrong_type,
    manifest_of_another_adapter,
    manifest_without_a_place,
    catalog_missing,
    catalog_that_is_a_manifest,
    port_of_root,
    stack_file_missing,
    stack_file_wrong,
    stack_file_mistyped,
    stack_file_that_is_a_folder,
    stack_file_that_is_something_else,
    stack_file_not_yaml,
    query_missing,
    query_of_a_member_that_isnt_there,
    comparison_with_nothing,
    comparison_of_a_folder_of_ones_own,
    report_without_its_files,
    images_of_a_stack_without_artifacts,
    token_without_a_secret,
    token_with_a_short_secret,
    picture_of_a_cube_that_isnt_there,
    scheme_unknown,
    output_in_the_way,
    output_is_a_file,
]


def name_of(case: Callable[..., Any]) -> str:
    return f"error-{case.__name__.replace('_', '-')}"


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_an_error_reads_as_stored(
    run: Run, project: Any, matches_snapshot: Callable[[str, str], None], case: Callable[[Any], list[object]]
) -> None:
    answer = run(*case(project))

    assert (answer.code, answer.out) == (1, "")
    assert "unter2" not in answer.err
    matches_snapshot(name_of(case), answer.err)


def test_every_stored_error_has_its_case() -> None:
    assert {path.stem for path in SNAPSHOTS.glob("error-*.txt")} == {name_of(case) for case in CASES}
