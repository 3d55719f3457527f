"""The sample program that reads the outputs, as a second stack on the same backend."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.program.engine import CLONE, Project

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("engine")]

LAYER = "organization/floe-cube-infra/local"
UP = ("up", "--yes", "--skip-preview")


class Consumer:
    """A copy of the sample program, with a stack beside that of a layer."""

    def __init__(self, folder: Path, layer: Project) -> None:
        self.folder = folder
        self.rendered = folder.parent / "rendered-consumer"
        shutil.copytree(CLONE / "examples" / "consumer", folder)
        project = yaml.safe_load((folder / "Pulumi.yaml").read_text())
        project["runtime"]["options"]["virtualenv"] = str(layer.folder / ".venv")
        (folder / "Pulumi.yaml").write_text(yaml.safe_dump(project))
        self._variables = layer.variables
        self.pulumi("stack", "init", "test")
        self.pulumi("config", "set", "renderDirectory", str(self.rendered))
        self.reads(LAYER)

    def reads(self, stack: str) -> None:
        self.pulumi("config", "set", "consumptionLayer", stack)

    def pulumi(self, *arguments: str, expect_failure: bool = False) -> str:
        environment = {name: value for name, value in os.environ.items() if name != "PULUMI_CONFIG_PASSPHRASE"}
        result = subprocess.run(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=self.folder,
            env=environment | self._variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        assert (result.returncode != 0) == expect_failure, result.stdout
        return result.stdout

    def manifest(self, kind: str) -> dict[str, Any]:
        (file,) = self.rendered.glob(f"*/*-{kind}-*.yaml")
        manifest: dict[str, Any] = yaml.safe_load(file.read_text())
        return manifest


@pytest.fixture
def layer(new_project: Callable[..., Project]) -> Project:
    project = new_project("local")
    project.up()
    return project


@pytest.fixture
def consumer(layer: Project) -> Consumer:
    return Consumer(layer.folder.parent / "consumer", layer)


def describe_orders(manifest: dict[str, Any]) -> None:
    manifest["nodes"]["model.shop.orders"]["description"] = "Another text."


def test_another_stack_learns_where_cube_is_and_follows_it(layer: Project, consumer: Consumer) -> None:
    assert "+ 5 to create" in consumer.pulumi("preview")
    consumer.pulumi(*UP)
    outputs = layer.outputs()
    data = consumer.manifest("configmap")["data"]
    assert data["CUBE_REST_URL"] == outputs["restEndpoint"]
    assert data["CUBE_MODEL_VERSION"] == outputs["modelVersion"]
    policy = consumer.manifest("networkpolicy")
    deployment = layer.manifests()["Deployment/cube-api"]
    assert policy["metadata"]["namespace"] == deployment["metadata"]["namespace"]
    assert policy["spec"]["podSelector"] == deployment["spec"]["selector"]
    (rule,) = policy["spec"]["ingress"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert rule["ports"][0]["port"] in {port["containerPort"] for port in container["ports"]}
    assert "5 unchanged" in consumer.pulumi(*UP)

    layer.edit_manifest(describe_orders)
    layer.up()
    consumer.pulumi(*UP)
    assert consumer.manifest("configmap")["data"]["CUBE_MODEL_VERSION"] == layer.outputs()["modelVersion"]
    assert layer.outputs()["modelVersion"] != outputs["modelVersion"]

    # Somebody makes one of the outputs secret: what is made of them is, too, and no ConfigMap takes it.
    program = layer.folder / "__main__.py"
    program.write_text(program.read_text() + "\npulumi.export('namespace', pulumi.Output.secret('floe-cube'))\n")
    layer.up()
    output = consumer.pulumi(*UP, expect_failure=True)
    assert "data.CUBE_REST_URL: holds a secret value" in output


def test_stacks_that_cant_be_read_are_refused_with_sentences(layer: Project, consumer: Consumer) -> None:
    def refusal(stack: str) -> str:
        consumer.reads(stack)
        output = consumer.pulumi("preview", expect_failure=True)
        # The engine interrupts a program whose reference it can't read; none of ours is in what that shows.
        assert "floe_cube_infra" not in output
        return output

    assert 'unknown stack "organization/floe-cube-infra/nowhere"' in refusal("organization/floe-cube-infra/nowhere")
    assert "has no output `version`" in refusal("organization/dashboards/test")

    layer.edit_artifacts(lambda artifacts: artifacts["consumption"].update(enabled=False))
    layer.up()
    assert f"The stack {LAYER} is switched off" in refusal(LAYER)
    assert not consumer.rendered.exists()
