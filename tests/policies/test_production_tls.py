from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from floe_cube_policies.production_tls import PRODUCTION_TLS, SQL_TLS_PORT

from floe_cube_infra.components import sql_tls
from tests.policies.judging import judge

INGRESS, ROUTE = "kubernetes:networking.k8s.io/v1:Ingress", "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute"
SERVICE = "kubernetes:core/v1:Service"
PLAIN: dict[str, Any] = {"spec": {"rules": [{"host": "cube.example.com"}]}}


def ingress(*hosts: str, **spec: object) -> dict[str, Any]:
    return {"spec": {**PLAIN["spec"], "tls": [{"hosts": list(hosts), "secretName": "tls"}], **spec}}


def service(target: object, name: str = "http", **spec: object) -> dict[str, Any]:
    return {"spec": {"ports": [{"name": name, "port": 80.0, "targetPort": target}], **spec}}


def test_the_port_is_where_the_stack_ends_tls() -> None:
    assert SQL_TLS_PORT == sql_tls.SQL_TLS_PORT


@pytest.mark.parametrize(
    ("resource_type", "properties", "problem"),
    [
        (INGRESS, PLAIN, "serves cube.example.com without a certificate"),
        (INGRESS, ingress("other.example.com"), "serves cube.example.com without a certificate"),
        (INGRESS, {"spec": {"rules": [{}]}}, "serves every host without a certificate"),
        (INGRESS, {"spec": {"defaultBackend": {"service": {}}}}, "default backend without a certificate"),
        (ROUTE, {"spec": {"parentRefs": [{"name": "public"}]}}, "takes any listener of the Gateway public"),
        (SERVICE, service("http", type="LoadBalancer"), "A LoadBalancer leads from outside to the port http"),
        (SERVICE, service(4000.0, type="NodePort"), "A NodePort leads from outside to the port 4000"),
        (SERVICE, service("sql", "sql"), "offers the SQL API without TLS"),
    ],
)
def test_a_way_into_production_without_tls_is_refused(
    resource_type: str, properties: dict[str, Any], problem: str
) -> None:
    (message,) = judge(PRODUCTION_TLS, resource_type, properties)

    assert problem in message
    assert message.endswith("tokens would cross the network in clear.")


@pytest.mark.parametrize(
    ("resource_type", "properties"),
    [
        (INGRESS, ingress("cube.example.com")),
        (INGRESS, ingress("*.example.com")),
        (INGRESS, {"spec": {**PLAIN["spec"], "tls": [{"secretName": "tls"}]}}),
        (ROUTE, {"spec": {"parentRefs": [{"name": "public", "sectionName": "https"}]}}),
        (SERVICE, service("http")),
        (SERVICE, service(float(SQL_TLS_PORT), "sql", type="LoadBalancer")),
        (SERVICE, service("sql", "sql", clusterIP="None")),
        ("floe:cube:PublicEndpoint", PLAIN),
    ],
)
def test_what_ends_tls_or_leads_nowhere_is_allowed(resource_type: str, properties: dict[str, Any]) -> None:
    assert judge(PRODUCTION_TLS, resource_type, properties) == []


def test_other_environments_may_do_without(in_environment: Callable[[str], None]) -> None:
    in_environment("dev")

    assert judge(PRODUCTION_TLS, INGRESS, PLAIN) == []
