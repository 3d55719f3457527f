"""The whole stack of every environment on a real control plane: every object accepted, every workload ready."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.program.engine import Project
from tests.real.cluster.control_plane import ControlPlane
from tests.real.cluster.stacks import describe

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("cluster")]

NAMESPACES = {"dev": "floe-cube-dev", "staging": "floe-cube-staging", "prod": "floe-cube"}
CUBE = {"deployments/cube-api", "deployments/cube-refresh-worker", "statefulsets/cube-store-router"}
MARQUEZ = {
    "dev": {"deployments/cube-marquez", "deployments/cube-marquez-web", "statefulsets/cube-marquez-database"},
    "staging": {"deployments/cube-marquez"},
    "prod": {"deployments/cube-marquez", "deployments/cube-marquez-web"},
}


def workloads(control_plane: ControlPlane, namespace: str) -> dict[str, tuple[int, int]]:
    """How many pods each workload wants, and how many of them are ready."""
    found = {}
    for plural in ("deployments", "statefulsets"):
        for item in control_plane.list(f"/apis/apps/v1/namespaces/{namespace}/{plural}"):
            ready = item["status"].get("readyReplicas", 0)
            found[f"{plural}/{item['metadata']['name']}"] = (item["spec"]["replicas"], ready)
    return found


@pytest.mark.parametrize("stack", sorted(NAMESPACES))
def test_a_stack_comes_up_stays_as_it_is_changes_and_goes(
    new_stack: Callable[..., Project], control_plane: ControlPlane, stack: str
) -> None:
    project, namespace = new_stack(stack), NAMESPACES[stack]
    preview = project.preview()
    assert control_plane.find(f"/api/v1/namespaces/{namespace}") is None, "a preview creates nothing"

    first = project.up()
    assert set(first.changes) == {"create"}
    assert first.changes["create"] == preview["changeSummary"]["create"]
    ready = workloads(control_plane, namespace)
    assert CUBE | MARQUEZ[stack] <= set(ready)
    assert all(wanted == there > 0 for wanted, there in ready.values()), ready

    assert project.up().changes == {}
    assert set(project.preview("--refresh")["changeSummary"]) == {"same"}, "a cluster at rest shows no drift"

    project.edit_manifest(lambda manifest: describe(manifest, "Edited."))
    changed = project.up()
    assert (changed.changes["create"], changed.changes["delete"]) == (1, 1)
    config_maps = control_plane.list(f"/api/v1/namespaces/{namespace}/configmaps")
    assert sum("Edited." in str(item.get("data")) for item in config_maps) == 1

    project.pulumi("destroy", "--yes", "--skip-preview", "--stack", stack)
    assert project.resources() == []
    kept = control_plane.find(f"/api/v1/namespaces/{namespace}")
    assert (kept is not None) is (stack == "prod"), "only production keeps what holds data"
    assert workloads(control_plane, namespace) == {}
