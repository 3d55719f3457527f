"""`floe-cube drift` finds what somebody does to a provisioned cluster, with the real engine and API server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.program.engine import CLONE, Project
from tests.real.cluster.control_plane import ControlPlane

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("cluster")]

NAMESPACE = "floe-cube-staging"


def drift(project: Project) -> tuple[int, list[dict[str, Any]]]:
    """The exit code and the findings."""
    environment = {name: value for name, value in os.environ.items() if name != "PULUMI_CONFIG_PASSPHRASE"}
    done = subprocess.run(
        [Path(sys.executable).with_name("floe-cube"), "drift", "--stack", project.stack, "--format", "json"],
        cwd=project.folder,
        env=environment | project.variables,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, json.loads(done.stdout).get("findings", [])


@contextmanager
def reading_only(control_plane: ControlPlane) -> Iterator[None]:
    """Gives the user `nobody` the role that the documentation has for previews, in the stack's namespace."""
    role = yaml.safe_load((CLONE / "docs" / "preview-role.yaml").read_text())
    assert not {verb for rule in role["rules"] for verb in rule["verbs"]} - {"get", "list", "watch"}
    binding = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": "preview", "namespace": NAMESPACE},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role["metadata"]["name"]},
        "subjects": [{"kind": "User", "name": "nobody", "apiGroup": "rbac.authorization.k8s.io"}],
    }
    for made in (role, binding):
        assert control_plane.apply(made)[0] < 300
    yield
    for made in (binding, role):
        control_plane.request("DELETE", control_plane.path_of(made))


def test_what_is_changed_or_deleted_by_hand_is_found_and_an_update_ends_it(
    new_stack: Callable[..., Project], control_plane: ControlPlane
) -> None:
    project = new_stack("staging")
    project.up()
    assert drift(project) == (0, [])

    api = f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments/cube-api"
    changed = {"spec": {"template": {"spec": {"containers": [{"name": "cube", "image": "somebody/else:1"}]}}}}
    control_plane.request(
        "PATCH", f"{api}?fieldManager=by-hand", changed, content_type="application/strategic-merge-patch+json"
    )
    config_maps = control_plane.list(f"/api/v1/namespaces/{NAMESPACE}/configmaps")
    [model] = [each["metadata"]["name"] for each in config_maps if "cube-model-0" in each["metadata"]["name"]]
    control_plane.request("DELETE", f"/api/v1/namespaces/{NAMESPACE}/configmaps/{model}")
    assert drift(project) == (
        1,
        [
            {"state": "gone", "kind": "ConfigMap", "name": f"{NAMESPACE}/{model}", "paths": []},
            {
                "state": "differs",
                "kind": "Deployment",
                "name": f"{NAMESPACE}/cube-api",
                "paths": ["spec.template.spec.containers[0].image"],
            },
        ],
    )
    assert control_plane.find(f"/api/v1/namespaces/{NAMESPACE}/configmaps/{model}") is None, "it only looks"

    with reading_only(control_plane):
        own = project.variables
        project.variables = own | {"KUBECONFIG": str(control_plane.kubeconfig("nobody"))}
        assert drift(project)[0] == 1, "the role for previews is enough, and only reads"
        project.variables = own

    taking_back = project.variables | {"PULUMI_K8S_ENABLE_PATCH_FORCE": "true"}
    project.variables, own = taking_back, project.variables
    project.pulumi("up", "--refresh", "--yes", "--skip-preview", "--stack", project.stack)
    project.variables = own
    assert drift(project) == (0, []), "as the report says how"

    project.variables["KUBECONFIG"] = str(project.folder / "nowhere")
    assert drift(project)[0] == 2, "a cluster that can't be asked is no cluster without drift"
