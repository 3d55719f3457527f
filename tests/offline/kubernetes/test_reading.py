from __future__ import annotations

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from floe_cube_infra.offline.wire import decode
from tests.offline.conftest import urn_of
from tests.offline.objects import FILE


def test_an_untouched_file_is_no_drift(provider, deployment):
    state = decode(provider.create(deployment).properties)
    identifier, inputs, read = provider.read(state, deployment)
    assert (identifier, inputs, read) == ("x", deployment, state)


def test_what_was_changed_by_hand_is_found(provider, config_map):
    state = decode(provider.create(config_map).properties)
    file = provider.folder / FILE
    file.write_text(file.read_text().replace("'{}'", "changed"))
    _, inputs, read = provider.read(state, config_map)
    assert inputs["data"]["a.json"] == read["data"]["a.json"] == "changed"


def test_a_file_that_is_gone_is_a_resource_that_is_gone(provider, config_map):
    state = decode(provider.create(config_map).properties)
    (provider.folder / FILE).unlink()
    assert provider.read(state, config_map) == ("", {}, {})


def test_a_file_that_was_broken_by_hand_is_a_sentence(provider, config_map):
    state = decode(provider.create(config_map).properties)
    (provider.folder / FILE).write_text("data: [")
    with pytest.raises(grpc.RpcError, match="isn't a rendered object any more"):
        provider.read(state, config_map)


def test_a_file_that_isnt_text_is_a_sentence(provider, config_map):
    state = decode(provider.create(config_map).properties)
    (provider.folder / FILE).write_bytes(b"\xff")
    with pytest.raises(grpc.RpcError, match="it isn't UTF-8 text"):
        provider.read(state, config_map)


def test_a_secret_cant_be_got_from_a_file_without_its_values(provider, secret):
    provider.create(secret)
    with pytest.raises(grpc.RpcError, match="doesn't hold the values of its Secret"):
        provider.stub.Read(provider_pb2.ReadRequest(id="shop/creds", urn=urn_of("x", "a$kubernetes:core/v1:Secret")))


def test_a_rendered_object_can_be_got_by_its_id(provider, config_map):
    provider.create(config_map)
    _, inputs, _ = provider.read({}, {}, identifier="shop/settings")
    assert inputs == config_map


def test_an_object_that_was_never_rendered_cant_be_got(provider):
    with pytest.raises(grpc.RpcError, match=r"no ConfigMap 'shop/nope' to read: .* renders YAML files into"):
        provider.read({}, {}, identifier="shop/nope")
