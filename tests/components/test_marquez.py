"""Marquez, as it is asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from floe_cube_infra.errors import SettingsError
from tests.components.recording import Objects, layer_of, pod_of, shop, variables_of

SERVER, DATABASE = "Deployment/cube-marquez", "StatefulSet/cube-marquez-database"
NO_BUCKET = {"cubeStore": {"storage": "volume", "workers": 0}}


def container(objects: Objects, workload: str) -> dict[str, Any]:
    (found,) = pod_of(objects, workload)["containers"]
    return dict(found)


def configuration(objects: Objects) -> Any:
    """Marquez's file, as it is without variables."""
    (volume,) = [each for each in pod_of(objects, SERVER)["volumes"] if each["name"] == "configuration"]
    (text,) = objects[f"ConfigMap/{volume['configMap']['name']}"]["data"].values()
    return yaml.safe_load(text)


def test_there_is_none_unless_it_is_asked_for(least: Objects) -> None:
    assert not [name for name in least if "marquez" in name]


def test_it_runs_with_the_file_that_is_mounted(lineage: Objects) -> None:
    found = container(lineage, SERVER)
    (config_map,) = [thing for name, thing in lineage.items() if name.startswith("ConfigMap/cube-marquez-")]
    mounts = {mount["name"]: mount["mountPath"] for mount in found["volumeMounts"]}
    (file,) = config_map["data"]
    assert variables_of(found)["MARQUEZ_CONFIG"] == f"{mounts['configuration']}/{file}"
    assert config_map["immutable"] is True


def test_java_is_the_containers_own_process_and_hears_that_it_is_to_end(lineage: Objects) -> None:
    assert container(lineage, SERVER)["command"][-1].startswith("exec java ${JAVA_OPTS} ")


def test_javas_heap_fits_into_the_containers_memory(tmp_path: Path) -> None:
    objects = layer_of(shop({**NO_BUCKET, "marquez": {"enabled": True, "memory": 2000}}, tmp_path)).objects
    found = container(objects, SERVER)
    assert found["resources"]["limits"]["memory"] == "2000Mi"
    assert "-Xmx1200m " in variables_of(found)["JAVA_OPTS"]


def test_migrations_have_a_quarter_of_an_hour_before_anyone_asks_whether_it_is_alive(lineage: Objects) -> None:
    probes = container(lineage, SERVER)
    startup = probes["startupProbe"]
    assert startup["periodSeconds"] * startup["failureThreshold"] == 900
    paths = {name: probes[f"{name}Probe"]["httpGet"] for name in ("startup", "readiness", "liveness")}
    # A database that is away makes it unready, and no new start would mend that.
    assert {name: get["path"] for name, get in paths.items()} == {
        "startup": "/ping",
        "readiness": "/healthcheck",
        "liveness": "/ping",
    }
    assert {get["port"] for get in paths.values()} == {"admin"}
    assert {"name": "admin", "containerPort": 5001} in probes["ports"]


def test_its_own_database_is_told_to_nobody_but_by_reference(lineage: Objects) -> None:
    variables = variables_of(container(lineage, SERVER))
    for variable, key in (("POSTGRES_USER", "username"), ("POSTGRES_PASSWORD", "password")):
        assert variables[variable] == {"secretKeyRef": {"name": "cube-marquez-database", "key": key}}

    database = container(lineage, DATABASE)
    (volume,) = [each for each in pod_of(lineage, DATABASE)["volumes"] if "secret" in each]
    assert volume["secret"] == {"secretName": "cube-marquez-database", "defaultMode": 0o440}
    (mount,) = [each for each in database["volumeMounts"] if each["name"] == volume["name"]]
    files = variables_of(database)
    assert files["POSTGRES_USER_FILE"] == f"{mount['mountPath']}/username"
    assert files["POSTGRES_PASSWORD_FILE"] == f"{mount['mountPath']}/password"
    assert lineage["Secret/cube-marquez-database"]["immutable"] is True
    assert configuration(lineage)["db"]["url"] == "jdbc:postgresql://cube-marquez-database:5432/marquez?sslmode=disable"


def test_its_own_database_has_a_volume_that_goes_with_its_password(lineage: Objects) -> None:
    spec = lineage[DATABASE]["spec"]
    assert spec["replicas"] == 1
    assert spec["persistentVolumeClaimRetentionPolicy"]["whenDeleted"] == "Delete"
    (claim,) = spec["volumeClaimTemplates"]
    assert claim["spec"]["resources"]["requests"]["storage"] == "20Gi"
    assert claim["spec"]["storageClassName"] == "gp3"
    found = container(lineage, DATABASE)
    mounts = {mount["name"]: mount["mountPath"] for mount in found["volumeMounts"]}
    # The topmost folder of a volume may hold `lost+found`, which PostgreSQL refuses.
    assert Path(variables_of(found)["PGDATA"]).parent == Path(mounts["data"])
    assert mounts["socket"] == "/var/run/postgresql"


def test_the_image_of_postgres_runs_as_its_own_user(lineage: Objects) -> None:
    context = pod_of(lineage, DATABASE)["securityContext"]
    assert context["runAsUser"] == context["runAsGroup"] == context["fsGroup"] == 999


