"""Cube and Cube Store as one: whatever settings ask for, each side's variables are what the other side is.

Cube Store's binary can't be had here. What its nodes do with these variables is in its documentation:
https://cube.dev/docs/product/configuration/reference/environment-variables#cube-store
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floe_cube_infra.errors import SettingsError
from floe_cube_infra.generation import generate
from floe_cube_infra.inputs.settings import from_stack_file
from tests.components.recording import CLONE, Objects, Recorded, layer_of, pod_of, shop, variables_of

ROUTER, WORKER = "StatefulSet/cube-store-router", "StatefulSet/cube-store-worker"
OIDC: Final = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE"
ROLE: Final = "arn:aws:iam::123456789012:role/cube-store"
HTTP_PORT: Final = 3030
"""Of a router that isn't told another one (CUBESTORE_HTTP_PORT)."""

BUCKETS: Final[tuple[dict[str, object], ...]] = (
    {"name": "tables", "region": "eu-central-1", "manage": "create", "oidcProvider": OIDC},
    {"name": "tables", "region": "eu-central-1", "manage": "reference", "role": ROLE, "subPath": "of/cube"},
    {"name": "tables", "region": "cn-north-1", "accessKeySecret": "keys", "secretKeySecret": "keys"},
    {"name": "tables", "region": "eu-central-1", "manage": "reference"},
    {"name": "tables", "endpoint": "https://minio.example.com:9000", "accessKeySecret": "a", "secretKeySecret": "b"},
    {
        "name": "tables",
        "endpoint": "http://minio.storage.svc",
        "region": "x",
        "accessKeySecret": "keys",
        "secretKeySecret": "keys",
    },
)
STORES: Final = st.one_of(
    st.fixed_dictionaries({"workers": st.integers(0, 12)}),
    st.just({"storage": "volume", "workers": 0}),
    st.fixed_dictionaries(
        {"host": st.sampled_from(["store.elsewhere.svc", "10.0.0.7"]), "port": st.integers(1, 65535)}
    ),
    st.just({"enabled": False}),
)


@st.composite
def stacks(draw: st.DrawFn) -> dict[str, Any]:
    """Settings around Cube Store that fit each other."""
    store = draw(STORES)
    is_shared = store.get("enabled", True)
    has_worker = draw(st.booleans())
    organizations = ["acme", "globex"] if draw(st.booleans()) else []
    return {
        "cubeStore": store,
        "bucket": draw(st.sampled_from(BUCKETS)) if is_shared and "host" not in store else {},
        "refreshWorker": {"enabled": has_worker},
        "namespace": draw(st.sampled_from(["cube", "analytics-prod"])),
        "api": {
            "replicas": draw(st.integers(2, 4)) if is_shared and has_worker else 1,
            "sqlApi": "perOrganization" if organizations else "shared",
        },
        "sql": {"organizations": organizations},
    }


def recorded(given_settings: Mapping[str, Any]) -> Recorded:
    with tempfile.TemporaryDirectory() as folder:
        external = given_settings["cubeStore"].get("enabled", True)
        return layer_of(shop(given_settings, Path(folder), external=external))


def environments(objects: Objects, container: str) -> dict[str, dict[str, Any]]:
    """The variables of all containers of a name, by workload."""
    return {
        name: variables_of(each)
        for name in objects
        if name.startswith(("Deployment/", "StatefulSet/"))
        for each in pod_of(objects, name)["containers"]
        if each["name"] == container
    }


def behind(objects: Objects, host: str, port: int) -> list[tuple[str, int]]:
    """The workloads that a Service sends to, with the port of their container."""
    service = objects[f"Service/{host}"]["spec"]
    found = []
    for name in (name for name in objects if name.startswith(("Deployment/", "StatefulSet/"))):
        labels = objects[name]["spec"]["template"]["metadata"]["labels"]
        if not service["selector"].items() <= labels.items():
            continue
        (target,) = [each["targetPort"] for each in service["ports"] if each["port"] == port]
        ports = {each["name"]: each["containerPort"] for each in pod_of(objects, name)["containers"][0]["ports"]}
        found.append((name, ports.get(target, target)))
    return found


def disagreements(stack: Recorded, store: Mapping[str, Any]) -> Iterator[str]:
    """Where Cube's variables and Cube Store's aren't of one stack."""
    objects = stack.objects
    cubes, nodes = environments(objects, "cube"), environments(objects, "cubestore")
    if not store.get("enabled", True):
        yield from (f"{name} is told of a Store" for name, each in cubes.items() if "CUBEJS_CUBESTORE_HOST" in each)
        yield from (f"{name} shares a queue" for name, each in cubes.items() if _queue(each) != "memory")
        yield from (f"{name} is there" for name in nodes)
        return
    addresses = {(each.get("CUBEJS_CUBESTORE_HOST"), each.get("CUBEJS_CUBESTORE_PORT")) for each in cubes.values()}
    yield from (f"{name} keeps its queue to itself" for name, each in cubes.items() if _queue(each) is not None)
    if len(addresses) != 1:
        yield f"Cube's pods ask different Stores: {addresses}"
    host, port = next(iter(addresses))
    if "host" in store:
        if (host, port) != (store["host"], str(store["port"])) or nodes:
            yield f"Cube asks {host}:{port}, beside {sorted(nodes)}"
        return
    if behind(objects, str(host), int(str(port))) != [(ROUTER, HTTP_PORT)] or "CUBESTORE_HTTP_PORT" in nodes[ROUTER]:
        yield f"{host}:{port} isn't the router's"
    yield from _of_nodes(objects, nodes)
    yield from _of_the_bucket(stack, nodes)


def _queue(variables: Mapping[str, Any]) -> object:
    return variables.get("CUBEJS_CACHE_AND_QUEUE_DRIVER")


