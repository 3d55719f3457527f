from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.components.recording import Objects, layer_of, pod_of, shop, variables_of

API = "Deployment/cube-api"


@pytest.fixture
def pod(everything: Objects) -> dict[str, Any]:
    return pod_of(everything, API)


@pytest.fixture
def cube(pod: dict[str, Any]) -> dict[str, Any]:
    (container,) = pod["containers"]
    found: dict[str, Any] = container
    return found


def test_a_new_pod_is_ready_before_an_old_one_leaves(everything: Objects) -> None:
    strategy = everything[API]["spec"]["strategy"]
    assert strategy == {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}


def test_a_pod_that_is_to_end_takes_requests_until_everyone_knows(cube: dict[str, Any]) -> None:
    assert cube["lifecycle"]["preStop"] == {"sleep": {"seconds": 5}}
    assert variables_of(cube)["CUBEJS_GRACEFUL_SHUTDOWN"] == "30"


def test_pods_are_spread_over_zones_and_nodes(pod: dict[str, Any], everything: Objects) -> None:
    labels = everything[API]["spec"]["selector"]["matchLabels"]
    (constraint,) = pod["topologySpreadConstraints"]
    assert constraint["topologyKey"] == "topology.kubernetes.io/zone"
    assert constraint["labelSelector"]["matchLabels"] == labels
    (term,) = pod["affinity"]["podAntiAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"]
    assert term["podAffinityTerm"]["topologyKey"] == "kubernetes.io/hostname"


def test_nodes_heap_fits_into_the_memory(cube: dict[str, Any]) -> None:
    heap = re.fullmatch(r"--max-old-space-size=(\d+)", variables_of(cube)["NODE_OPTIONS"])
    assert heap is not None
    assert int(heap[1]) == 3072
    assert cube["resources"]["limits"]["memory"] == "4096Mi"


