from __future__ import annotations

from typing import Any

import pytest
from floe_cube_policies.plaintext_secrets import NO_PLAINTEXT_SECRETS

from tests.policies.judging import UNKNOWN, judge, variables, workload

DEPLOYMENT, CONFIG_MAP = "kubernetes:apps/v1:Deployment", "kubernetes:core/v1:ConfigMap"
PRIVATE = "-----BEGIN RSA PRIVATE KEY-----\nMIIE"


@pytest.mark.parametrize(
    "name",
    [
        "CUBEJS_DB_PASS",
        "PGPASSWORD",
        "CUBEJS_API_SECRET",
        "CUBEJS_API_SECRETS",
        "GITHUB_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
    ],
)
def test_a_variable_that_is_a_secret_by_its_name_is_named_and_its_value_is_not(name: str) -> None:
    (message,) = judge(NO_PLAINTEXT_SECRETS, DEPLOYMENT, workload([variables(**{name: "hush-hush"})]))

    assert f"the container cube: the variable {name} (by its name)" in message
    assert "valueFrom.secretKeyRef" in message
    assert "hush" not in message


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (PRIVATE, "a private key"),
        ("postgresql://cube:hush-hush@db:5432/shop", "an address with a password"),
        ("AKIAIOSFODNN7EXAMPLE", "an access key of AWS"),
        ("--db-password=hush-hush", "a password"),
        ("jdbc:databricks://host:443;httpPath=/sql;PWD_token=hush-hush", "a password"),
    ],
)
def test_a_secret_is_known_by_its_form_wherever_it_is(value: str, kind: str) -> None:
    containers = [variables(SETTING=value), {"name": "args", "args": [value]}, {"name": "command", "command": [value]}]
    messages = [
        *judge(NO_PLAINTEXT_SECRETS, DEPLOYMENT, workload(containers)),
        *judge(NO_PLAINTEXT_SECRETS, CONFIG_MAP, {"data": {"settings": value}}),
    ]

    assert len(messages) == 4
    assert all(f"({kind})" in message for message in messages)
    assert not any("hush" in message or "MIIE" in message for message in messages)


@pytest.mark.parametrize(
    "container",
    [
        {
            "name": "cube",
            "env": [{"name": "CUBEJS_DB_PASS", "valueFrom": {"secretKeyRef": {"name": "db", "key": "p"}}}],
        },
        variables(CUBEJS_DB_SSL_KEY="/etc/certificates/tls.key"),
        variables(HAS_PASSWORD="true", CUBEJS_JWK_URL="https://id.example.com/keys"),
        variables(URL="postgresql://$(CUBEJS_DB_USER):$(CUBEJS_DB_PASS)@db/shop"),
        variables(PRIMARY_KEYS="id,name"),
    ],
)
def test_references_files_switches_and_other_variables_are_no_secrets(container: dict[str, Any]) -> None:
    assert judge(NO_PLAINTEXT_SECRETS, DEPLOYMENT, workload([container])) == []


def test_a_value_that_a_preview_cant_know_hides_no_other() -> None:
    container = variables(CUBEJS_CUBESTORE_HOST=UNKNOWN, CUBEJS_DB_PASS="hush-hush")

    assert len(judge(NO_PLAINTEXT_SECRETS, DEPLOYMENT, workload([container]))) == 1
