from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from floe_cube_infra.inputs import compiled_artifacts
from floe_cube_infra.inputs.fit import misfits
from floe_cube_infra.inputs.settings import from_stack_file, parse

ARTIFACTS = {
    "metadata": {"compiled_at": "2026-01-01T00:00:00Z", "floe_core_version": "1", "source_hash": "x"},
    "compute": {"target": "postgres"},
}
OFF: dict[str, Any] = {"cubeStore": {"enabled": False}, "api": {"replicas": 1}}


def found(settings: dict[str, Any], *, external: bool = True) -> list[str]:
    consumption = {"enabled": True, "pre_aggregations": {"external": external}}
    artifacts = compiled_artifacts.load(json.dumps({**ARTIFACTS, "consumption": consumption}).encode(), "test")
    return misfits(artifacts, parse({"artifacts": "a.json", "environment": "dev", **settings}, "test"))


def test_defaults_fit() -> None:
    assert found({}) == []


def test_one_pod_without_cube_store_fits_where_pre_aggregations_stay_in_the_warehouse() -> None:
    assert found(OFF, external=False) == []


def test_external_pre_aggregations_need_a_cube_store() -> None:
    (problem,) = found(OFF)
    assert "consumption.pre_aggregations.external is true" in problem
    assert "Switch Cube Store on, or set external to false" in problem


@pytest.mark.parametrize("api", [{"replicas": 2}, {"replicas": 1, "maxReplicas": 2}])
def test_the_memory_queue_is_not_shared_between_pods(api: dict[str, int]) -> None:
    (problem,) = found({**OFF, "api": api}, external=False)
    assert problem.startswith("the API may have 2 pods, but cubeStore.enabled is false")


def test_without_a_refresh_worker_the_api_has_one_pod() -> None:
    (problem,) = found({"refreshWorker": {"enabled": False}})
    assert problem.startswith("the API may have 2 pods, but refreshWorker.enabled is false")
    assert found({"refreshWorker": {"enabled": False}, "api": {"replicas": 1}}) == []


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_sql_in_clear_is_refused_where_it_matters(environment: str) -> None:
    shared = {"environment": environment, "api": {"sqlApi": "shared"}}
    (problem,) = found(shared)
    assert f"in {environment} passwords would cross the network in clear" in problem
    assert found({**shared, "sql": {"tlsSecret": "tls"}}) == []


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_the_sql_api_has_no_silent_default_where_it_matters(environment: str) -> None:
    unsaid = {"environment": environment, "api": {}}
    (problem,) = found(unsaid)
    assert problem.startswith(f"api.sqlApi isn't set, and in {environment} with row-level security")
    assert found({**unsaid, "api": {"sqlApi": "off"}}) == []


@pytest.mark.parametrize("environment", ["local", "dev"])
def test_the_sql_api_is_on_where_people_develop(environment: str) -> None:
    settings = parse({"artifacts": "a.json", "environment": environment}, "the test")
    assert settings.sql_api == "shared"


def test_a_service_for_each_organization_needs_their_names() -> None:
    each = {"environment": "prod", "api": {"sqlApi": "perOrganization"}, "sql": {"tlsSecret": "tls"}}
    (problem,) = found(each)
    assert "without sql.organizations" in problem
    named = {"tlsSecret": "tls", "organizations": ["acme"]}
    assert found({**each, "sql": named}) == []
    (problem,) = found({**each, "sql": named, "api": {"sqlApi": "shared"}})
    assert problem.startswith("sql.organizations are named, but api.sqlApi is shared")


def test_a_load_balancer_for_nothing_is_refused() -> None:
    (problem,) = found({"api": {"sqlApi": "off"}, "sql": {"tlsSecret": "tls", "loadBalancer": True}})
    assert problem.startswith("sql.loadBalancer is true, but api.sqlApi is off")


def test_every_misfit_is_told_at_once() -> None:
    assert len(found({"cubeStore": {"enabled": False}, "refreshWorker": {"enabled": False}})) == 3


def test_the_real_artifacts_fit_every_stack_that_is_committed() -> None:
    project = Path(__file__).parents[2]
    artifacts = compiled_artifacts.load((project / "examples/shop/compiled_artifacts.json").read_bytes(), "shop")
    for stack in sorted((project / "stacks").glob("Pulumi.*.yaml")):
        assert misfits(artifacts, from_stack_file(stack)) == [], stack.name


def test_a_generated_key_is_refused_where_public_keys_verify_tokens() -> None:
    tokens = {"algorithms": ["RS256"], "jwksUri": "https://login.example.com/keys"}
    (problem,) = found({"tokens": tokens, "secrets": {"apiSecret": "generate"}})
    assert "nobody would use the generated one" in problem
    assert found({"tokens": tokens}) == []


@pytest.mark.parametrize(
    ("settings", "why"),
    [({"environment": "prod"}, "the environment is prod"), ({"protectData": True}, "protectData is true")],
)
def test_a_database_of_the_stacks_own_is_none_for_production(settings: dict[str, Any], why: str) -> None:
    given = {"sql": {"tlsSecret": "tls"}, "api": {"sqlApi": "shared"}, **settings}
    (problem,) = found({**given, "marquez": {"enabled": True}})
    assert why in problem
    assert "marquez.databaseHost and marquez.databaseSecret, or a Marquez that is there in marquez.url" in problem
    assert found({**given, "marquez": {"enabled": True, "databaseHost": "db", "databaseSecret": "db"}}) == []
    assert found({**given, "marquez": {"url": "https://marquez.example.com"}}) == []


def test_marquezs_database_is_not_verified_without_encryption() -> None:
    marquez = {"enabled": True, "databaseHost": "db", "databaseSecret": "db", "databaseEncrypted": False}
    (problem,) = found({"marquez": marquez, "secretKeys": {"marquezCaCertificate": "ca.crt"}})
    assert "marquez.databaseEncrypted is false" in problem
