"""The provider, asked as the engine asks it, over a real control plane: applying, reading back, deleting."""

from __future__ import annotations

import base64
import copy
from collections.abc import Callable

import grpc
import pytest

from floe_cube_infra.offline.wire import UNKNOWN, Secret, plain
from tests.offline.conftest import Client
from tests.real.cluster.control_plane import ControlPlane
from tests.real.cluster.objects import config_map, definition, deployment, secret, widget
from tests.real.cluster.requests import create, delete, update

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("cluster")]

PASSWORD = "hunter2-on-a-cluster"


def test_an_object_is_created_read_back_changed_and_deleted(
    provider: Client, control_plane: ControlPlane, namespace: str
) -> None:
    inputs = config_map(namespace, a="1", b="2")
    path = control_plane.path_of(inputs)

    create(provider, inputs, preview=True)
    assert control_plane.find(path) is None, "a preview keeps nothing"

    state = create(provider, inputs)
    assert state["metadata"]["uid"]
    assert "managedFields" not in state["metadata"]
    identifier, read, _ = provider.read(state, inputs, identifier=f"{namespace}/settings")
    assert (identifier, read) == (f"{namespace}/settings", inputs), "an untouched object is no drift"

    state = update(provider, state, config_map(namespace, a="1", c="3"))
    assert control_plane.get(path)["data"] == {"a": "1", "c": "3"}, "what left the program left the cluster"

    delete(provider, state)
    assert control_plane.find(path) is None
    assert provider.read(state, inputs) == ("", {}, {})
    delete(provider, state)


def test_what_was_changed_behind_pulumis_back_is_found_and_what_the_server_adds_is_not(
    provider: Client, control_plane: ControlPlane, namespace: str
) -> None:
    inputs = deployment(namespace, cpu="1000m", memory="1024Mi")
    state = create(provider, inputs)
    assert provider.read(state, inputs)[1] == inputs, "1000m is the server's 1"

    changed = {"spec": {"replicas": 3, "template": {"spec": {"containers": [{"name": "web", "image": "web:2"}]}}}}
    path = control_plane.path_of(inputs)
    control_plane.request(
        "PATCH", f"{path}?fieldManager=by-hand", changed, content_type="application/strategic-merge-patch+json"
    )
    read = provider.read(state, inputs)[1]
    expected = copy.deepcopy(inputs)
    expected["spec"]["replicas"] = 3
    expected["spec"]["template"]["spec"]["containers"][0]["image"] = "web:2"
    assert read == expected


@pytest.mark.parametrize("preview", [True, False])
def test_a_field_that_the_schema_lacks_is_refused_by_its_name(provider: Client, namespace: str, preview: bool) -> None:
    inputs = deployment(namespace)
    inputs["spec"]["template"]["spec"]["containers"][0]["imagePullPolice"] = "Always"
    with pytest.raises(grpc.RpcError, match=r"Deployment .*doesn't fit the API server's schema: .*imagePullPolice"):
        create(provider, inputs, preview=preview)


def test_every_rule_that_an_object_breaks_is_told(provider: Client, namespace: str) -> None:
    inputs = deployment(namespace)
    inputs["spec"]["template"]["spec"]["containers"][0]["name"] = "Not A Name"
    inputs["spec"]["template"]["spec"]["restartPolicy"] = "Never"
    with pytest.raises(grpc.RpcError) as refused:
        create(provider, inputs, preview=True)
    assert "spec.template.spec.containers[0].name" in refused.value.details()
    assert "spec.template.spec.restartPolicy" in refused.value.details()


