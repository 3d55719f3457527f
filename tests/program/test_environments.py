"""Each environment on the real engine: from nothing, over changes of settings, to its end.

The offline provider stands in for the official one, and renders instead of applying.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.components.reviewed import reviewed, tree
from tests.program.engine import Project
from tools.policy_pack import PolicyPack

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("engine")]


@pytest.fixture
def rendering(new_project: Callable[..., Project], policy_pack: PolicyPack) -> Callable[[str], Project]:
    """Makes a project with the stack of an environment, which renders into its folder and keeps the policies."""

    def make(environment: str) -> Project:
        project = new_project(environment).hold_to(policy_pack)
        directory = f".floe/rendered/{environment}"
        project.edit_settings(lambda settings: settings.update(kubernetes={"renderDirectory": directory}))
        return project

    return make


def changed(project: Project, edit: Callable[[dict[str, Any]], object]) -> set[str]:
    """Changes settings, provisions, and gives the objects that are no longer as they were."""
    before = project.manifests()
    project.edit_settings(edit)
    project.up()
    after = project.manifests()
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


@pytest.mark.parametrize("environment", ["local", "dev", "staging"])
def test_an_environment_comes_up_as_reviewed_stays_as_it_is_and_goes(
    rendering: Callable[[str], Project], environment: str
) -> None:
    project = rendering(environment)
    planned = project.preview()["changeSummary"]
    first = project.up()
    assert planned == first.changes
    assert tree(project.manifests()) == reviewed(environment)

    assert project.up().changes == {}

    project.pulumi("destroy", "--yes", "--skip-preview", "--stack", project.stack)
    assert project.manifests() == {}


def test_production_changes_only_what_a_setting_concerns_and_keeps_its_data(
    rendering: Callable[[str], Project],
) -> None:
    project = rendering("prod")
    project.up()
    assert tree(project.manifests()) == reviewed("prod")
    project.pulumi("refresh", "--yes", "--skip-preview", "--stack", project.stack)
    assert project.up().changes == {}

    assert changed(project, lambda settings: settings["api"].update(memory=4096)) == {"Deployment/cube-api"}
    assert changed(project, lambda settings: settings.update(refreshWorker={"concurrency": 8})) == {
        "Deployment/cube-refresh-worker"
    }
    clients = [{"namespace": "ingress-nginx"}, {"namespace": "bi"}]
    assert changed(project, lambda settings: settings["network"].update(clients=clients)) == {"NetworkPolicy/allow-api"}
    assert changed(project, lambda settings: settings["api"].update(maxReplicas=12)) == {
        "HorizontalPodAutoscaler/cube-api"
    }
    assert changed(project, lambda settings: settings.pop("ingress")) == {"Ingress/cube"}

    project.edit_artifacts(lambda artifacts: artifacts["consumption"].update(enabled=False))
    project.up()
    # With the namespace its volumes would go.
    assert list(project.manifests()) == ["Namespace/floe-cube"]
    assert project.outputs() == {"version": 1, "status": "disabled"}

    project.edit_artifacts(lambda artifacts: artifacts["consumption"].update(enabled=True))
    project.up()
    assert "Deployment/cube-api" in project.manifests()
