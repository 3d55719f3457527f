from __future__ import annotations

import base64

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from floe_cube_infra.offline.wire import UNKNOWN, Secret, decode, encode, plain
from tests.offline.conftest import urn_of
from tests.offline.objects import changed

PATH = "/api/v1/namespaces/shop/configmaps/settings"
FORBIDDEN = {
    "kind": "Status",
    "reason": "Forbidden",
    "message": 'configmaps "settings" is forbidden: User "u" cannot patch resource "configmaps"',
}


def conflict(manager):
    cause = {"reason": "FieldManagerConflict", "message": f'conflict with "{manager}"', "field": ".data.a"}
    return 409, {"kind": "Status", "reason": "Conflict", "message": "conflict", "details": {"causes": [cause]}}


def test_the_user_is_told_which_cluster_objects_go_to(applying, api):
    assert f"applies to the cluster of the context 'here', {api.url}" in applying.engine.messages[0]


def test_an_object_is_applied_strictly_and_under_a_name_of_its_resource(applying, api, config_map):
    response = applying.create(config_map)
    state = decode(response.properties)
    assert response.id == "shop/settings"
    assert state["__fieldManager"].startswith("pulumi-kubernetes-")
    assert api.objects[PATH]["data"] == config_map["data"]
    (asked,) = (target for method, target, _ in api.requests if method == "PATCH")
    assert "fieldValidation=Strict" in asked
    assert f"fieldManager={state['__fieldManager']}" in asked
    assert "force=false" in asked
    assert applying.read(state, config_map)[1] == config_map


def test_a_preview_asks_the_server_and_keeps_nothing(applying, api, config_map):
    applying.create(config_map, preview=True)
    assert api.objects == {}
    assert any("dryRun=All" in target for _, target, _ in api.requests)
    asked = len(api.requests)
    applying.create(changed(config_map, ["data", "a.json"], UNKNOWN), preview=True)
    assert len(api.requests) == asked, "what isn't known yet can't be tried"


def test_a_preview_goes_on_without_the_namespace_the_kind_and_the_server(applying, api, config_map):
    api.failures = [
        (404, {"kind": "Status", "reason": "NotFound", "details": {"kind": "configmaps"}}),
        (404, {"kind": "Status", "reason": "NotFound", "details": {"kind": "namespaces", "name": "shop"}}),
    ]
    applying.create(config_map, preview=True)
    applying.create(config_map | {"apiVersion": "example.com/v1", "kind": "Widget"}, preview=True)


def test_a_refusal_in_a_preview_is_told(applying, api, config_map):
    state = decode(applying.create(config_map).properties)
    api.failures = [(403, FORBIDDEN)]
    with pytest.raises(grpc.RpcError, match=r"context 'here' may not do that with ConfigMap shop/settings"):
        applying.update(state, config_map, preview=True)


def test_an_object_that_is_there_already_belongs_to_somebody(applying, api, config_map):
    api.objects[PATH] = config_map | {"metadata": {**config_map["metadata"], "managedFields": [{"manager": "k"}]}}
    for preview in (True, False):
        with pytest.raises(grpc.RpcError, match="isn't this resource's"):
            applying.create(config_map, preview=preview)


def test_a_replacement_is_tried_under_another_name(applying, api, config_map):
    applying.create(config_map)
    applying.create(config_map, preview=True)
    assert any("settings-preview" in target and "dryRun" in target for _, target, _ in api.requests)


def test_fields_that_another_pulumi_set_are_taken_over_and_others_not(applying, api, config_map):
    state = decode(applying.create(config_map).properties)
    api.failures = [conflict("pulumi-kubernetes-0000")]
    applying.update(state, config_map)
    assert "force=true" in api.requests[-2][1]
    api.failures = [conflict("kubectl-edit")]
    with pytest.raises(grpc.RpcError, match=r"fields that kubectl-edit set since: \.data\.a"):
        applying.update(state, config_map)


def test_a_namespace_that_comes_with_the_same_update_is_waited_for(applying, api, config_map):
    missing = {"kind": "Status", "reason": "NotFound", "details": {"kind": "namespaces", "name": "shop"}}
    api.failures = [(404, {"kind": "Status", "details": {"kind": "configmaps"}}), (404, missing)]
    applying.create(config_map)
    assert PATH in api.objects


def test_a_secret_is_sent_as_data_and_its_state_is_secret(applying, api, secret):
    state = decode(applying.create(secret).properties)
    sent = api.objects["/api/v1/namespaces/shop/secrets/creds"]
    assert "stringData" not in sent
    assert base64.b64decode(sent["data"]["password"]) == b"hunter2-very-secret"
    assert isinstance(state["data"], Secret)
    assert plain(applying.read(state, secret)[1]) == secret


