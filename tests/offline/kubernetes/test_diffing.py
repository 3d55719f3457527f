from __future__ import annotations

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from floe_cube_infra.offline.wire import UNKNOWN, decode, encode
from tests.offline.conftest import urn_of
from tests.offline.objects import AUTONAMED, changed, kinds_of


def test_equal_inputs_have_no_diff(provider, deployment):
    response = provider.diff(deployment, deployment)
    assert response.changes == provider_pb2.DiffResponse.DIFF_NONE
    assert response.hasDetailedDiff


def test_a_change_is_told_with_its_path_and_kind(provider, deployment):
    news = changed(deployment, ("metadata", "annotations"), {"a.b/c": "d"})
    news = changed(news, ("spec", "template", "spec", "containers", 0, "image"), "nginx:2")
    news["spec"].pop("replicas")
    response = provider.diff(deployment, news)
    assert kinds_of(response) == {
        "metadata.annotations": "ADD",
        "spec.replicas": "DELETE",
        "spec.template.spec.containers[0].image": "UPDATE",
    }
    assert list(response.diffs) == ["metadata", "spec"]
    assert list(response.replaces) == []
    assert not response.deleteBeforeReplace


@pytest.mark.parametrize(
    ("api_version", "kind", "path", "replaces"),
    [
        ("v1", "ConfigMap", ("data", "a"), True),
        ("v1", "ConfigMap", ("binaryData", "a"), True),
        ("v1", "ConfigMap", ("immutable",), False),
        ("v1", "Secret", ("stringData", "a"), True),
        ("v1", "Secret", ("type",), True),
        ("v1", "Service", ("spec", "clusterIP"), True),
        ("v1", "Service", ("spec", "ports"), False),
        ("v1", "PersistentVolumeClaim", ("spec", "storageClassName"), True),
        ("v1", "PersistentVolumeClaim", ("spec", "resources"), False),
        ("v1", "PersistentVolume", ("spec", "hostPath"), True),
        ("v1", "Pod", ("spec", "containers"), True),
        ("apps/v1", "Deployment", ("spec", "selector", "matchLabels", "a"), True),
        ("apps/v1", "Deployment", ("spec", "template"), False),
        ("apps/v1", "DaemonSet", ("spec", "selector"), True),
        ("apps/v1", "StatefulSet", ("spec", "serviceName"), True),
        ("apps/v1", "StatefulSet", ("spec", "volumeClaimTemplates"), True),
        ("apps/v1", "StatefulSet", ("spec", "replicas"), False),
        ("batch/v1", "Job", ("spec", "template", "spec"), True),
        ("batch/v1", "Job", ("spec", "suspend"), False),
        ("batch/v1", "CronJob", ("spec", "jobTemplate"), False),
        ("rbac.authorization.k8s.io/v1", "RoleBinding", ("roleRef", "name"), True),
        ("rbac.authorization.k8s.io/v1", "RoleBinding", ("subjects",), False),
        ("storage.k8s.io/v1", "StorageClass", ("provisioner",), True),
        ("a.b/v1", "Deployment", ("spec", "selector"), False),
        ("a.b/v1", "Anything", ("metadata", "name"), True),
        ("a.b/v1", "Anything", ("metadata", "namespace"), True),
        ("a.b/v1", "Anything", ("metadata", "labels"), False),
    ],
)
def test_what_kubernetes_cant_change_is_a_replacement(provider, api_version, kind, path, replaces):
    base = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "a", "namespace": "n"}}
    old, new = changed(base, path, "old"), changed(base, path, "new")
    response = provider.diff(old, new)
    told = ".".join(path)
    assert kinds_of(response) == {told: "UPDATE_REPLACE" if replaces else "UPDATE"}
    assert list(response.replaces) == ([told] if replaces else [])


def test_adding_or_removing_what_holds_a_fixed_field_is_a_replacement(provider, config_map):
    bare = {key: value for key, value in config_map.items() if key != "data"}
    assert kinds_of(provider.diff(bare, config_map)) == {"data": "ADD_REPLACE"}
    assert kinds_of(provider.diff(config_map, bare)) == {"data": "DELETE_REPLACE"}
    claim = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "a"}}
    with_class = claim | {"spec": {"storageClassName": "fast"}}
    assert kinds_of(provider.diff(claim, with_class)) == {"spec": "ADD_REPLACE"}
    assert kinds_of(provider.diff(claim, claim | {"spec": {"resources": {}}})) == {"spec": "ADD"}


