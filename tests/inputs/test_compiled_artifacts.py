from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from floe_cube_infra.errors import ArtifactsError
from floe_cube_infra.inputs import compiled_artifacts
from floe_cube_infra.inputs.compiled_artifacts import CompiledArtifacts

Document = dict[str, Any]


def load(document: object) -> CompiledArtifacts:
    return compiled_artifacts.load(json.dumps(document).encode(), "artifacts.json")


def problems_of(document: object) -> tuple[str, ...]:
    with pytest.raises(ArtifactsError) as caught:
        load(document)
    return caught.value.problems


def test_the_least_that_the_contract_asks_for_gives_every_default(minimal: Document) -> None:
    artifacts = load(minimal)

    consumption = artifacts.consumption
    assert (consumption.enabled, consumption.port, consumption.dev_mode) == (False, 4000, False)
    assert consumption.api_secret_ref is None
    assert consumption.pre_aggregations.refresh_schedule == "*/30 * * * *"
    assert consumption.pre_aggregations.timezone == "UTC"
    assert consumption.pre_aggregations.external is True
    assert consumption.pre_aggregations.cube_store.enabled is False
    assert consumption.pre_aggregations.export_bucket.enabled is False
    assert (consumption.security.row_level, consumption.security.filter_column) == (True, "organization_id")
    observability = artifacts.observability
    assert (observability.traces, observability.metrics, observability.lineage) == (True, True, True)
    assert artifacts.dbt_manifest_path is None
    assert artifacts.environment_context is None


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0", "1.27.3", "2.0.0-draft", "2.0.0", "1.0.0+build.7"])
def test_every_section_of_a_supported_contract_is_read(full: Document, version: str) -> None:
    artifacts = load({**full, "version": version})

    assert artifacts.version == version
    assert artifacts.consumption.port == 4100
    assert artifacts.consumption.pre_aggregations.cube_store.s3_bucket == "bucket"
    assert artifacts.consumption.pre_aggregations.export_bucket.integration == "S3_EXPORT"
    assert artifacts.consumption.security.filter_column == "customer_id"
    assert artifacts.observability.attributes == {"service.name": "shop"}
    assert artifacts.compute.properties["account"] == "ab1"
    assert artifacts.column_classifications is not None
    assert artifacts.column_classifications["customers"]["email"].sensitivity == "medium"
    assert artifacts.environment_context is not None
    assert artifacts.environment_context.tenant_slug == "acme"


def test_the_draft_of_contract_2_with_its_own_sections_is_read(minimal: Document) -> None:
    draft = {
        **minimal,
        "version": "2.0.0-draft",
        "metadata": {**minimal["metadata"], "source_hash": "0" * 64},
        "orchestration": {"assets": [], "jobs": {"nightly": {"cron": "0 3 * * *"}}},
        "resolved_layers": {"gold": {"namespace": "gold"}},
    }

    assert load(draft).metadata.source_hash == "0" * 64


def test_artifacts_without_a_version_are_contract_1_0_0(minimal: Document) -> None:
    del minimal["version"]

    assert load(minimal).version == "1.0.0"


@pytest.mark.parametrize("version", ["0.9.0", "3.0.0", "v1.0.0", "1.0", "", "01.0.0", "1" * 5000 + ".0.0"])
def test_another_version_is_refused_with_the_allowed_ones(minimal: Document, version: str) -> None:
    (problem,) = problems_of({**minimal, "version": version})

    assert problem.startswith("$.version: contract version ")
    assert problem.endswith("is not supported; allowed are 1.x and 2.x")


def test_a_refused_version_is_named(minimal: Document) -> None:
    assert "'0.9.0'" in problems_of({**minimal, "version": "0.9.0"})[0]