def test_a_refusal_that_quotes_a_secret_is_told_without_it(applying, api, secret):
    quoted = "data: hunter2-very-secret and aHVudGVyMi1rZXk= aren't right"
    api.failures = [(404, {"kind": "Status", "details": {"kind": "secrets"}}), (422, {"message": quoted})]
    with pytest.raises(grpc.RpcError, match=r"data: \[secret\] and \[secret\] aren't right") as refused:
        applying.create(secret)
    assert "hunter2" not in refused.value.details()


def test_secrets_outside_of_a_secret_are_refused(applying, config_map):
    _, failures = applying.check(changed(config_map, ["data", "a.json"], Secret("hunter2")))
    assert len(failures) == 1
    assert "anyone who may read the object would see" in failures[0]


def test_a_warning_of_the_server_is_shown(applying, api, config_map):
    api.warning = "v1 is old"
    applying.create(config_map)
    assert "The API server warns: v1 is old" in applying.engine.messages


def test_what_isnt_ready_is_kept_and_told(applying, api, deployment):
    request = provider_pb2.CreateRequest(urn=urn_of("web"), properties=encode(deployment), timeout=0.1)
    with pytest.raises(grpc.RpcError, match="Deployment shop/web was applied, but it isn't ready"):
        applying.stub.Create(request)
    assert "/apis/apps/v1/namespaces/shop/deployments/web" in api.objects


def test_a_kind_that_isnt_there_is_told(applying, config_map, monkeypatch):
    monkeypatch.setattr("floe_cube_infra.offline.kubernetes.cluster.target._PAUSES_FOR_WHAT_COMES", (0.01,))
    with pytest.raises(grpc.RpcError, match=r"doesn't know the kind of Widget shop/settings \(example.com/v1\)"):
        applying.create(config_map | {"apiVersion": "example.com/v1", "kind": "Widget"})


def test_an_object_is_deleted_once_and_only_if_it_is_ours(applying, api, config_map):
    state = decode(applying.create(config_map).properties)
    api.failures = [(409, {"kind": "Status", "reason": "Conflict", "message": "uid"})]
    applying.delete(state)
    assert PATH in api.objects
    applying.delete(state)
    assert api.objects == {}
    applying.delete(state)


def test_what_keeps_an_object_from_going_is_told(applying, api, config_map):
    state = decode(applying.create(config_map).properties)
    kept = changed(config_map, ["metadata", "finalizers"], ["example.com/not-yet"])
    kept["metadata"]["uid"] = state["metadata"]["uid"]
    api.objects[PATH] = kept
    api.failures = [(200, kept)]
    request = provider_pb2.DeleteRequest(urn=urn_of("thing"), properties=encode(state), timeout=0.05)
    with pytest.raises(grpc.RpcError, match=r"still there after 0 s; finalizers: example\.com/not-yet"):
        applying.stub.Delete(request)


def test_an_object_is_imported_without_what_only_a_cluster_writes(applying, api, config_map):
    metadata = {**config_map["metadata"], "uid": "u", "resourceVersion": "7", "managedFields": []}
    api.objects[PATH] = config_map | {"metadata": metadata, "status": {}}
    assert applying.read({}, {}, identifier="shop/settings")[1] == config_map


def test_a_server_that_cant_be_reached_is_a_sentence(applying, api, config_map, monkeypatch):
    monkeypatch.setattr("floe_cube_infra.offline.kubernetes.cluster.api_server._SECONDS_TO_ASK_AGAIN", 0.0)
    applying.create(config_map)
    api.failures = [(503, {"message": "shutting down"})]
    with pytest.raises(grpc.RpcError, match=r"refused ConfigMap shop/settings \(503 Service Unavailable\)"):
        applying.create(config_map)


def test_a_busy_server_is_asked_again(applying, api, config_map, monkeypatch):
    monkeypatch.setattr("floe_cube_infra.offline.kubernetes.cluster.api_server._PAUSES", (0.01,))
    api.failures = [(503, {"message": "shutting down"}), (429, {"message": "slowly"})]
    applying.create(config_map)
    assert PATH in api.objects


def test_no_server_at_all_stops_an_update_and_not_a_preview(unconfigured, kubeconfig, config_map, monkeypatch):
    monkeypatch.setattr("floe_cube_infra.offline.kubernetes.cluster.api_server._SECONDS_TO_ASK_AGAIN", 0.0)
    client = unconfigured
    client.configure(renderYamlToDirectory="", kubeconfig=kubeconfig(server="http://127.0.0.1:1"))
    client.create(config_map, preview=True)
    assert "This preview goes on without asking it." in client.engine.messages[-1]
    with pytest.raises(grpc.RpcError, match=r"can't be reached \(.*refused\)\. Check the kubeconfig"):
        client.create(config_map)
