"""The provider under the real engine: one program, through its whole life."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.environment import environment, over_ours

# A minute of real updates; what `make test` provisions is in tests/program.
pytestmark = pytest.mark.real

SECRET = "hunter2-under-the-engine"
# Untyped resources: importing the SDK would take two seconds at each of the many runs.
PROGRAM = """
import os
import pulumi

def resource(name, api_version, kind, metadata, **fields):
    group = api_version if "/" in api_version else f"core/{api_version}"
    everything = {"apiVersion": api_version, "kind": kind, "metadata": metadata, **fields}
    return Resource(f"kubernetes:{group}:{kind}", name, everything)

class Resource(pulumi.CustomResource):
    metadata: pulumi.Output[dict]

config = pulumi.Config()
web = {"app": "web"}
settings = resource(
    "settings", "v1", "ConfigMap", {"namespace": "shop"}, data={"a.json": config.get("a") or "{}", "b": "x\\ny\\n"}
)
password = pulumi.Output.secret(os.environ["SEEDED_SECRET"])
resource("creds", "v1", "Secret", {"name": "creds"}, stringData={"password": password})
resource("web", "apps/v1", "Deployment", {"name": "web", "namespace": "shop"}, spec={
    "replicas": 2,
    "selector": {"matchLabels": web},
    "template": {"metadata": {"labels": web}, "spec": {
        "containers": [{
            "name": "web",
            "image": "nginx:1.27",
            "env": [{"name": "P", "valueFrom": {"secretKeyRef": {"name": "creds", "key": "password"}}}],
            "volumeMounts": [{"name": "settings", "mountPath": "/settings"}],
        }],
        "volumes": [{"name": "settings", "configMap": {"name": settings.metadata["name"]}}],
    }},
})
resource("web", "v1", "Service", {"name": "web"}, spec={"selector": web, "ports": [{"port": 80}]})
resource(
    "monitor", "monitoring.coreos.com/v1", "ServiceMonitor", {"name": "web"}, spec={"selector": {"matchLabels": web}}
)
if config.get("broken"):
    resource("broken", "v1", "ConfigMap", {"name": "Broken"}, data={"password": password})
"""


class Stack:
    def __init__(self, folder: Path, variables: dict[str, str]) -> None:
        self.folder = folder
        self.rendered = folder / "rendered"
        self._environment = over_ours(variables) | {"SEEDED_SECRET": SECRET}

    def run(self, *words: str, fails: bool = False) -> str:
        result = subprocess.run(
            ["pulumi", *words, "--non-interactive", "--color=never"],
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        output = result.stdout + result.stderr
        assert (result.returncode != 0) is fails, output
        assert SECRET not in output
        return output

    def preview(self, *words: str) -> tuple[dict[str, int], dict[str, list[str]]]:
        """Gives how many resources of each kind of change there are, and the changed paths of each resource."""
        report = json.loads(self.run("preview", "--json", *words))
        changed = {
            step["urn"].rpartition("::")[2]: sorted(step.get("detailedDiff") or {})
            for step in report["steps"]
            if step["op"] in ("update", "replace")
        }
        return report["changeSummary"], changed

    def up(self) -> str:
        return self.run("up", "--yes", "--skip-preview")

    def config(self, key: str, value: str) -> None:
        self.run("config", "set", key, value)

    def files(self) -> dict[str, str]:
        return {
            str(path.relative_to(self.rendered)): path.read_text()
            for path in self.rendered.rglob("*")
            if path.is_file()
        }


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    root = tmp_path_factory.mktemp("engine")
    variables = environment(folder=root / "engine", pulumi_home=root / "home")
    folder = root / "program"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: offline-test\nruntime: python\n")
    (folder / "__main__.py").write_text(PROGRAM)
    stack = Stack(folder, variables)
    stack.run("stack", "init", "dev")
    stack.config("kubernetes:renderYamlToDirectory", "rendered")
    yield stack
    stack.run("destroy", "--yes", "--skip-preview")


def test_a_stack_lives_through_preview_update_drift_and_removal(stack: Stack):
    # A preview writes nothing.
    summary, _ = stack.preview()
    assert summary == {"create": 6}
    assert not stack.rendered.exists()

    # An update writes a file an object, and says in one line who it is.
    told = stack.up()
    assert told.split("Diagnostics:")[1].count("stands in for the official one") == 1
    files = stack.files()
    assert len(files) == 5
    assert {"1-manifest/v1-secret-default-creds.yaml", "1-manifest/apps_v1-deployment-shop-web.yaml"} <= set(files)

    # No secret lies open, neither in a file nor in the state.
    assert SECRET not in "".join(files.values())
    assert SECRET not in stack.run("stack", "export")

    # The same program again changes nothing, not even a file's time.
    assert stack.preview()[0] == {"same": 6}
    times = {path: path.stat().st_mtime_ns for path in stack.rendered.rglob("*.yaml")}
    stack.up()
    assert {path: path.stat().st_mtime_ns for path in stack.rendered.rglob("*.yaml")} == times

    # Changed data replaces the ConfigMap and updates the Deployment that mounts it.
    stack.config("a", '{"x": 1}')
    summary, changed = stack.preview()
    assert summary == {"replace": 1, "update": 1, "same": 4}
    assert changed == {
        "settings": ['data["a.json"]'],
        "web": ["spec.template.spec.volumes[0].configMap.name"],
    }
    stack.up()
    after = stack.files()
    assert len(after) == 5
    config_map = next(name for name in after if "configmap" in name)
    assert config_map not in files
    name = config_map.removeprefix("1-manifest/v1-configmap-shop-").removesuffix(".yaml")
    assert f"name: {name}" in after["1-manifest/apps_v1-deployment-shop-web.yaml"]

    # What was changed by hand is found by a refresh, and put right by an update.
    deployment = stack.rendered / "1-manifest/apps_v1-deployment-shop-web.yaml"
    deployment.write_text(deployment.read_text().replace("replicas: 2", "replicas: 5"))
    assert "replicas: 2 => 5" in stack.run("refresh", "--yes", "--skip-preview", "--diff")
    assert stack.preview()[1] == {"web": ["spec.replicas"]}
    stack.up()
    assert "replicas: 2" in deployment.read_text()

    # A file that is gone is a resource that is gone, and comes back.
    deployment.unlink()
    stack.run("refresh", "--yes", "--skip-preview")
    assert stack.preview()[0] == {"create": 1, "same": 5}
    stack.up()
    assert deployment.is_file()

    # Every problem of an object is told, without the secret's value.
    stack.config("broken", "true")
    told = stack.run("preview", fails=True)
    assert "metadata.name: 'Broken' isn't a DNS-1123 subdomain" in told
    assert "data.password: holds a secret value" in told
    stack.run("config", "rm", "broken")

    # Another folder moves every object.
    stack.config("kubernetes:renderYamlToDirectory", "elsewhere")
    assert stack.preview()[0] == {"replace": 5, "same": 1}
    stack.up()
    assert stack.files() == {}
    stack.rendered = stack.folder / "elsewhere"
    assert len(stack.files()) == 5

    stack.run("destroy", "--yes", "--skip-preview")
    assert list(stack.rendered.iterdir()) == []