def test_unknown_sections_are_ignored(minimal: Document) -> None:
    assert load({**minimal, "resolved_layers": [1], "plugins": None, "anything": {"at": "all"}}) == load(minimal)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (("consumption",), "api_secret_ref, database_type, dev_mode, enabled, port, pre_aggregations, security"),
        (("consumption", "security"), "filter_column, row_level"),
        (("consumption", "pre_aggregations"), "cube_store, export_bucket, external, refresh_schedule, timezone"),
        (("metadata",), "compiled_at, floe_core_version, source_hash"),
        (("compute",), "connection_secret_ref, properties, target"),
        (("column_classifications", "customers", "email"), "classification, pii_type, sensitivity"),
    ],
)
def test_an_unknown_key_in_a_used_section_is_refused_with_the_allowed_keys(
    full: Document, path: tuple[str, ...], allowed: str
) -> None:
    section = full
    for step in path:
        section = section[step]
    section["colour"] = "blue"

    assert problems_of(full) == (f"$.{'.'.join(path)}.colour: unknown key; allowed are: {allowed}",)


def test_a_model_named_like_a_key_doesnt_hide_the_allowed_keys(full: Document) -> None:
    full["column_classifications"] = {"sensitivity": {"classification": {"classification": "pii", "level": 3}}}

    assert problems_of(full) == (
        "$.column_classifications.sensitivity.classification.level: unknown key; "
        "allowed are: classification, pii_type, sensitivity",
    )


def test_all_problems_are_told_at_once_with_their_json_path(full: Document) -> None:
    del full["metadata"]["source_hash"]
    full["consumption"]["port"] = 70000
    full["consumption"]["api_secret_ref"] = "-starts-with-a-dash"
    full["consumption"]["dev_mode"] = "yes"
    full["column_classifications"] = {"my model": {"email": {"classification": "pii", "sensitivity": "extreme"}}}

    assert problems_of(full) == (
        "$.metadata.source_hash: missing",
        "$.consumption.port: input should be less than or equal to 65535 (given: 70000)",
        "$.consumption.api_secret_ref: string should match pattern '^[a-zA-Z0-9][a-zA-Z0-9_-]{0,252}$'",
        "$.consumption.dev_mode: input should be a valid boolean",
        "$.column_classifications['my model'].email.sensitivity: input should be 'low', 'medium' or 'high'",
    )


@pytest.mark.parametrize("database", ["postgres", "snowflake", "bigquery", "databricks", "trino"])
def test_every_supported_database_is_taken_from_consumption_or_compute(minimal: Document, database: str) -> None:
    minimal["consumption"] = {"enabled": True, "database_type": database}
    assert load(minimal).database_type == database

    minimal["consumption"] = {"enabled": True}
    minimal["compute"]["target"] = database
    assert load(minimal).database_type == database


def test_another_database_is_refused_with_the_five_that_are_supported(minimal: Document) -> None:
    minimal["consumption"] = {"database_type": "mysql"}

    assert problems_of(minimal) == (
        "$.consumption.database_type: 'mysql' is not supported; "
        "allowed are: postgres, snowflake, bigquery, databricks, trino",
    )


def test_consumption_over_a_target_that_cube_cant_query_needs_a_database_type(minimal: Document) -> None:
    minimal["compute"]["target"] = "duckdb"
    minimal["consumption"] = {"enabled": True}
    (problem,) = problems_of(minimal)
    assert problem.startswith("$: consumption is enabled without a database_type")
    assert "'duckdb'" in problem

    minimal["consumption"]["database_type"] = "trino"
    assert load(minimal).database_type == "trino"


def test_with_consumption_off_any_target_loads_but_has_no_database_type(minimal: Document) -> None:
    minimal["compute"]["target"] = "duckdb"
    artifacts = load(minimal)

    with pytest.raises(ArtifactsError, match="'duckdb' can't be queried by Cube"):
        _ = artifacts.database_type


def test_the_older_name_of_the_filter_column_is_understood(minimal: Document) -> None:
    minimal["consumption"] = {"security": {"tenant_column": "tenant_id"}}
    assert load(minimal).consumption.security.filter_column == "tenant_id"

    minimal["consumption"]["security"]["filter_column"] = "tenant_id"
    assert load(minimal).consumption.security.filter_column == "tenant_id"


def test_two_different_filter_columns_are_refused(minimal: Document) -> None:
    minimal["consumption"] = {"security": {"tenant_column": "tenant_id", "filter_column": "organization_id"}}

    (problem,) = problems_of(minimal)
    assert problem.startswith("$.consumption.security: filter_column and its older name tenant_column")