def test_the_autoscaler_alone_decides_how_many_pods_there_are(everything: Objects, least: Objects) -> None:
    scaler = everything["HorizontalPodAutoscaler/cube-api"]["spec"]
    assert "replicas" not in everything[API]["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (3, 6)
    assert scaler["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "cube-api"}
    assert least[API]["spec"]["replicas"] == 2
    assert "HorizontalPodAutoscaler/cube-api" not in least


def test_a_drained_node_takes_one_pod_at_most(everything: Objects) -> None:
    budget = everything["PodDisruptionBudget/cube-api"]["spec"]
    assert budget["maxUnavailable"] == 1
    assert budget["selector"]["matchLabels"] == everything[API]["spec"]["selector"]["matchLabels"]


def test_cube_finds_cube_store_and_does_not_refresh(cube: dict[str, Any]) -> None:
    variables = variables_of(cube)
    assert variables["CUBEJS_CUBESTORE_HOST"] == "cube-store-router"
    assert variables["CUBEJS_CUBESTORE_PORT"] == "3030"
    assert not {"CUBEJS_REFRESH_WORKER", "CUBEJS_CACHE_AND_QUEUE_DRIVER"} & variables.keys()


def test_credentials_come_from_secrets(cube: dict[str, Any]) -> None:
    variables = variables_of(cube)
    for name in ("CUBEJS_API_SECRET", "CUBEJS_DB_USER", "CUBEJS_DB_PASS"):
        assert set(variables[name]) == {"secretKeyRef"}


def test_sql_is_reached_through_the_proxy_only(pod: dict[str, Any], everything: Objects) -> None:
    (proxy,) = (container for container in pod["initContainers"] if container["name"] == "sql-proxy")
    assert proxy["restartPolicy"] == "Always", "a sidecar starts before Cube and ends after it"
    for name in ("cube-api", "cube-api-sql"):
        (port,) = (port for port in everything[f"Service/{name}"]["spec"]["ports"] if port["name"] == "sql")
        assert (port["port"], port["targetPort"]) == (15432, 15433)


def test_the_proxy_has_routes_and_certificate_in_the_folder_it_watches(
    pod: dict[str, Any], everything: Objects
) -> None:
    (proxy,) = (container for container in pod["initContainers"] if container["name"] == "sql-proxy")
    (mount,) = proxy["volumeMounts"]
    assert f"--providers.file.directory={mount['mountPath']}" in proxy["args"]
    (volume,) = (volume for volume in pod["volumes"] if volume["name"] == mount["name"])
    routes, certificate = (next(iter(source.values()))["name"] for source in volume["projected"]["sources"])
    assert certificate == "sql-tls"
    config_map = everything[f"ConfigMap/{routes}"]
    assert config_map["immutable"] is True
    assert f"{mount['mountPath']}/tls.crt" in config_map["data"]["routes.yaml"]


def test_a_load_balancer_for_sql_is_told_who_may_use_it(everything: Objects, least: Objects) -> None:
    service = everything["Service/cube-api-sql"]
    assert service["spec"]["type"] == "LoadBalancer"
    assert service["spec"]["loadBalancerSourceRanges"] == ["10.0.0.0/8"]
    assert service["metadata"]["annotations"] == {"service.beta.kubernetes.io/aws-load-balancer-scheme": "internal"}
    assert "Service/cube-api-sql" not in least


def test_without_the_sql_api_no_port_is_open_for_it(least: Objects) -> None:
    assert [port["name"] for port in least["Service/cube-api"]["spec"]["ports"]] == ["http"]
    (cube,) = pod_of(least, API)["containers"]
    assert "CUBEJS_PG_SQL_PORT" not in variables_of(cube)


def test_without_cube_store_the_one_pod_keeps_cache_and_queue_itself(tmp_path: Path) -> None:
    off = {"cubeStore": {"enabled": False}, "api": {"replicas": 1}, "refreshWorker": {"enabled": False}}
    objects = layer_of(shop(off, tmp_path, external=False)).objects
    (cube,) = pod_of(objects, API)["containers"]
    variables = variables_of(cube)
    assert variables["CUBEJS_CACHE_AND_QUEUE_DRIVER"] == "memory"
    assert variables["CUBEJS_REFRESH_WORKER"] == "true"
    assert not [name for name in objects if "store" in name or "refresh" in name]


def test_an_existing_cube_store_is_used_as_it_is(tmp_path: Path) -> None:
    existing = {"cubeStore": {"host": "store.shared.svc", "port": 3031}}
    objects = layer_of(shop(existing, tmp_path)).objects
    (cube,) = pod_of(objects, API)["containers"]
    assert variables_of(cube)["CUBEJS_CUBESTORE_HOST"] == "store.shared.svc"
    assert variables_of(cube)["CUBEJS_CUBESTORE_PORT"] == "3031"
    assert not [name for name in objects if name.startswith("StatefulSet/")]
    ports = [rule["ports"][0]["port"] for rule in objects["NetworkPolicy/allow-api"]["spec"]["egress"]]
    assert 3031 in ports


def test_a_model_that_does_not_compile_never_gets_to_a_ready_pod(everything: Objects, pod: dict[str, Any]) -> None:
    for workload in (API, "Deployment/cube-refresh-worker"):
        first = pod_of(everything, workload)["initContainers"][0]
        (cube,) = pod_of(everything, workload)["containers"]
        assert first["command"] == ["node", "/cube/conf/compile_model.js"]
        assert "compile_model.js" in everything[configuration_of(everything, workload)]["data"]
        assert first["image"] == cube["image"]
        assert first["volumeMounts"] == cube["volumeMounts"]
        assert first["resources"] == cube["resources"]
        assert not [variable for variable in first["env"] if "valueFrom" in variable], "it needs no secret"


def test_a_pod_is_ready_once_its_model_is_compiled(cube: dict[str, Any]) -> None:
    script = (Path(__file__).parents[2] / "floe_cube_infra" / "cube" / "readiness.js").read_text()
    for probe in ("startupProbe", "readinessProbe"):
        asked = cube[probe]["httpGet"]
        assert f"const READINESS_PORT = {asked['port']};" in script
        assert f"const READINESS_PATH = '{asked['path']}';" in script


def configuration_of(objects: Objects, workload: str) -> str:
    (volume,) = (volume for volume in pod_of(objects, workload)["volumes"] if volume["name"] == "configuration")
    return f"ConfigMap/{volume['configMap']['name']}"
