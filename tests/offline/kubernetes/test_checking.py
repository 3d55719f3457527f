from __future__ import annotations

import grpc
import pytest

from floe_cube_infra.offline.wire import UNKNOWN, Secret
from tests.offline.conftest import urn_of

OFFICIAL_ONLY = "needs the official plugin"


def test_every_problem_is_told_at_once_with_its_path(provider, deployment):
    deployment["metadata"]["name"] = "Bad"
    deployment["spec"]["replicas"] = -1
    deployment["spec"]["template"]["spec"]["containers"][0]["env"] = [{"name": "A", "value": Secret("x")}]
    _, failures = provider.check(deployment)
    assert [failure.partition(": ")[0] for failure in failures] == [
        "metadata.name",
        "spec.replicas",
        "spec.template.spec.containers[0].env[0].value",
    ]


def test_a_secret_value_outside_of_a_secret_is_refused_with_the_way_out(provider, config_map):
    config_map["data"]["a"] = Secret("hunter2")
    _, failures = provider.check(config_map)
    assert failures[0].startswith("data.a: holds a secret value")
    assert "valueFrom.secretKeyRef" in failures[0]
    assert "hunter2" not in str(failures)


def test_two_resources_cant_share_a_file_and_the_error_names_both(provider, config_map):
    assert provider.check(config_map, name="one")[1] == []
    _, failures = provider.check(config_map, name="two")
    assert urn_of("one") in failures[0]
    assert urn_of("two") in failures[0]


def test_a_file_is_free_again_once_its_resource_moved_to_another(provider, config_map):
    provider.check(config_map, name="one")
    provider.check(config_map | {"metadata": {"name": "other", "namespace": "shop"}}, name="one")
    assert provider.check(config_map, name="two")[1] == []


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("kubernetes:core/v1:ConfigMapPatch", "lives in a cluster"),
        ("kubernetes:core/v1:ConfigMapList", "Use the underlying resource type instead"),
        ("kubernetes:helm.sh/v3:Release", OFFICIAL_ONLY),
    ],
)
def test_what_isnt_one_object_is_refused(provider, config_map, token, reason):
    _, failures = provider.check(config_map, token=token)
    assert reason in failures[0]


def test_a_custom_kind_may_be_called_a_patch_or_a_list(provider):
    for kind in ("SpecialPatch", "PriceList"):
        inputs = {"apiVersion": "yaml.b/v1", "kind": kind, "metadata": {"name": kind.lower()}}
        assert provider.check(inputs)[1] == []


def test_an_asset_is_refused_with_its_path(provider, config_map):
    asset = {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "text": "x"}
    with pytest.raises(grpc.RpcError, match=r"data\.a is an asset"):
        provider.check(config_map | {"data": {"a": asset}})


def test_without_server_side_apply_objects_are_labelled_as_the_official_provider_does(provider, config_map):
    provider.configure(enableServerSideApply="false")
    label = {"app.kubernetes.io/managed-by": "pulumi"}
    inputs, _ = provider.check(config_map)
    assert inputs["metadata"]["labels"] == label
    assert provider.check(config_map, inputs)[0]["metadata"]["labels"] == label
    assert "labels" not in provider.check(config_map, config_map)[0]["metadata"]
    assert provider.check(config_map | {"metadata": UNKNOWN})[0]["metadata"] is UNKNOWN