def test_secret_values_reach_the_cluster_and_stay_hidden_everywhere_else(
    provider: Client, control_plane: ControlPlane, namespace: str
) -> None:
    inputs = secret(namespace, password=PASSWORD, user="cube")
    state = create(provider, inputs)
    path = control_plane.path_of(inputs)
    assert base64.b64decode(control_plane.get(path)["data"]["password"]).decode() == PASSWORD
    assert isinstance(state["data"], Secret)
    assert isinstance(state["__inputs"]["stringData"], Secret)
    assert PASSWORD not in repr(state)
    assert plain(provider.read(state, inputs)[1]) == inputs

    by_hand = {"data": {"user": base64.b64encode(b"other").decode()}}
    control_plane.request("PATCH", path, by_hand, content_type="application/merge-patch+json")
    read = provider.read(state, inputs)[1]
    assert isinstance(read["stringData"], Secret)
    assert plain(read["stringData"]) == {"password": PASSWORD, "user": "other"}

    update(provider, state, {key: value for key, value in inputs.items() if key != "stringData"})
    assert "password" not in control_plane.get(path)["data"], "what left the program left the cluster"


def test_an_error_never_quotes_a_secret(provider: Client, namespace: str) -> None:
    inputs = {key: value for key, value in secret(namespace).items() if key != "stringData"}
    inputs["data"] = {f"not a key {PASSWORD}"[:9]: base64.b64encode(b"x").decode(), "password": PASSWORD}
    with pytest.raises(grpc.RpcError) as refused:
        create(provider, inputs)
    assert "Secret" in refused.value.details()
    assert PASSWORD not in refused.value.details()


def test_what_isnt_known_yet_is_left_to_the_update(provider: Client, namespace: str) -> None:
    inputs = config_map(namespace)
    inputs["data"] = {"a": UNKNOWN}
    create(provider, inputs, preview=True)
    create(provider, config_map("comes-with-the-same-update", a="1"), preview=True)
    create(provider, widget(1) | {"apiVersion": "comes-too.example.com/v1"}, preview=True)


def test_an_object_of_somebody_else_is_not_taken_over(
    provider: Client, provider_of: Callable[..., Client], control_plane: ControlPlane, namespace: str
) -> None:
    inputs = config_map(namespace, a="1")
    control_plane.apply(config_map(namespace, a="0"))
    for preview in (True, False):
        with pytest.raises(grpc.RpcError, match="is in the cluster already and isn't this resource's"):
            create(provider, inputs, preview=preview)
    taking = provider_of(upsertExistingObjects="true", enablePatchForce="true")
    create(taking, inputs)
    assert control_plane.get(control_plane.path_of(inputs))["data"] == {"a": "1"}


def test_a_creation_that_nobody_heard_the_end_of_is_taken_up_again(provider: Client, namespace: str) -> None:
    inputs = config_map(namespace, a="1")
    first = create(provider, inputs)
    second = create(provider, inputs)
    assert first["metadata"]["uid"] == second["metadata"]["uid"]


def test_a_field_that_somebody_else_set_is_taken_back_only_if_asked(
    provider: Client, control_plane: ControlPlane, namespace: str
) -> None:
    inputs = config_map(namespace, a="1")
    state = create(provider, inputs)
    control_plane.apply(config_map(namespace, a="2"), manager="kubectl-edit")
    changed = config_map(namespace, a="3")
    with pytest.raises(grpc.RpcError, match=r"fields that kubectl-edit set since: \.data\.a.*patchForce"):
        update(provider, state, changed)
    changed["metadata"]["annotations"] = {"pulumi.com/patchForce": "true"}
    assert update(provider, state, changed)["data"] == {"a": "3"}


def test_replicas_of_an_autoscaler_are_let_be(provider: Client, control_plane: ControlPlane, namespace: str) -> None:
    inputs = deployment(namespace, replicas=1)
    del inputs["spec"]["replicas"]
    state = create(provider, inputs)
    path = control_plane.path_of(inputs)
    scaled = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": inputs["metadata"], "spec": {"replicas": 3}}
    control_plane.apply(scaled, manager="autoscaler")
    assert provider.read(state, inputs)[1] == inputs
    with_replicas = deployment(namespace, image="web:2", replicas=1)
    update(provider, state, with_replicas, ignoreChanges=["spec.replicas"])
    live = control_plane.get(path)
    assert live["spec"]["replicas"] == 3
    assert live["spec"]["template"]["spec"]["containers"][0]["image"] == "web:2"


