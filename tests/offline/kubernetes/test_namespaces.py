from __future__ import annotations

from pulumi.runtime.proto import provider_pb2

from tests.offline.objects import unnamed


def test_the_providers_namespace_is_given_to_kinds_that_live_in_one(provider):
    provider.configure(namespace="team")
    spaces = {}
    for api_version, kind in [
        ("v1", "ConfigMap"),
        ("v1", "Namespace"),
        ("rbac.authorization.k8s.io/v1", "ClusterRole"),
        ("a.b/v1", "Anything"),
    ]:
        inputs, _ = provider.check({"apiVersion": api_version, "kind": kind, "metadata": {"name": "x"}}, name=kind)
        spaces[kind] = inputs["metadata"].get("namespace")
    assert spaces == {"ConfigMap": "team", "Namespace": None, "ClusterRole": None, "Anything": "team"}


def test_a_custom_kind_without_namespaces_gets_none(provider):
    provider.configure(namespace="team")
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.a.b"},
        "spec": {"group": "a.b", "scope": "Cluster", "names": {"kind": "Thing"}},
    }
    provider.check(definition, name="definition")
    inputs, _ = provider.check({"apiVersion": "a.b/v1", "kind": "Thing", "metadata": {"name": "x"}})
    assert inputs["metadata"] == {"name": "x"}


def test_a_namespace_of_the_users_stays(provider, config_map):
    provider.configure(namespace="team")
    assert provider.check(config_map)[0]["metadata"]["namespace"] == "shop"


def test_no_namespace_and_the_default_one_are_the_same(provider, config_map):
    olds, news = unnamed(config_map, name="a"), unnamed(config_map, name="a", namespace="default")
    assert provider.diff(olds, news).changes == provider_pb2.DiffResponse.DIFF_NONE