def _of_nodes(objects: Objects, nodes: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Router and workers find each other by names that their StatefulSets and Services make."""
    router = nodes[ROUTER]
    service = objects[ROUTER]["spec"]["serviceName"]
    name, port = str(router["CUBESTORE_SERVER_NAME"]).split(":")
    if name != f"cube-store-router-0.{service}" or port != router["CUBESTORE_META_PORT"]:
        yield f"the router calls itself {name}:{port}"
    if behind(objects, service, int(port)) != [(ROUTER, int(port))]:
        yield f"nobody reaches the router at {port}"
    count = objects[WORKER]["spec"]["replicas"] if WORKER in objects else 0
    listed = [each for each in router.get("CUBESTORE_WORKERS", "").split(",") if each]
    if len(listed) != count or (WORKER in nodes) != (count > 0):
        yield f"{len(listed)} workers are listed, of {count}"
    if WORKER not in nodes:
        return
    worker = nodes[WORKER]
    if worker["CUBESTORE_META_ADDR"] != router["CUBESTORE_SERVER_NAME"]:
        yield f"workers ask {worker['CUBESTORE_META_ADDR']} for the router"
    own = [worker["CUBESTORE_SERVER_NAME"].replace("$(POD_NAME)", f"cube-store-worker-{n}") for n in range(count)]
    if own != listed or worker["CUBESTORE_WORKERS"] != router["CUBESTORE_WORKERS"]:
        yield f"workers call themselves {own}, and are listed as {listed}"
    port = worker["CUBESTORE_WORKER_PORT"]
    if {each.rpartition(":")[2] for each in listed} != {port}:
        yield f"workers listen at {port}"
    if behind(objects, objects[WORKER]["spec"]["serviceName"], int(port)) != [(WORKER, int(port))]:
        yield f"nobody reaches workers at {port}"


def _of_the_bucket(stack: Recorded, nodes: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """All nodes use one bucket, with one right, and the variables are whole."""
    prefixes = ("CUBESTORE_S3_", "CUBESTORE_MINIO_", "CUBESTORE_AWS_", "CUBESTORE_REMOTE_DIR")
    kept = [{name: each[name] for name in each if name.startswith(prefixes)} for each in nodes.values()]
    if any(each != kept[0] for each in kept):
        yield f"nodes keep tables in different places: {kept}"
    found = kept[0]
    if "CUBESTORE_REMOTE_DIR" in found:
        if len(found) > 1 or WORKER in nodes:
            yield f"a volume, and more: {found}"
        return
    is_s3, keys = "CUBESTORE_S3_BUCKET" in found, {name for name in found if "_KEY" in name}
    if is_s3 == ("CUBESTORE_MINIO_BUCKET" in found) or is_s3 == ("CUBESTORE_MINIO_SERVER_ENDPOINT" in found):
        yield f"no bucket, or two: {found}"
    if is_s3 and "CUBESTORE_S3_REGION" not in found:
        yield "a bucket of Amazon S3 without its region"
    if len(keys) not in (0, 2) or any("secretKeyRef" not in found[name] for name in keys):
        yield f"keys that aren't two references: {keys}"
    roles = {_role(stack.objects, name) for name in nodes}
    if len(roles) != 1 or (bool(keys) and roles != {None}) or (not is_s3 and not keys):
        yield f"the right is given twice, or not at all: {keys} {roles}"
    minutes = found.get("CUBESTORE_AWS_CREDS_REFRESH_EVERY_MINS")
    if (roles != {None}) != (minutes is not None) or int(minutes or 0) >= 60:
        yield f"a role's session lasts an hour, and is renewed each {minutes} minutes"
    for policy in stack.role_policies:
        arns = [each["Resource"] for each in json.loads(policy)["Statement"]]
        if not any(arn == f"arn:aws:s3:::{found['CUBESTORE_S3_BUCKET']}" for arn in arns):
            yield f"the role reaches {arns}"


def _role(objects: Objects, workload: str) -> str | None:
    account = objects[f"ServiceAccount/{pod_of(objects, workload)['serviceAccountName']}"]
    role: str | None = account["metadata"].get("annotations", {}).get("eks.amazonaws.com/role-arn")
    return role


@settings(max_examples=12, deadline=None)
@given(stacks())
def test_cube_and_cube_store_are_of_one_stack(given_settings: dict[str, Any]) -> None:
    assert list(disagreements(recorded(given_settings), given_settings["cubeStore"])) == []


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_the_sample_stacks_are_whole(environment: str) -> None:
    stack = from_stack_file(CLONE / "stacks" / f"Pulumi.{environment}.yaml")
    store = stack.cube_store.model_dump(by_alias=True, exclude_none=True)
    found = layer_of(stack)
    assert environments(found.objects, "cubestore")
    assert list(disagreements(found, store)) == []


def test_one_rollup_alone_needs_the_store(tmp_path: Path) -> None:
    without = {"cubeStore": {"enabled": False}, "api": {"replicas": 1}}
    stack = shop(without, tmp_path, external=False)
    manifest = json.loads(Path(str(stack.manifest)).read_text())
    node = manifest["nodes"]["model.shop.orders"]
    for meta in (node["meta"], node["config"]["meta"]):
        meta["cube"]["pre_aggregations"][0]["external"] = True
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    assert generate(stack, tmp_path) is not None
    with pytest.raises(SettingsError) as refused:
        generate(stack.model_copy(update={"manifest": str(tmp_path / "manifest.json")}), tmp_path)
    assert "model.shop.orders: the pre-aggregation revenue_by_day of the cube orders has external: true" in str(
        refused.value
    )
    assert "cubeStore.enabled is false" in str(refused.value)