@pytest.mark.parametrize("column", ["", 7, None, ["tenant_id"]])
def test_a_problem_with_the_older_filter_column_names_the_key_that_was_written(
    minimal: Document, column: object
) -> None:
    minimal["consumption"] = {"security": {"tenant_column": column}}

    (problem,) = problems_of(minimal)
    assert problem.startswith("$.consumption.security.tenant_column: ")


def test_compute_is_found_among_resolved_profiles(minimal: Document) -> None:
    minimal["resolved_profiles"] = {"compute": {"target": "trino"}, "catalog": {"type": "glue"}}
    assert load(minimal).compute.target == "postgres"

    del minimal["compute"]
    assert load(minimal).compute.target == "trino"


def test_a_problem_with_compute_among_resolved_profiles_names_that_place(minimal: Document) -> None:
    del minimal["compute"]
    minimal["resolved_profiles"] = {"compute": {"target": 3}}

    assert problems_of(minimal) == ("$.resolved_profiles.compute.target: input should be a valid string (given: 3)",)


@pytest.mark.parametrize("profiles", [None, [], "x", {"catalog": {}}])
def test_artifacts_without_compute_are_refused(minimal: Document, profiles: object) -> None:
    del minimal["compute"]
    minimal["resolved_profiles"] = profiles

    (problem,) = problems_of(minimal)
    assert problem.endswith("compute: missing")


@pytest.mark.parametrize("section", [[], "text", 3, None])
def test_a_section_of_the_wrong_type_is_refused(minimal: Document, section: object) -> None:
    minimal["consumption"] = {"security": section}

    (problem,) = problems_of(minimal)
    assert problem.startswith("$.consumption.security: input should be ")


@pytest.mark.parametrize("content", [b"[]", b"null", b"3", b'"metadata"', b"{}", b'{"nodes": {}}'])
def test_other_json_is_no_artifacts_file(content: bytes) -> None:
    with pytest.raises(ArtifactsError, match=r"^a\.json is JSON but no CompiledArtifacts file"):
        compiled_artifacts.load(content, "a.json")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", r"Expecting value \(line 1, column 1\)"),
        (b'{"metadata": ', r"Expecting value \(line 1, column 14\)"),
        (b'{\n  "a": 1,\n}', r"line 2|line 3"),
        (b"\xff\xfe\xfd", "not UTF-8 text"),
        (b'{"a": "\xff"}', "not UTF-8 text"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a": ' * 100_000, "nested too deep"),
    ],
)
def test_what_isnt_json_is_refused_with_the_place(content: bytes, reason: str) -> None:
    with pytest.raises(ArtifactsError, match=reason):
        compiled_artifacts.load(content, "artifacts.json")


def test_a_byte_order_mark_does_no_harm(minimal: Document) -> None:
    content = b"\xef\xbb\xbf" + json.dumps(minimal).encode()

    assert compiled_artifacts.load(content, "artifacts.json") == load(minimal)


def test_credentials_in_the_address_are_not_repeated() -> None:
    with pytest.raises(ArtifactsError) as caught:
        compiled_artifacts.load(b"{}", "https://user:hunter2@host/a.json?sig=hunter3")

    assert "https://***@host/a.json?***" in str(caught.value)


def test_real_artifacts_load_with_what_json_says(real_data: Path) -> None:
    files = sorted((real_data / "artifacts").glob("*.json"))
    assert files
    for file in files:
        document = json.loads(file.read_text())
        artifacts = compiled_artifacts.load(file.read_bytes(), file.name)

        assert artifacts.version == document["version"]
        assert artifacts.compute.target == document["compute"]["target"]
        assert artifacts.consumption.enabled == document["consumption"]["enabled"]
        assert artifacts.consumption.port == document["consumption"]["port"]
        assert artifacts.dbt_manifest_path == document.get("dbt_manifest_path")
        assert set(artifacts.column_classifications or {}) == set(document.get("column_classifications") or {})
