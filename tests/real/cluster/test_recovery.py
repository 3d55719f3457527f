"""What docs/platform.md says of lost volumes and namespaces: the stack comes back by the commands that it names."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.program.engine import Project
from tests.real.cluster.control_plane import ControlPlane

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("cluster")]

NAMESPACE = "floe-cube-dev"
CLAIM = f"/api/v1/namespaces/{NAMESPACE}/persistentvolumeclaims/data-cube-store-router-0"
ROUTER = f"/apis/apps/v1/namespaces/{NAMESPACE}/statefulsets/cube-store-router"


def uid(control_plane: ControlPlane, path: str) -> str:
    """Tells one object from another of the same name."""
    found: str = control_plane.get(path)["metadata"]["uid"]
    return found


def bring_back(project: Project) -> None:
    project.pulumi("up", "--refresh", "--yes", "--skip-preview", "--stack", project.stack)


def test_a_router_gets_an_empty_volume_and_a_namespace_comes_back_with_all_that_was_in_it(
    new_stack: Callable[..., Project], control_plane: ControlPlane
) -> None:
    project = new_stack("dev")
    project.up()
    volume, router = uid(control_plane, CLAIM), uid(control_plane, ROUTER)

    control_plane.request("DELETE", ROUTER)
    control_plane.wait(lambda: control_plane.find(ROUTER) is None, "the router stays")
    control_plane.request("DELETE", CLAIM)
    control_plane.wait(lambda: control_plane.find(CLAIM) is None, "the volume stays")
    bring_back(project)
    assert uid(control_plane, CLAIM) != volume
    assert uid(control_plane, ROUTER) != router
    assert project.up().changes == {}

    namespace = f"/api/v1/namespaces/{NAMESPACE}"
    control_plane.request("DELETE", namespace)
    control_plane.wait(lambda: control_plane.find(namespace) is None, "the namespace stays")
    bring_back(project)
    assert control_plane.find(ROUTER) is not None
    assert project.up().changes == {}
