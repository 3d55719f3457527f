"""A service of the SQL API for each organization."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from floe_cube_infra.components.composition.sql_services import sql_component
from floe_cube_infra.components.sql_tls import SQL_TLS_PORT
from tests.components.recording import Objects, layer_of, shop

SETTINGS = {
    "environment": "prod",
    "api": {"replicas": 2, "sqlApi": "perOrganization"},
    "sql": {"tlsSecret": "sql-tls", "organizations": ["acme", "Über & Co"]},
    "cubeStore": {"storage": "volume", "workers": 0},
    "network": {"clients": [{"namespace": "bi"}]},
}


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Objects:
    return layer_of(shop(SETTINGS, tmp_path_factory.mktemp("organizations"))).objects


def environment(deployment: dict[str, Any]) -> dict[str, str]:
    (cube,) = deployment["spec"]["template"]["spec"]["containers"]
    return {each["name"]: each.get("value", "") for each in cube["env"]}


def test_each_organization_has_pods_and_a_service_of_its_own(objects: Objects) -> None:
    for organization in ("acme", "Über & Co"):
        name = f"cube-{sql_component(organization)}"
        deployment, service = objects[f"Deployment/{name}"], objects[f"Service/{name}"]
        assert environment(deployment)["FLOE_ORGANIZATION"] == organization
        assert environment(deployment)["CUBEJS_PG_SQL_PORT"]
        assert service["spec"]["selector"] == deployment["spec"]["selector"]["matchLabels"]
        assert "sql" in {port["name"] for port in service["spec"]["ports"]}


def test_the_api_that_all_share_has_no_sql_port(objects: Objects) -> None:
    variables = environment(objects["Deployment/cube-api"])
    assert "FLOE_ORGANIZATION" not in variables
    assert "CUBEJS_PG_SQL_PORT" not in variables
    assert {port["name"] for port in objects["Service/cube-api"]["spec"]["ports"]} == {"http"}


def test_selectors_of_two_services_never_meet(objects: Objects) -> None:
    selectors = [
        tuple(sorted(each["spec"]["selector"].items()))
        for name, each in objects.items()
        if name.startswith("Service/cube-") and "store" not in name
    ]
    assert len(selectors) == len(set(selectors)) == 3


def test_clients_reach_the_port_behind_tls_only(objects: Objects) -> None:
    policy = objects[f"NetworkPolicy/allow-{sql_component('acme')}"]
    (rule,) = policy["spec"]["ingress"]
    assert [port["port"] for port in rule["ports"]] == [SQL_TLS_PORT]


def test_otherwise_there_are_none(tmp_path: Path) -> None:
    shared = {**SETTINGS, "api": {"sqlApi": "shared"}, "sql": {"tlsSecret": "sql-tls"}}
    assert not [
        name for name in layer_of(shop(shared, tmp_path)).objects if "/cube-sql-" in name and "proxy" not in name
    ]
