from __future__ import annotations

import re

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2

from floe_cube_infra.offline.wire import decode, plain


def test_the_version_is_that_of_the_installed_sdk(provider):
    version = provider.stub.GetPluginInfo(empty_pb2.Empty()).version
    assert re.fullmatch(r"4\.\d+\.\d+", version)
    assert f'"version": "{version}"' in provider.stub.GetSchema(provider_pb2.GetSchemaRequest()).schema


def test_cancel_and_attach_answer(provider, config_map):
    provider.stub.Cancel(empty_pb2.Empty())
    provider.stub.Attach(plugin_pb2.PluginAttach(address="127.0.0.1:1"))
    assert provider.check(config_map)[1] == []


@pytest.mark.parametrize(
    ("method", "request_", "named"),
    [
        ("Invoke", provider_pb2.InvokeRequest(tok="kubernetes:helm:template"), "kubernetes:helm:template"),
        ("Call", provider_pb2.CallRequest(tok="kubernetes:a:b/c"), "kubernetes:a:b/c"),
        (
            "Construct",
            provider_pb2.ConstructRequest(type="kubernetes:yaml/v2:ConfigFile", name="f"),
            "kubernetes:yaml/v2:ConfigFile 'f'",
        ),
        ("Handshake", provider_pb2.ProviderHandshakeRequest(), "Handshake"),
    ],
)
def test_what_it_cant_do_is_unimplemented_with_a_sentence(provider, method, request_, named):
    with pytest.raises(grpc.RpcError) as caught:
        getattr(provider.stub, method)(request_)
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert named in caught.value.details()


def test_the_hidden_fields_of_the_state_are_those_of_the_official_provider(provider, config_map):
    state = decode(provider.create(config_map).properties)
    assert state["__inputs"] == config_map
    assert state["__initialApiVersion"] == "v1"
    assert plain({key: value for key, value in state.items() if not key.startswith("__")}) == config_map
