"""The whole program on the real Pulumi engine, with the offline Kubernetes provider in place of the official one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from floe_cube_infra.generation import generate
from floe_cube_infra.inputs import settings as stack_settings
from tests.program.engine import CLONE, Project, Update

pytestmark = pytest.mark.xdist_group("engine")

KINDS = {
    "ConfigMap": 6,
    "Deployment": 4,
    "Namespace": 1,
    "NetworkPolicy": 7,
    "PodDisruptionBudget": 1,
    "Service": 4,
    "ServiceAccount": 5,
    "StatefulSet": 1,
}


def kinds(manifests: dict[str, Any]) -> Counter[str]:
    return Counter(name.split("/")[0] for name in manifests)


def name_of(manifests: dict[str, Any], prefix: str) -> str:
    (name,) = (name for name in manifests if name.startswith(prefix))
    return name


def change_description(manifest: dict[str, Any]) -> None:
    manifest["nodes"]["model.shop.orders"]["columns"]["status"]["description"] = "How far it has come."


@pytest.mark.real
def test_a_stack_lives_from_the_first_up_over_changes_and_off_to_its_end(project: Project) -> None:
    preview = project.preview()
    assert preview["changeSummary"]["create"] >= sum(KINDS.values())
    assert not project.rendered.exists(), "a preview writes nothing"

    first = project.up()
    assert set(first.changes) == {"create"}
    before = project.manifests()
    assert kinds(before) == KINDS

    second = project.up()
    assert second.changes == {}
    assert project.manifests() == before

    project.edit_manifest(change_description)
    planned = project.preview()["changeSummary"]
    assert project.manifests() == before, "a preview writes nothing"
    third = project.up()
    after = project.manifests()
    assert third.changes == {"create": 1, "delete": 1, "update": 2}
    assert planned.get("update") == 2
    model, rolled = "ConfigMap/cube-model-", {"Deployment/cube-api", "Deployment/cube-refresh-worker"}
    assert name_of(after, model) != name_of(before, model)
    assert {name for name in after if after[name] != before.get(name)} == {name_of(after, model), *rolled}
    for deployment in rolled:
        assert name_of(after, model).removeprefix("ConfigMap/") in json.dumps(after[deployment])
    assert "How far it has come." in after[name_of(after, model)]["data"]["orders.yml"]

    project.edit_artifacts(lambda artifacts: artifacts["consumption"].update(enabled=False))
    switched_off = project.up()
    assert "consumption.enabled is false" in switched_off.output
    assert project.manifests() == {}
    assert project.outputs() == {"version": 1, "status": "disabled"}

    project.pulumi("destroy", "--yes", "--skip-preview", "--stack", project.stack)
    assert project.manifests() == {}
    assert project.resources() == []


def test_the_stack_keeps_every_policy(first_update: tuple[Project, Update]) -> None:
    assert "✅ floe-cube@v" in first_update[1].output


def test_pods_get_every_file_that_generate_writes_and_no_other(provisioned: Project) -> None:
    manifests = provisioned.manifests()
    shipped: dict[str, str] = {}
    for name, manifest in manifests.items():
        if name.startswith("ConfigMap/"):
            assert manifest["immutable"] is True
            if manifest["metadata"]["labels"]["app.kubernetes.io/component"] == "model":
                shipped |= manifest["data"]
    settings = stack_settings.from_stack_file(CLONE / "stacks" / "Pulumi.local.yaml")
    generated = generate(settings, CLONE)
    assert generated is not None
    expected = {path.rsplit("/", 1)[-1]: text for path, text in generated.files.everything().items()}
    assert shipped == expected


def test_outputs_say_where_things_are_and_how_many(provisioned: Project) -> None:
    outputs = provisioned.outputs()
    assert outputs["status"] == "enabled"
    assert outputs["namespace"] == "floe-cube"
    assert outputs["restEndpoint"] == "http://cube-api.floe-cube.svc:4000/cubejs-api/v1"
    assert outputs["graphqlEndpoint"] == "http://cube-api.floe-cube.svc:4000/cubejs-api/graphql"
    assert outputs["sqlEndpoint"] == "postgresql://cube-api.floe-cube.svc:15432/cube"
    shards = [
        manifest for name, manifest in provisioned.manifests().items() if name.startswith("ConfigMap/cube-model-")
    ]
    cubes = [key for shard in shards for key in shard["data"] if key.endswith(".yml")]
    assert sum(outputs["counts"][kind] for kind in ("cubes", "roles", "views")) == len(cubes)


def test_every_resource_is_in_the_tree_of_the_consumption_layer(provisioned: Project) -> None:
    resources = provisioned.resources()
    (layer,) = (resource for resource in resources if resource["type"] == "floe:cube:ConsumptionLayer")
    parents = {resource["urn"]: resource.get("parent", "") for resource in resources}
    for resource in resources:
        if resource["type"].startswith("kubernetes:"):
            urn = resource["urn"]
            while urn and urn != layer["urn"]:
                urn = parents[urn]
            assert urn == layer["urn"], resource["urn"]


def test_credentials_are_references_to_secrets(provisioned: Project) -> None:
    (container,) = provisioned.manifests()["Deployment/cube-api"]["spec"]["template"]["spec"]["containers"]
    variables = {variable["name"]: variable for variable in container["env"]}
    for name in ("CUBEJS_API_SECRET", "CUBEJS_DB_USER", "CUBEJS_DB_PASS"):
        assert set(variables[name]) == {"name", "valueFrom"}
        assert set(variables[name]["valueFrom"]) == {"secretKeyRef"}


def test_a_users_mistake_stops_the_update_with_sentences_and_no_traceback(provisioned: Project) -> None:
    before = provisioned.manifests()
    with provisioned.restored("examples/shop/compiled_artifacts.json"):
        provisioned.edit_artifacts(lambda artifacts: artifacts["consumption"].update(port=0, database_type="oracle"))
        output = provisioned.pulumi("up", "--yes", "--skip-preview", "--stack", "local", expect_failure=True)
    assert "$.consumption.port" in output
    assert "allowed are: postgres, snowflake, bigquery, databricks, trino" in output
    assert "Traceback" not in output
    assert provisioned.manifests() == before


def test_an_unknown_setting_is_refused_with_the_allowed_ones(provisioned: Project) -> None:
    with provisioned.restored("stacks/Pulumi.local.yaml"):
        path = provisioned.folder / "stacks" / "Pulumi.local.yaml"
        document = yaml.safe_load(path.read_text())
        document["config"]["floe-cube-infra:replicas"] = 3
        path.write_text(yaml.safe_dump(document))
        output = provisioned.pulumi("preview", "--stack", "local", expect_failure=True)
    assert "floe-cube-infra:replicas: unknown key; allowed are: api, artifacts" in output
    assert "Traceback" not in output


@pytest.mark.real
def test_a_cluster_that_nobody_named_is_told_without_a_traceback(new_project: Callable[..., Project]) -> None:
    project = new_project("dev")

    output = project.pulumi("up", "--yes", "--skip-preview", "--stack", "dev", expect_failure=True)

    assert "Give it a kubeconfig with a current context" in output
    assert "Traceback" not in output


@pytest.mark.real
@pytest.mark.parametrize(
    "stack", ["dev", pytest.param("staging", marks=pytest.mark.real), pytest.param("prod", marks=pytest.mark.real)]
)
def test_every_other_stack_previews_without_a_cluster(new_project: Callable[..., Project], stack: str) -> None:
    preview = new_project(stack).preview()
    created = [step["urn"].split("::")[-2] for step in preview["steps"] if step["op"] == "create"]
    assert "floe:cube:ConsumptionLayer$floe:cube:CubeApi$kubernetes:apps/v1:Deployment" in created