def test_config_maps_and_secrets_can_be_updated_in_place_if_the_provider_says_so(provider, config_map, secret):
    provider.configure(enableConfigMapMutable="true", enableSecretMutable="true")
    assert kinds_of(provider.diff(config_map, changed(config_map, ("data", "a"), "x"))) == {"data.a": "ADD"}
    assert kinds_of(provider.diff(secret, changed(secret, ("data", "key"), "x"))) == {"data.key": "UPDATE"}
    frozen = config_map | {"immutable": True}
    assert kinds_of(provider.diff(frozen, changed(frozen, ("data", "a"), "x"))) == {"data.a": "ADD_REPLACE"}
    assert kinds_of(provider.diff(frozen, config_map)) == {"immutable": "DELETE_REPLACE"}


def test_a_newer_version_of_a_kind_is_an_update_and_another_group_a_replacement(provider, deployment):
    for before, after, kind in [
        ("apps/v1beta2", "apps/v1", "UPDATE"),
        ("extensions/v1beta1", "apps/v1", "UPDATE"),
        ("a.b/v1", "apps/v1", "UPDATE_REPLACE"),
    ]:
        response = provider.diff(deployment | {"apiVersion": before}, deployment | {"apiVersion": after})
        assert kinds_of(response) == {"apiVersion": kind}


def test_an_object_with_a_name_of_the_users_is_deleted_before_its_replacement(provider, config_map):
    assert provider.diff(config_map, changed(config_map, ("data", "a"), "x")).deleteBeforeReplace


def test_an_automatic_or_new_name_lets_the_replacement_come_first(provider, config_map):
    named = changed(config_map, ("metadata", "annotations"), {AUTONAMED: "true"})
    assert not provider.diff(named, changed(named, ("data", "a"), "x")).deleteBeforeReplace
    assert not provider.diff(config_map, changed(config_map, ("metadata", "name"), "b")).deleteBeforeReplace
    moved = changed(config_map, ("metadata", "namespace"), "other")
    assert not provider.diff(config_map, moved).deleteBeforeReplace


@pytest.mark.parametrize(
    ("ignored", "left"),
    [
        (["spec.replicas"], {"spec.template.spec.containers[0].image"}),
        (["spec.template.spec.containers[*].image"], {"spec.replicas"}),
        (["spec"], set()),
        (["*"], set()),
    ],
)
def test_ignored_changes_dont_count(provider, deployment, ignored, left):
    news = changed(deployment, ("spec", "replicas"), 7)
    news = changed(news, ("spec", "template", "spec", "containers", 0, "image"), "nginx:2")
    response = provider.diff(deployment, news, ignored)
    assert set(response.detailedDiff) == left
    assert (response.changes == provider_pb2.DiffResponse.DIFF_SOME) is bool(left)


def test_an_ignored_path_that_cant_be_read_is_told(provider, deployment):
    with pytest.raises(grpc.RpcError, match="ignoreChanges: 'spec\\[' isn't a property path"):
        provider.diff(deployment, deployment, ["spec["])


def test_a_value_that_isnt_known_yet_is_a_change_of_its_own_path(provider, deployment):
    volume = changed(deployment, ("spec", "template", "spec", "volumes", 0, "name"), UNKNOWN)
    assert kinds_of(provider.diff(deployment, volume)) == {"spec.template.spec.volumes[0].name": "UPDATE"}
    assert kinds_of(provider.diff(deployment, deployment | {"metadata": UNKNOWN})) == {"metadata": "UPDATE"}
    assert kinds_of(provider.diff(deployment, changed(deployment, ("spec", "selector"), UNKNOWN))) == {
        "spec.selector": "UPDATE_REPLACE"
    }


def test_with_always_render_every_object_is_updated(provider, config_map):
    provider.configure(alwaysRender="true")
    assert provider.diff(config_map, config_map).changes == provider_pb2.DiffResponse.DIFF_SOME


def test_an_engine_that_sends_no_inputs_of_before_is_understood(provider, config_map):
    state = decode(provider.create(config_map).properties)
    request = provider_pb2.DiffRequest(urn=urn_of("thing"), olds=encode(state), news=encode(config_map))
    assert provider.stub.Diff(request).changes == provider_pb2.DiffResponse.DIFF_NONE
