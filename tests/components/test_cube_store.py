"""Cube Store's traps, each of which has cost somebody a night."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pulumi
import pytest

from floe_cube_infra.components.cube_store.store import CubeStore, CubeStoreArgs, StoreNodeSize
from floe_cube_infra.components.object_storage import ObjectStorage
from floe_cube_infra.components.pod_resources import Size
from floe_cube_infra.errors import SettingsError
from floe_cube_infra.render.environment import SecretKeyRef
from tests.components.recording import Objects, layer_of, pod_of, record, shop, variables_of

ROUTER, WORKER = "StatefulSet/cube-store-router", "StatefulSet/cube-store-worker"
KEYS = {"access_key": SecretKeyRef(secret="keys", key="id"), "secret_key": SecretKeyRef(secret="keys", key="secret")}


def args(**changes: Any) -> CubeStoreArgs:
    size = StoreNodeSize(pod=Size(cpu="4", memory_mib=8192), volume_gib=50)
    given = {
        "namespace": "analytics",
        "instance": "analytics",
        "image": "cubestore:1",
        "pull_secrets": (),
        "storage": ObjectStorage(bucket="tables", region="eu-central-1"),
        "workers": 3,
        "router_size": size,
        "worker_size": size,
        "storage_class": None,
        "keeps_volumes": False,
    }
    return CubeStoreArgs(**(given | changes))


def store(**changes: Any) -> Objects:
    return record(lambda: CubeStore("cube-store", args(**changes))).objects


@pytest.fixture(scope="module")
def objects() -> Objects:
    return store()


def container(objects: Objects, workload: str) -> dict[str, Any]:
    (found,) = pod_of(objects, workload)["containers"]
    return dict(found)


def test_every_node_has_the_same_list_of_workers(objects: Objects) -> None:
    lists = {variables_of(container(objects, workload))["CUBESTORE_WORKERS"] for workload in (ROUTER, WORKER)}
    assert lists == {
        "cube-store-worker-0.cube-store-worker:10000,cube-store-worker-1.cube-store-worker:10000,"
        "cube-store-worker-2.cube-store-worker:10000"
    }
    assert objects[WORKER]["spec"]["replicas"] == 3


def test_a_workers_own_name_is_its_entry_in_the_list(objects: Objects) -> None:
    found = container(objects, WORKER)
    names = [variable["name"] for variable in found["env"]]
    variables = variables_of(found)
    # Kubernetes puts a variable's value in where it was defined before.
    assert names.index("POD_NAME") < names.index("CUBESTORE_SERVER_NAME")
    assert variables["POD_NAME"] == {"fieldRef": {"fieldPath": "metadata.name"}}
    own = [variables["CUBESTORE_SERVER_NAME"].replace("$(POD_NAME)", f"cube-store-worker-{i}") for i in range(3)]
    assert ",".join(own) == variables["CUBESTORE_WORKERS"]


def test_names_are_those_that_stateful_set_and_service_make(objects: Objects) -> None:
    for name in ("cube-store-router", "cube-store-worker"):
        service = objects[f"Service/{name}"]
        stateful_set = objects[f"StatefulSet/{name}"]
        assert stateful_set["spec"]["serviceName"] == name
        assert service["spec"]["clusterIP"] == "None"
        assert service["spec"]["publishNotReadyAddresses"] is True
        assert service["spec"]["selector"] == stateful_set["spec"]["selector"]["matchLabels"]
        # Else each would wait for the other.
        assert service["metadata"]["annotations"] == {"pulumi.com/skipAwait": "true"}


def test_only_the_router_is_a_router(objects: Objects) -> None:
    router, worker = (variables_of(container(objects, workload)) for workload in (ROUTER, WORKER))
    assert objects[ROUTER]["spec"]["replicas"] == 1
    assert not {"CUBESTORE_META_ADDR", "CUBESTORE_WORKER_PORT", "CUBESTORE_WORKER_BIND_ADDR"} & router.keys()
    assert router["CUBESTORE_META_PORT"] == "9999"
    assert (
        worker["CUBESTORE_META_ADDR"] == router["CUBESTORE_SERVER_NAME"] == "cube-store-router-0.cube-store-router:9999"
    )
    assert worker["CUBESTORE_WORKER_PORT"] == "10000"


def test_nothing_scales_it(objects: Objects) -> None:
    assert not [name for name in objects if name.startswith("HorizontalPodAutoscaler/")]


@pytest.mark.parametrize("workload", [ROUTER, WORKER])
def test_the_environment_can_not_make_it_panic(objects: Objects, workload: str) -> None:
    variables = variables_of(container(objects, workload))
    assert variables["CUBESTORE_TELEMETRY"] == "false"
    assert "CUBESTORE_NO_UPLOAD" not in variables
    assert variables["CUBESTORE_S3_REGION"] == "eu-central-1"
    assert pod_of(objects, workload)["enableServiceLinks"] is False


@pytest.mark.parametrize("workload", [ROUTER, WORKER])
def test_it_is_stopped_by_the_one_signal_it_hears(objects: Objects, workload: str) -> None:
    found = container(objects, workload)
    assert found["lifecycle"]["preStop"] == {"exec": {"command": ["/bin/sh", "-c", "kill -INT 1"]}}


@pytest.mark.parametrize("workload", [ROUTER, WORKER])
def test_data_and_temporary_files_can_be_written(objects: Objects, workload: str) -> None:
    found, pod = container(objects, workload), pod_of(objects, workload)
    mounts = {mount["mountPath"]: mount["name"] for mount in found["volumeMounts"]}
    variables = variables_of(found)
    assert mounts[variables["CUBESTORE_DATA_DIR"]] == "data"
    assert mounts[variables["TMPDIR"]] == "tmp"
    assert pod["securityContext"]["fsGroup"] == pod["securityContext"]["runAsUser"]
    (claim,) = objects[workload]["spec"]["volumeClaimTemplates"]
    assert claim["metadata"]["name"] == "data"
    assert claim["spec"]["resources"]["requests"]["storage"] == "50Gi"


def test_the_router_answers_for_its_health_and_workers_by_listening(objects: Objects) -> None:
    router, worker = container(objects, ROUTER), container(objects, WORKER)
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert router[probe]["httpGet"]["port"] == "status"
        assert worker[probe]["tcpSocket"] == {"port": "worker"}
    assert {"name": "status", "containerPort": 3031} in router["ports"]


def test_workers_start_and_stop_without_waiting_for_each_other_but_roll_one_by_one(objects: Objects) -> None:
    spec = objects[WORKER]["spec"]
    assert spec["podManagementPolicy"] == "Parallel"
    assert spec["updateStrategy"] == {"type": "RollingUpdate"}
    assert objects["PodDisruptionBudget/cube-store-worker"]["spec"]["maxUnavailable"] == 1


@pytest.mark.parametrize(("keeps", "expected"), [(True, "Retain"), (False, "Delete")])
def test_the_routers_volume_outlives_the_stack_where_data_is_protected(*, keeps: bool, expected: str) -> None:
    objects = store(keeps_volumes=keeps)
    assert objects[ROUTER]["spec"]["persistentVolumeClaimRetentionPolicy"]["whenDeleted"] == expected
    # What workers hold is a copy.
    assert objects[WORKER]["spec"]["persistentVolumeClaimRetentionPolicy"]["whenDeleted"] == "Delete"


def test_a_role_is_taken_on_by_the_account_and_renewed_in_time() -> None:
    role = "arn:aws:iam::123456789012:role/cube-store"
    objects = store(storage=ObjectStorage(bucket="tables", region="eu-central-1", role_arn=role))
    account = objects["ServiceAccount/cube-store"]
    assert account["metadata"]["annotations"] == {"eks.amazonaws.com/role-arn": role}
    for workload in (ROUTER, WORKER):
        assert pod_of(objects, workload)["serviceAccountName"] == "cube-store"
        variables = variables_of(container(objects, workload))
        assert int(variables["CUBESTORE_AWS_CREDS_REFRESH_EVERY_MINS"]) < 60
        assert not [name for name in variables if "ACCESS_KEY" in name]


def test_keys_are_references_to_a_secret() -> None:
    storage = ObjectStorage(bucket="tables", region="eu-central-1", sub_path="prod", **KEYS)
    variables = variables_of(container(store(storage=storage), ROUTER))
    assert variables["CUBESTORE_AWS_ACCESS_KEY_ID"] == {"secretKeyRef": {"name": "keys", "key": "id"}}
    assert variables["CUBESTORE_AWS_SECRET_ACCESS_KEY"] == {"secretKeyRef": {"name": "keys", "key": "secret"}}
    assert variables["CUBESTORE_S3_SUB_PATH"] == "prod"


def test_another_store_of_s3s_protocol_is_asked_by_path() -> None:
    storage = ObjectStorage(bucket="tables", endpoint="https://minio.example.com:9000", **KEYS)
    variables = variables_of(container(store(storage=storage), WORKER))
    assert variables["CUBESTORE_MINIO_BUCKET"] == "tables"
    assert variables["CUBESTORE_MINIO_SERVER_ENDPOINT"] == "https://minio.example.com:9000"
    assert set(variables["CUBESTORE_MINIO_SECRET_ACCESS_KEY"]) == {"secretKeyRef"}
    assert not [name for name in variables if name.startswith("CUBESTORE_S3")]


def test_without_a_bucket_there_is_the_router_alone() -> None:
    objects = store(storage=None, workers=0)
    variables = variables_of(container(objects, ROUTER))
    assert variables["CUBESTORE_REMOTE_DIR"].startswith(variables["CUBESTORE_DATA_DIR"])
    assert "CUBESTORE_WORKERS" not in variables
    assert WORKER not in objects


def test_a_bucket_that_is_not_yet_known_previews() -> None:
    def program() -> None:
        loop = asyncio.get_running_loop()
        value, is_known = loop.create_future(), loop.create_future()
        value.set_result(None)
        is_known.set_result(False)
        unknown: pulumi.Output[str] = pulumi.Output(set(), value, is_known)
        CubeStore("cube-store", args(storage=ObjectStorage(bucket=unknown, region="eu-central-1", role_arn=unknown)))

    objects = record(program, preview=True).objects
    assert ROUTER in objects
    assert WORKER in objects


@pytest.mark.parametrize(
    ("storage", "problem"),
    [
        (ObjectStorage(bucket="tables"), "without its region"),
        (ObjectStorage(bucket="tables", endpoint="http://minio:9000"), "without keys"),
        (ObjectStorage(bucket="tables", region="x", access_key=KEYS["access_key"]), "without the other"),
        (ObjectStorage(bucket="tables", region="x", role_arn="arn", **KEYS), "both a role and keys"),
    ],
)
def test_a_bucket_that_can_not_be_used_is_refused(storage: ObjectStorage, problem: str) -> None:
    with pytest.raises(SettingsError, match=problem):
        args(storage=storage)


def test_workers_without_a_bucket_are_refused() -> None:
    with pytest.raises(SettingsError, match="3 workers without a bucket"):
        args(storage=None)


def test_the_artifacts_name_the_bucket_and_the_secrets_with_its_keys(tmp_path: Path) -> None:
    bucket = {
        "enabled": True,
        "s3_bucket": "tables",
        "s3_endpoint": "http://minio.storage.svc:9000",
        "s3_access_key_ref": "minio",
        "s3_secret_key_ref": "minio",
    }
    objects = layer_of(shop({}, tmp_path, cube_store=bucket)).objects
    variables = variables_of(container(objects, WORKER))
    assert variables["CUBESTORE_MINIO_ACCESS_KEY_ID"] == {"secretKeyRef": {"name": "minio", "key": "AWS_ACCESS_KEY_ID"}}
    ports = [rule["ports"][0]["port"] for rule in objects["NetworkPolicy/allow-store-worker"]["spec"]["egress"]]
    assert 9000 in ports
    assert 443 not in ports


def test_a_bucket_that_nobody_named_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"Name one, or set cubeStore\.storage to volume"):
        layer_of(shop({}, tmp_path))


def test_the_router_comes_before_its_workers_and_both_before_cube(tmp_path: Path) -> None:
    bucket = {"s3_bucket": "tables", "s3_region": "eu-central-1"}
    after = layer_of(shop({}, tmp_path, cube_store=bucket)).after
    # What is in a component comes after all that the component comes after: it needs its parent's name.
    assert ROUTER in after["CubeStoreWorkers/cube-store-worker"]
    for component in ("CubeApi/cube-api", "RefreshWorker/cube-refresh-worker"):
        assert {ROUTER, WORKER} <= after[component]
