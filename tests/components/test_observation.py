"""The observer beside Cube, the collector and Jaeger, as objects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from floe_cube_infra.components.collector_pod import CONFIGURATION_FILE
from floe_cube_infra.offline.kubernetes.rendering import to_yaml
from tests.components.conftest import OBSERVER
from tests.components.recording import Objects, Recorded, layer_of, pod_of, shop, variables_of

SETTINGS = {
    "images": {"observer": OBSERVER},
    "cubeStore": {"storage": "volume", "workers": 0},
    "collector": {"exportHeaders": {"x-api-key": "backend/key"}, "replicas": 2, "memory": 1000},
    "jaeger": {"enabled": True},
}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return layer_of(shop(SETTINGS, tmp_path_factory.mktemp("observed")))


@pytest.fixture(scope="module")
def objects(recorded: Recorded) -> Objects:
    return recorded.objects


def sidecar(objects: Objects, workload: str) -> dict[str, Any]:
    (found,) = (each for each in pod_of(objects, workload)["initContainers"] if each["name"] == "observer")
    return dict(found)


@pytest.mark.parametrize("workload", ["Deployment/cube-api", "Deployment/cube-refresh-worker"])
def test_each_pod_of_cube_has_an_observer_that_can_keep_nothing_from_service(objects: Objects, workload: str) -> None:
    observer = sidecar(objects, workload)

    assert observer["image"] == OBSERVER
    assert observer["restartPolicy"] == "Always"
    assert not {"startupProbe", "readinessProbe", "livenessProbe", "ports"} & observer.keys()
    assert observer["resources"]["limits"] == {"memory": "64Mi"}


def test_metrics_of_two_pods_are_told_apart(objects: Objects) -> None:
    variables = variables_of(sidecar(objects, "Deployment/cube-api"))

    assert next(iter(variables)) == "POD_NAME"
    assert variables["POD_NAME"] == {"fieldRef": {"fieldPath": "metadata.name"}}
    assert "service.instance.id=$(POD_NAME)" in variables["OTEL_RESOURCE_ATTRIBUTES"]


def test_the_observers_files_are_mounted_in_one_folder(objects: Objects) -> None:
    (volume,) = (each for each in pod_of(objects, "Deployment/cube-api")["volumes"] if each["name"] == "observer")
    names = [source["configMap"]["name"] for source in volume["projected"]["sources"]]
    files = {file: text for name in names for file, text in objects[f"ConfigMap/{name}"]["data"].items()}

    settings = json.loads(files["observer.json"])
    assert settings["traces"]["endpoint"] == "http://cube-collector:4318/v1/traces"
    assert json.loads(files["orders.lineage.json"])["table"]["name"].endswith(".orders")
    assert len(files) > 5


def test_cube_is_told_where_the_observer_listens(objects: Objects) -> None:
    (configuration,) = (each for name, each in objects.items() if name.startswith("ConfigMap/cube-config-"))
    (observer,) = (each for name, each in objects.items() if name.startswith("ConfigMap/cube-observer-"))

    recording = json.loads(configuration["data"]["settings.json"])["observation"]
    assert recording == {"port": json.loads(observer["data"]["observer.json"])["port"], "sql": False}


def test_the_collector_reads_secret_headers_from_a_secret_and_keeps_below_its_memory(objects: Objects) -> None:
    (container,) = pod_of(objects, "Deployment/cube-collector")["containers"]
    variables = variables_of(container)

    assert variables["EXPORT_HEADER_X_API_KEY"] == {"secretKeyRef": {"name": "backend", "key": "key"}}
    assert variables["GOMEMLIMIT"] == "800MiB"
    assert container["resources"]["limits"] == {"memory": "1000Mi"}
    assert "PodDisruptionBudget/cube-collector" in objects


def test_a_changed_configuration_is_another_config_map(objects: Objects, tmp_path: Path) -> None:
    def name(of: Objects) -> str:
        (found,) = (name for name in of if name.startswith("ConfigMap/cube-collector-"))
        return found

    other = layer_of(shop({**SETTINGS, "jaeger": {"enabled": False}}, tmp_path)).objects

    assert name(objects) != name(other)
    assert "Deployment/cube-jaeger" not in other
    mounted = pod_of(other, "Deployment/cube-collector")["volumes"][0]["configMap"]["name"]
    assert f"ConfigMap/{mounted}" == name(other)


def test_jaeger_takes_what_the_collector_sends(objects: Objects) -> None:
    (collector,) = (each for name, each in objects.items() if name.startswith("ConfigMap/cube-collector-"))
    target = yaml.safe_load(collector["data"][CONFIGURATION_FILE])["exporters"]["otlp_grpc/jaeger"]["endpoint"]
    host, port = target.split(":")

    assert int(port) in {each["port"] for each in objects[f"Service/{host}"]["spec"]["ports"]}


def test_nothing_of_cube_waits_for_what_observes_it(recorded: Recorded) -> None:
    for component in ("CubeApi/cube-api", "RefreshWorker/cube-refresh-worker"):
        assert not [each for each in recorded.after[component] if "ollector" in each or "aeger" in each]


def test_without_an_observer_there_is_none_of_it(tmp_path: Path) -> None:
    found = layer_of(shop({"cubeStore": {"storage": "volume", "workers": 0}}, tmp_path)).objects

    assert not [name for name in found if any(word in name for word in ("collector", "jaeger", "observer", "lineage"))]
    assert "observer" not in to_yaml(found["Deployment/cube-api"])
