from __future__ import annotations

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from floe_cube_infra.offline.wire import UNKNOWN, Secret, decode, encode


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"renderYamlToDirectory": "a", "context": "b"}, "context"),
        ({"renderYamlToDirectory": "a", "kubeconfig": Secret("very: secret")}, "kubeconfig"),
        ({"alwaysRender": "true"}, "alwaysRender"),
    ],
)
def test_settings_that_contradict_each_other_are_refused_as_officially(provider, config, told):
    request = provider_pb2.CheckRequest(urn="urn", news=encode(config))
    response = provider.stub.CheckConfig(request)
    assert [failure.reason.partition(":")[0] for failure in response.failures] == [told]
    assert "very" not in str(response.failures)
    assert not any(failure.property for failure in response.failures)


def test_settings_keep_their_secrets(provider, monkeypatch):
    monkeypatch.setenv("KUBECONFIG", "/from/the/environment")
    config = {"renderYamlToDirectory": "a", "kubeconfig": Secret("/from/the/environment"), "namespace": "n"}
    response = provider.stub.CheckConfig(provider_pb2.CheckRequest(urn="urn", news=encode(config)))
    assert decode(response.inputs) == config
    assert list(response.failures) == []


@pytest.mark.parametrize(
    ("old", "new", "changed", "replaces"),
    [
        ({"renderYamlToDirectory": "a"}, {"renderYamlToDirectory": "a"}, [], []),
        (
            {"renderYamlToDirectory": "a"},
            {"renderYamlToDirectory": "b"},
            ["renderYamlToDirectory"],
            ["renderYamlToDirectory"],
        ),
        ({"namespace": "a"}, {"namespace": "b"}, ["namespace"], []),
        ({}, {"kubeconfig": UNKNOWN}, ["kubeconfig"], ["kubeconfig"]),
        (
            {"clusterIdentifier": "a", "renderYamlToDirectory": "a"},
            {"clusterIdentifier": "a", "renderYamlToDirectory": "b"},
            ["renderYamlToDirectory"],
            [],
        ),
        ({"clusterIdentifier": "a"}, {"clusterIdentifier": "b"}, ["clusterIdentifier"], ["clusterIdentifier"]),
    ],
)
def test_another_folder_or_cluster_replaces_everything(provider, old, new, changed, replaces):
    request = provider_pb2.DiffRequest(urn="urn", olds=encode(old), news=encode(new))
    response = provider.stub.DiffConfig(request)
    assert (list(response.diffs), list(response.replaces)) == (changed, replaces)


def test_the_user_is_told_in_one_line_that_it_stands_in(provider):
    assert len(provider.engine.messages) == 1
    assert "stands in for the official one: it renders YAML files into" in provider.engine.messages[0]


def test_without_a_folder_previews_work_and_updates_say_what_to_set(unconfigured, config_map):
    client = unconfigured
    client.configure(renderYamlToDirectory="")
    assert "only previews work" in client.engine.messages[0]
    inputs, failures = client.check(config_map)
    assert failures == []
    assert decode(client.create(inputs, preview=True).properties) == inputs
    for act in (
        lambda: client.create(inputs),
        lambda: client.update(inputs, inputs),
        lambda: client.delete(inputs),
        lambda: client.read(inputs, inputs),
    ):
        with pytest.raises(grpc.RpcError, match="pulumi config set kubernetes:renderYamlToDirectory"):
            act()
