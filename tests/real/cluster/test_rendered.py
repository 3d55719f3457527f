"""What is rendered for every environment, and for other settings, on a real API server that checks every field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from floe_cube_infra.inputs import settings as stack_settings
from floe_cube_infra.offline.kubernetes.rendering import to_yaml
from tests.components.conftest import EVERYTHING, LEAST
from tests.components.recording import CLONE, Objects, layer_of, shop
from tests.real.cluster.control_plane import ControlPlane
from tests.real.cluster.definitions import DEFINITIONS

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("cluster")]

TRIED = "tried"
BUCKET = {"cube_store": {"enabled": True, "s3_bucket": "tables", "s3_region": "eu-central-1"}}
SECRETS = {"external": {"warehouse": "prod/warehouse"}, "store": "vault"}
GATEWAY = {"kind": "gateway", "host": "cube.example.com", "gateway": "public", "gatewaySection": "https"}


@pytest.fixture(scope="module", autouse=True)
def _custom_kinds(control_plane: ControlPlane) -> None:
    for definition in DEFINITIONS:
        status, answer = control_plane.apply(definition)
        assert status in (200, 201), answer
        path = control_plane.path_of(definition)

        def is_served(path: str = path) -> bool:
            conditions = control_plane.get(path).get("status", {}).get("conditions") or []
            return any(item["type"] == "Established" and item["status"] == "True" for item in conditions)

        control_plane.wait(is_served, "a custom kind isn't served")


def refused(control_plane: ControlPlane, objects: Objects) -> dict[str, Any]:
    """Lets the API server try the rendered text of each object, strictly; gives what it says of those it refuses."""
    read = {name: yaml.safe_load(to_yaml(thing)) for name, thing in objects.items()}
    assert len(read) > 5
    for thing in read.values():
        # In a namespace that is there; the stack's own comes with the stack.
        if thing["kind"] == "Namespace":
            control_plane.apply({**thing, "metadata": {**thing["metadata"], "name": TRIED}})
        else:
            thing["metadata"]["namespace"] = TRIED
    answers = {name: control_plane.apply(thing, dryRun="All") for name, thing in read.items()}
    return {name: answer for name, (status, answer) in answers.items() if status not in (200, 201)}


@pytest.mark.parametrize("environment", ["local", "dev", "staging", "prod"])
def test_every_object_of_an_environment_is_accepted(control_plane: ControlPlane, environment: str) -> None:
    settings = stack_settings.from_stack_file(CLONE / "stacks" / f"Pulumi.{environment}.yaml")
    assert refused(control_plane, layer_of(settings).objects) == {}


@pytest.mark.parametrize(
    ("settings", "artifacts"),
    [
        pytest.param(EVERYTHING, BUCKET, id="all that can be had"),
        pytest.param(LEAST, {}, id="as little as can be"),
        pytest.param({**LEAST, "ingress": GATEWAY}, {}, id="a gateway"),
        pytest.param({**LEAST, "secrets": SECRETS}, {}, id="external Secrets"),
    ],
)
def test_every_object_of_other_settings_is_accepted(
    control_plane: ControlPlane, settings: dict[str, object], artifacts: dict[str, object], tmp_path: Path
) -> None:
    assert refused(control_plane, layer_of(shop(settings, tmp_path, **artifacts)).objects) == {}


def test_the_server_would_refuse_what_is_wrong(control_plane: ControlPlane, tmp_path: Path) -> None:
    objects = dict(layer_of(shop({**LEAST, "ingress": GATEWAY}, tmp_path)).objects)
    objects["HTTPRoute/cube"]["spec"]["rules"][0]["backendRefs"][0]["prot"] = 4000
    objects["Deployment/cube-api"]["spec"]["template"]["spec"]["containers"][0]["resources"]["limit"] = {}
    objects["Service/cube-api"]["spec"]["ports"][0]["port"] = 0
    assert set(refused(control_plane, objects)) == {"HTTPRoute/cube", "Deployment/cube-api", "Service/cube-api"}


def test_all_that_can_be_had_comes_up_under_the_restricted_standard(
    control_plane: ControlPlane, tmp_path: Path
) -> None:
    settings = {**EVERYTHING, "namespace": "everything", "cubeStore": {"workers": 3}}
    objects = layer_of(shop(settings, tmp_path, **BUCKET)).objects
    namespace = objects.pop("Namespace/everything")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for thing in (namespace, *objects.values()):
        status, answer = control_plane.apply(thing)
        assert status in (200, 201), answer
    for name, thing in objects.items():
        if thing["kind"] in ("Deployment", "StatefulSet"):
            path = control_plane.path_of(thing)

            def is_ready(path: str = path) -> bool:
                live = control_plane.get(path)
                return live.get("status", {}).get("readyReplicas") == live["spec"]["replicas"]

            control_plane.wait(is_ready, f"{name} isn't ready")
    claims = control_plane.list("/api/v1/namespaces/everything/persistentvolumeclaims")
    assert len(claims) == 1 + 3, "the router's and each worker's"