def test_who_may_not_is_told_what_and_as_whom(
    provider_of: Callable[..., Client], control_plane: ControlPlane, namespace: str
) -> None:
    nobody = provider_of("nobody")
    with pytest.raises(grpc.RpcError) as refused:
        create(nobody, config_map(namespace, a="1"))
    told = refused.value.details()
    assert "The context 'test' may not do that with ConfigMap" in told
    assert 'User "nobody" cannot' in told
    assert "Role and RoleBinding" in told
    assert "Traceback" not in told


def test_a_wrong_token_is_a_sentence(
    provider_of: Callable[..., Client], control_plane: ControlPlane, namespace: str
) -> None:
    kubeconfig = control_plane.kubeconfig("admin").read_text().replace(control_plane.tokens["admin"], "wrong")
    with pytest.raises(grpc.RpcError, match=r"doesn't know the user of the context 'test' \(401\)"):
        create(provider_of(kubeconfig=kubeconfig), config_map(namespace, a="1"))


def test_a_client_certificate_speaks_for_its_owner(
    provider_of: Callable[..., Client], control_plane: ControlPlane, namespace: str
) -> None:
    made = control_plane.certificates
    by_token = f"token: {control_plane.tokens['admin']}"
    by_certificate = f"client-certificate: {made.client}\n    client-key: {made.client_key}"
    kubeconfig = control_plane.kubeconfig("admin").read_text().replace(by_token, by_certificate)
    with pytest.raises(grpc.RpcError, match='User "certified" cannot'):
        create(provider_of(kubeconfig=kubeconfig), config_map(namespace, a="1"))


def test_an_exec_plugin_tells_the_token(
    provider_of: Callable[..., Client], control_plane: ControlPlane, namespace: str
) -> None:
    by_token = f"token: {control_plane.tokens['admin']}"
    status = f'{{"status": {{"token": "{control_plane.tokens["admin"]}"}}}}'
    by_plugin = f"exec: {{command: /bin/echo, args: ['{status}']}}"
    kubeconfig = control_plane.kubeconfig("admin").read_text().replace(by_token, by_plugin)
    create(provider_of(kubeconfig=kubeconfig), config_map(namespace, a="1"))


def test_a_custom_object_may_follow_its_definition_at_once(provider: Client, control_plane: ControlPlane) -> None:
    defined = create(provider, definition())
    state = create(provider, widget(1))
    assert provider.read(state, widget(1))[1] == widget(1)
    with pytest.raises(grpc.RpcError, match=r"spec\.size"):
        update(provider, state, widget("large"))
    delete(provider, state)
    delete(provider, defined)
    with pytest.raises(grpc.RpcError, match=r"doesn't know the kind of Widget w \(example.com/v1\)"):
        create(provider, widget(1))


def test_an_object_that_exists_can_be_imported(provider: Client, control_plane: ControlPlane, namespace: str) -> None:
    control_plane.apply(config_map(namespace, a="1"))
    inputs = provider.read({}, {}, identifier=f"{namespace}/settings")[1]
    assert inputs == config_map(namespace, a="1")


def test_only_the_object_that_was_created_is_deleted(
    provider: Client, control_plane: ControlPlane, namespace: str
) -> None:
    inputs = config_map(namespace, a="1")
    state = create(provider, inputs)
    path = control_plane.path_of(inputs)
    control_plane.request("DELETE", path)
    control_plane.apply(config_map(namespace, a="somebody else's"))
    delete(provider, state)
    assert control_plane.get(path)["data"] == {"a": "somebody else's"}


def test_the_user_is_told_which_cluster_it_is(provider: Client, control_plane: ControlPlane) -> None:
    assert f"applies to the cluster of the context 'test', {control_plane.url}" in provider.engine.messages[0]
