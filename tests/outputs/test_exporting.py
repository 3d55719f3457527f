"""What each stack tells, as the contract says it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pulumi
import pytest

from floe_cube_infra.cli.schemas import schema_of
from floe_cube_infra.components.consumption_layer import ConsumptionLayer, ConsumptionLayerArgs
from floe_cube_infra.generation import generate
from floe_cube_infra.inputs.settings import Settings, from_stack_file
from floe_cube_infra.model.stack_outputs import StackOutputs
from floe_cube_infra.outputs.exporting import stack_outputs
from floe_cube_infra.outputs.reading import parse_outputs
from tests.components.conftest import EVERYTHING
from tests.components.recording import CLONE, Objects, record, shop

BUCKET = {"enabled": True, "s3_bucket": "tables", "s3_region": "eu-central-1"}


def told(settings: Settings, *, preview: bool = False) -> tuple[dict[str, Any], Objects]:
    """The outputs of a stack, by name, and its objects."""
    generated = generate(settings, CLONE)
    assert generated is not None
    found: list[dict[str, Any]] = []

    def program() -> None:
        layer = ConsumptionLayer("cube", ConsumptionLayerArgs(settings=settings, generated=generated))
        pulumi.Output.all(**stack_outputs(layer, settings, generated)).apply(found.append)

    objects = record(program, preview=preview).objects
    (outputs,) = found
    return outputs, objects


@pytest.fixture(scope="module", params=["local", "dev", "staging", "prod"])
def environment(request: pytest.FixtureRequest) -> dict[str, Any]:
    outputs, _ = told(from_stack_file(CLONE / "stacks" / f"Pulumi.{request.param}.yaml"))
    return outputs


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> tuple[StackOutputs, Objects]:
    folder = tmp_path_factory.mktemp("everything")
    collector = {"exportTo": "https://otlp.example.com", "exportHeaders": {"api-key": "telemetry/key"}}
    settings = shop({**EVERYTHING, "collector": collector}, folder, cube_store=BUCKET)
    outputs, objects = told(settings, preview=True)
    parsed = parse_outputs(outputs, "everything")
    assert parsed is not None
    return parsed, objects


def secrets_in(value: Any) -> set[str]:
    """The Secrets that an object refers to."""
    if isinstance(value, list):
        return {name for item in value for name in secrets_in(item)}
    if not isinstance(value, Mapping):
        return set()
    found = {name for item in value.values() for name in secrets_in(item)}
    found |= {value["secretKeyRef"]["name"]} if "secretKeyRef" in value else set()
    found |= {value["secretName"]} if "secretName" in value else set()
    # A source of a projected volume.
    found |= {value["secret"]["name"]} if "name" in (value.get("secret") or {}) else set()
    return found | {reference["name"] for reference in value.get("imagePullSecrets") or ()}


def test_every_environment_tells_what_the_contract_says_and_nothing_else(environment: dict[str, Any]) -> None:
    jsonschema.validate(environment, json.loads(schema_of("stack-outputs")))
    assert environment.keys() <= {field.alias for field in StackOutputs.model_fields.values()}
    parsed = parse_outputs(environment, "a test")
    assert parsed is not None
    assert parsed.model_dump(mode="json", by_alias=True, exclude_unset=True) == environment


def test_endpoints_are_those_of_the_services(everything: tuple[StackOutputs, Objects]) -> None:
    outputs, objects = everything
    service = objects[f"Service/{outputs.api_service_name}"]
    assert (service["metadata"]["namespace"], service["spec"]["selector"]) == (
        outputs.namespace,
        outputs.api_pod_labels,
    )
    ports = {port["name"]: port["port"] for port in service["spec"]["ports"]}
    assert (ports["http"], ports["sql"]) == (outputs.api_port, outputs.sql_port)
    host = f"{outputs.api_service_name}.{outputs.namespace}.svc"
    assert outputs.rest_endpoint == f"http://{host}:4000/cubejs-api/v1"
    assert outputs.graphql_endpoint == f"http://{host}:4000/cubejs-api/graphql"
    assert (outputs.sql_endpoint, outputs.sql_tls) == (f"postgresql://{host}:15432/cube", True)
    assert outputs.public_rest_endpoint == "https://cube.example.com/cubejs-api/v1"
    assert outputs.public_graphql_endpoint == "https://cube.example.com/cubejs-api/graphql"
    assert f"Service/{outputs.cube_store_service_name}" in objects


def test_every_secret_that_an_object_refers_to_is_named(everything: tuple[StackOutputs, Objects]) -> None:
    outputs, objects = everything
    named = {name for thing in objects.values() for name in secrets_in(thing)}
    told = outputs.secret_names
    assert set().union(*told.model_dump().values()) == named
    assert (told.sql_tls, told.public_tls, told.image_pull) == (("sql-tls",), ("cube-tls",), ("registry",))
    assert (told.marquez_database, told.collector) == (("lineage",), ("telemetry",))
    assert outputs.api_secret_name in told.tokens


def test_a_bucket_is_told_with_its_arn_and_the_role(everything: tuple[StackOutputs, Objects], tmp_path: Path) -> None:
    outputs, _ = everything
    assert (outputs.bucket_name, outputs.bucket_arn) == ("tables", "arn:aws:s3:::tables")

    keys = {"accessKeySecret": "keys", "secretKeySecret": "keys"}
    minio = {"name": "tables", "endpoint": "https://minio.example.com:9000", **keys}
    elsewhere, _ = told(shop({"bucket": minio}, tmp_path))
    assert elsewhere["bucketName"] == "tables"
    assert elsewhere["secretNames"]["bucket"] == ["keys"]
    assert "bucketArn" not in elsewhere

    role = "arn:aws-cn:iam::123456789012:role/cube"
    china, _ = told(
        shop({"bucket": {"manage": "reference", "name": "tables", "region": "cn-north-1", "role": role}}, tmp_path)
    )
    assert (china["bucketArn"], china["bucketRoleArn"]) == ("arn:aws-cn:s3:::tables", role)


@pytest.mark.parametrize(("kind", "arn"), [("s3", "arn:aws:s3:::unloaded"), ("gcs", None)])
def test_the_bucket_that_the_warehouse_exports_to_is_told(tmp_path: Path, kind: str, arn: str | None) -> None:
    oidc = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE"
    rights = {"integration": "EXPORTS", **({"secret_key_ref": "reader"} if kind == "gcs" else {})}
    bucket = {"enabled": True, "bucket_type": kind, "name": "unloaded/of/cube", "region": "eu-central-1", **rights}
    given = {
        "bucket": {"manage": "reference", "oidcProvider": oidc},
        "models": {"include": ["access:public"], "allowAdapterMismatch": True},
    }
    settings = shop(given, tmp_path, cube_store=BUCKET, export_bucket=bucket)
    artifacts = json.loads(Path(settings.artifacts).read_text())
    artifacts["consumption"]["database_type"] = "snowflake"
    Path(settings.artifacts).write_text(json.dumps(artifacts))

    outputs, _ = told(settings)
    assert (outputs["exportBucketName"], outputs.get("exportBucketArn")) == ("unloaded", arn)


def test_marquez_is_the_stacks_own_or_the_given_one(tmp_path: Path) -> None:
    settings = {"cubeStore": {"storage": "volume", "workers": 0}, "namespace": "analytics"}
    own, objects = told(shop({**settings, "marquez": {"enabled": True}}, tmp_path))
    host, port = own["marquezEndpoint"].removeprefix("http://").split(":")
    service = objects[f"Service/{host.split('.')[0]}"]
    assert host.endswith(".analytics.svc")
    assert int(port) in {each["port"] for each in service["spec"]["ports"]}
    given, _ = told(shop({**settings, "marquez": {"url": "https://marquez.example.com"}}, tmp_path))
    assert given["marquezEndpoint"] == "https://marquez.example.com"


def test_what_a_stack_doesnt_have_is_absent(tmp_path: Path) -> None:
    outputs, _ = told(shop({"api": {"sqlApi": "off"}, "cubeStore": {"storage": "volume", "workers": 0}}, tmp_path))
    absent = {
        "sqlEndpoint",
        "sqlEndpoints",
        "sqlPort",
        "publicRestEndpoint",
        "bucketName",
        "bucketArn",
        "marquezEndpoint",
    }
    assert not absent & outputs.keys()
    assert None not in outputs.values()


def test_each_organization_finds_its_own_sql_api(tmp_path: Path) -> None:
    settings = {"api": {"sqlApi": "perOrganization"}, "sql": {"organizations": ["acme", "Über & Co"]}}
    outputs, objects = told(shop({**settings, "cubeStore": {"storage": "volume", "workers": 0}}, tmp_path))
    assert outputs["sqlEndpoints"].keys() == {"acme", "Über & Co"}
    for organization, url in outputs["sqlEndpoints"].items():
        service = url.removeprefix("postgresql://").split(".")[0]
        (cube,) = objects[f"Deployment/{service}"]["spec"]["template"]["spec"]["containers"]
        assert {"name": "FLOE_ORGANIZATION", "value": organization} in cube["env"]
    assert "sqlEndpoint" not in outputs