def test_the_database_comes_before_marquez_and_nobody_waits_for_either(tmp_path: Path) -> None:
    marquez = {"enabled": True, "web": True}
    after = layer_of(shop({**NO_BUCKET, "marquez": marquez}, tmp_path)).after
    assert DATABASE in after["MarquezServer/cube-marquez"]
    for component in ("CubeApi/cube-api", "RefreshWorker/cube-refresh-worker"):
        assert not [name for name in after[component] if "marquez" in name]


def test_a_database_elsewhere_is_named_and_verified_and_none_is_run(everything: Objects) -> None:
    assert not [name for name in everything if "marquez-database" in name]
    database = configuration(everything)["db"]
    assert database["url"] == (
        "jdbc:postgresql://lineage.example.com:6432/marquez?sslmode=verify-full"
        "&sslrootcert=/etc/marquez-database/ca.crt"
    )
    variables = variables_of(container(everything, SERVER))
    assert variables["POSTGRES_PASSWORD"] == {"secretKeyRef": {"name": "lineage", "key": "password"}}
    (volume,) = [each for each in pod_of(everything, SERVER)["volumes"] if each["name"] == "database-ca"]
    assert volume["secret"] == {"secretName": "lineage", "items": [{"key": "ca.crt", "path": "ca.crt"}]}
    mounts = {mount["name"]: mount["mountPath"] for mount in container(everything, SERVER)["volumeMounts"]}
    assert mounts["database-ca"] == "/etc/marquez-database"


@pytest.mark.parametrize(("encrypted", "mode"), [(True, "require"), (False, "disable")])
def test_a_database_elsewhere_is_asked_encrypted_unless_told_otherwise(
    tmp_path: Path, *, encrypted: bool, mode: str
) -> None:
    marquez = {"enabled": True, "databaseHost": "db", "databaseSecret": "s", "databaseEncrypted": encrypted}
    objects = layer_of(shop({**NO_BUCKET, "marquez": marquez}, tmp_path)).objects
    assert configuration(objects)["db"]["url"] == f"jdbc:postgresql://db:5432/marquez?sslmode={mode}"


def test_several_pods_are_spread_and_one_at_a_time_may_go(everything: Objects, lineage: Objects) -> None:
    assert everything[SERVER]["spec"]["replicas"] == 2
    assert everything["PodDisruptionBudget/cube-marquez"]["spec"]["maxUnavailable"] == 1
    assert pod_of(everything, SERVER)["topologySpreadConstraints"]
    # A budget of one pod would keep nothing, or its node.
    assert "PodDisruptionBudget/cube-marquez" not in lineage


def test_the_web_pages_ask_the_server(everything: Objects, lineage: Objects) -> None:
    variables = variables_of(container(everything, "Deployment/cube-marquez-web"))
    service = everything[f"Service/{variables['MARQUEZ_HOST']}"]
    assert int(variables["MARQUEZ_PORT"]) in [port["port"] for port in service["spec"]["ports"]]
    assert variables["WEB_PORT"] == "3000"
    assert "Deployment/cube-marquez-web" not in lineage


def test_lineage_is_told_where_marquez_listens(lineage: Objects) -> None:
    (observer,) = (each for name, each in lineage.items() if name.startswith("ConfigMap/cube-observer-"))
    told = urlsplit(json.loads(observer["data"]["observer.json"])["lineage"]["endpoint"])

    ports = {port["port"]: port["targetPort"] for port in lineage[f"Service/{told.hostname}"]["spec"]["ports"]}
    assert (ports[told.port], told.path) == ("http", "/api/v1/lineage")


@pytest.mark.parametrize(
    ("marquez", "problem"),
    [
        ({"enabled": True, "url": "http://marquez"}, "enabled is true, and url names one"),
        ({"web": True}, "web is true, but enabled is false"),
        ({"enabled": True, "databaseHost": "db"}, "without the other"),
        ({"enabled": True, "databaseHost": "db?password=x", "databaseSecret": "s"}, "databaseHost"),
        ({"url": "marquez:5000"}, "can't be Marquez's address"),
        ({"url": "http://me:secret@marquez"}, "can't be Marquez's address"),
        ({"url": "http://marquez:port"}, "can't be Marquez's address"),
        ({"url": "http://marquez?a=b"}, "can't be Marquez's address"),
    ],
)
def test_contradictions_are_errors(tmp_path: Path, marquez: dict[str, Any], problem: str) -> None:
    with pytest.raises(SettingsError, match=problem) as refused:
        shop({"marquez": marquez}, tmp_path)
    assert "me:secret" not in str(refused.value)


def test_its_file_has_search_off_and_retention_on(everything: Objects) -> None:
    found = configuration(everything)
    assert found["search"] == {"enabled": False}
    assert found["dbRetention"] == {"frequencyMins": 15, "numberOfRowsPerBatch": 1000, "retentionDays": 30}
    assert found["migrateOnStartup"] is True
    assert "${LOG_LEVEL}" not in json.dumps(found)
