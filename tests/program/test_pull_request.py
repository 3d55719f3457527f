"""The comment of a pull request from previews that the real engine writes."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from floe_cube_infra.pull_request.comment import EnvironmentReport, comment
from floe_cube_infra.pull_request.preview import read_preview
from tests.program.engine import Project

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("engine")]


def told(project: Project) -> str:
    preview = read_preview(json.dumps(project.preview()), "preview.json")
    return comment([EnvironmentReport(name="prod", preview=preview)])


def test_a_change_of_production_is_told_without_noise(new_project: Callable[..., Project]) -> None:
    project = new_project("prod")
    project.edit_settings(lambda settings: settings.update(kubernetes={"renderDirectory": ".floe/rendered/prod"}))
    assert "created" in told(project)
    project.up()
    assert "| prod | not compared | unchanged |" in told(project)

    orders = "model.shop.orders"
    project.edit_manifest(lambda manifest: manifest["nodes"][orders].update(description="Another one."))
    project.edit_settings(lambda settings: settings["api"].update(replicas=4, memory=4096))
    project.edit_settings(lambda settings: settings["cubeStore"].update(routerVolume=40))
    text = told(project)

    assert "| prod | not compared | **1 with data at risk**, 1 replaced, 4 changed |" in text
    assert "| replaced | StatefulSet cube-store-router | its pods stop meanwhile" in text
    assert "| Deployment cube-api: memory requested per pod | 3.31Gi | 4.31Gi |" in text
    assert "| HorizontalPodAutoscaler cube-api: replicas | 3 to 10 | 4 to 10 |" in text
    assert "| StatefulSet cube-store-router: volume data per pod | 20Gi | 40Gi |" in text
    assert "| changed | Deployment cube-refresh-worker | restart with changed files |" in text
