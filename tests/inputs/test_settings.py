from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pulumi
import pytest
from pulumi.runtime import config as pulumi_config

from floe_cube_infra.errors import SettingsError
from floe_cube_infra.inputs import settings
from floe_cube_infra.inputs.settings import Settings, check_secret_name, from_pulumi, from_stack_file, parse

LEAST = {"artifacts": "compiled_artifacts.json", "environment": "local"}
PROJECT = Path(__file__).parents[2]


def problems_of(raw: dict[str, object]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        parse(raw, "stack test")
    assert caught.value.summary == "The settings in stack test are wrong:"
    return caught.value.problems


def test_two_settings_are_enough_and_everything_else_has_a_default() -> None:
    settings = parse(LEAST, "test")

    assert settings.namespace == "floe-cube"
    assert (settings.api.replicas, settings.refresh_worker.enabled, settings.cube_store.workers) == (2, True, 2)
    assert settings.api.sql_api is None
    assert settings.network.policies
    assert settings.network.clients == ()
    assert settings.ingress.kind == "none"
    assert settings.security.unfiltered_cubes == ()
    assert settings.security.exempt_roles == ()


def test_sections_may_be_mappings_or_the_json_text_that_pulumi_hands_over() -> None:
    api = {"replicas": 3, "sqlApi": "shared"}
    security = {"unfilteredCubes": ["calendar", "countries"]}
    mapped = parse({**LEAST, "api": api, "security": security}, "test")
    texts = parse({**LEAST, "api": json.dumps(api), "security": json.dumps(security)}, "test")

    assert mapped == texts
    assert (mapped.api.replicas, mapped.security.unfiltered_cubes) == (3, ("calendar", "countries"))


def test_an_unknown_key_is_refused_with_the_allowed_keys_in_pulumis_spelling() -> None:
    (problem,) = problems_of({**LEAST, "secretKeys": {"api_secret": "x"}})
    assert problem.startswith("floe-cube-infra:secretKeys.api_secret: unknown key; allowed are: apiSecret, ")
    (problem,) = problems_of({**LEAST, "replicas": 3})
    assert problem.startswith("floe-cube-infra:replicas: unknown key; allowed are: api, artifacts, bucket, catalog, ")


def test_all_wrong_settings_are_told_at_once() -> None:
    assert problems_of({"artifacts": "", "environment": "test", "api": {"replicas": 0, "memory": "much"}}) == (
        "floe-cube-infra:artifacts: string should have at least 1 character",
        "floe-cube-infra:environment: input should be 'local', 'dev', 'staging' or 'prod'",
        "floe-cube-infra:api.replicas: input should be greater than or equal to 1 (given: 0)",
        "floe-cube-infra:api.memory: input should be a valid integer, unable to parse string as an integer",
    )


@pytest.mark.parametrize("selector", ["tag:nightly", "path:models/marts", "name:orders", "access:public"])
def test_a_selector_is_a_method_and_what_to_look_for(selector: str) -> None:
    assert parse({**LEAST, "models": {"include": [selector]}}, "test").models.include == (selector,)


@pytest.mark.parametrize("selector", ["orders", "tag:", ":orders", "tags:nightly", "", "+orders"])
def test_what_is_no_selector_is_refused_with_the_allowed_methods(selector: str) -> None:
    (problem,) = problems_of({**LEAST, "models": {"exclude": [selector]}})

    assert problem.startswith(f"floe-cube-infra:models.exclude: {selector!r} is no selector; allowed are: access:..., ")


def test_a_missing_setting_is_named() -> None:
    assert problems_of({}) == ("floe-cube-infra:artifacts: missing", "floe-cube-infra:environment: missing")


@pytest.mark.parametrize("namespace", ["Shop", "a_b", "", "-a", "a" * 64, "a.b"])
def test_a_namespace_that_kubernetes_refuses_is_refused(namespace: str) -> None:
    (problem,) = problems_of({**LEAST, "namespace": namespace})

    assert "can't be a namespace; allowed are lower-case letters, digits and '-', 63 at most" in problem


@pytest.mark.parametrize("text", ["{", "[1,", "[" * 100_000, '{"replicas": }', "[1]", "{}x"])
def test_json_text_that_is_none_is_refused_like_any_other_value(text: str) -> None:
    (problem,) = problems_of({**LEAST, "api": text})

    assert problem.startswith("floe-cube-infra:api: input should be a valid dictionary")


def test_a_path_may_begin_with_a_bracket() -> None:
    assert parse({**LEAST, "artifacts": "[old] artifacts.json"}, "test").artifacts == "[old] artifacts.json"


def test_a_key_that_is_no_text_is_refused() -> None:
    assert problems_of({**LEAST, "api": {1: 2}}) == ("floe-cube-infra:api[1]: keys should be strings (given: 1)",)


@pytest.mark.parametrize("name", ["cube-api", "a.b", "0"])
def test_a_secrets_name_that_kubernetes_takes_is_fine(name: str) -> None:
    assert check_secret_name(name, "here") is None


def test_a_secrets_name_that_kubernetes_refuses_isnt_repeated_since_it_may_be_the_secret() -> None:
    problem = check_secret_name("Hunter2_Hunter2", "consumption.api_secret_ref")

    assert problem is not None
    assert problem.startswith("consumption.api_secret_ref: the value given")
    assert "Hunter2" not in problem


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    monkeypatch.setattr(pulumi, "get_stack", lambda: "dev")
    monkeypatch.delenv("PULUMI_CONFIG", raising=False)
    token = pulumi_config.CONFIG.set({})
    yield monkeypatch
    pulumi_config.CONFIG.reset(token)


def test_pulumis_configuration_gives_the_same_settings_as_plain_values(stack: pytest.MonkeyPatch) -> None:
    pulumi_config.set_all_config(
        {
            "floe-cube-infra:artifacts": "a.json",
            "floe-cube-infra:environment": "dev",
            "floe-cube-infra:api": '{"replicas": 4}',
            "kubernetes:namespace": "not-ours",
        }
    )

    assert from_pulumi() == parse({"artifacts": "a.json", "environment": "dev", "api": {"replicas": 4}}, "test")


def test_pulumis_configuration_may_come_from_the_environment(stack: pytest.MonkeyPatch) -> None:
    stack.setenv("PULUMI_CONFIG", json.dumps({f"floe-cube-infra:{key}": value for key, value in LEAST.items()}))
    pulumi_config.set_all_config({"floe-cube-infra:environment": "prod"})

    assert from_pulumi().environment == "prod"


def test_wrong_configuration_of_pulumi_names_the_stack(stack: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match=r"^The settings in stack dev are wrong:"):
        from_pulumi()


def test_every_stack_file_of_the_project_is_right() -> None:
    files = sorted((PROJECT / "stacks").glob("*.yaml"))
    assert files
    for file in files:
        found = from_stack_file(file)
        assert isinstance(found, Settings)
        assert (PROJECT / found.artifacts).is_file()
        assert file.name == f"Pulumi.{found.environment}.yaml"


def test_a_stack_files_other_sections_and_projects_are_ignored(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text(
        "encryptionsalt: v1:abc\nconfig:\n  aws:region: eu-central-1\n  floe-cube-infra:artifacts: a.json\n"
        "  floe-cube-infra:environment: dev\n  floe-cube-infra:models:\n    allowAdapterMismatch: true\n"
    )

    assert from_stack_file(file).models.allow_adapter_mismatch is True


def test_a_wrong_setting_in_a_stack_file_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text("config:\n  floe-cube-infra:artifacts: 3\n  floe-cube-infra:environment: dev\n")

    with pytest.raises(SettingsError) as caught:
        from_stack_file(file)
    assert str(caught.value) == (
        f"The settings in {file} are wrong:\n  - floe-cube-infra:artifacts: input should be a valid string (given: 3)"
    )


@pytest.mark.parametrize("content", ["", "[]", "text", "config:", "config: text", "config: [1]", "other: {}"])
def test_yaml_that_is_no_stack_file_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(content)

    with pytest.raises(SettingsError, match=r"x\.yaml is no stack file: it has no `config:`"):
        from_stack_file(file)


@pytest.mark.parametrize(
    "content",
    [
        "config: 2026-13-45",
        "config: {a: *unknown}",
        "a: b: c",
        "\ta: 1",
        "config: \x01",
        "config: !!int ''",
        "config: !!int 'hunter2'",
        "config: !!bool maybe",
        "config: !!timestamp soon",
        "config: !!python/object/apply:os.getcwd []",
        "? [a]\n: b",
        "config: " + "[" * 500,
    ],
)
def test_what_isnt_valid_yaml_is_refused_in_one_sentence(tmp_path: Path, content: str) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(content)

    with pytest.raises(SettingsError, match=r"^The stack file .*x\.yaml is not valid YAML: .*\.$") as caught:
        from_stack_file(file)
    assert "hunter2" not in str(caught.value)


def test_a_yaml_error_says_the_line(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("config:\n  a: 1\n  b: c: d\n")

    with pytest.raises(SettingsError, match=r"mapping values are not allowed here \(line 3\)\.$"):
        from_stack_file(file)


def test_a_stack_file_that_isnt_there_is_a_folder_or_isnt_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.yaml can't be read: No such file or .*\. Give one such"):
        from_stack_file(tmp_path / "none.yaml")
    with pytest.raises(SettingsError, match=r"can't be read: Is a directory\. Give one such as stacks"):
        from_stack_file(tmp_path)
    (tmp_path / "bytes.yaml").write_bytes(b"config: \xff")
    with pytest.raises(SettingsError, match=r"bytes\.yaml can't be read: it is not UTF-8 text\.$"):
        from_stack_file(tmp_path / "bytes.yaml")


def test_the_projects_name_is_the_prefix_of_every_setting() -> None:
    assert f"name: {settings.PROJECT}\n" in (PROJECT / "Pulumi.yaml").read_text()
