from __future__ import annotations

import re

import pytest
from pulumi.runtime.proto import provider_pb2

from floe_cube_infra.offline.wire import UNKNOWN, Secret
from tests.offline.objects import AUTONAMED, kinds_of, unnamed

Options = provider_pb2.CheckRequest.AutonamingOptions


def test_an_object_without_a_name_gets_the_resources_name_and_eight_characters(provider, config_map):
    inputs, failures = provider.check(unnamed(config_map), name="settings")
    assert failures == []
    assert re.fullmatch(r"settings-[0-9a-f]{8}", inputs["metadata"]["name"])
    assert inputs["metadata"]["annotations"] == {AUTONAMED: "true"}


def test_the_same_seed_gives_the_same_name_and_another_one_another(provider, config_map):
    names = [provider.check(unnamed(config_map), seed=seed)[0]["metadata"]["name"] for seed in (b"a", b"a", b"b")]
    assert names[0] == names[1] != names[2]


def test_an_automatic_name_is_kept_at_the_next_update(provider, config_map):
    before, _ = provider.check(unnamed(config_map), seed=b"a")
    after, _ = provider.check(unnamed(config_map, labels={"a": "b"}), before, seed=b"b")
    assert after["metadata"]["name"] == before["metadata"]["name"]
    assert after["metadata"]["annotations"] == {AUTONAMED: "true"}


def test_a_name_of_the_users_stays_as_it_is(provider, config_map):
    inputs, _ = provider.check(config_map)
    assert inputs == config_map


def test_taking_a_name_away_is_a_replacement(provider, config_map):
    inputs, failures = provider.check(unnamed(config_map, namespace="shop"), config_map)
    assert (failures, inputs["metadata"]) == ([], {"namespace": "shop"})
    assert kinds_of(provider.diff(config_map, inputs)) == {"metadata.name": "DELETE_REPLACE"}


@pytest.mark.parametrize("mode", [Options.PROPOSE, Options.ENFORCE])
def test_the_stacks_own_naming_is_followed(provider, config_map, mode):
    options = Options(proposed_name="mine-1", mode=mode)
    assert provider.check(unnamed(config_map), autonaming=options)[0]["metadata"]["name"] == "mine-1"


def test_a_stack_without_automatic_names_wants_one_of_the_user(provider, config_map):
    _, failures = provider.check(unnamed(config_map), autonaming=Options(mode=Options.DISABLE))
    assert failures == ["metadata.name: autonaming is disabled, resource requires the .metadata.name field to be set"]


def test_a_generated_name_is_refused_as_there_is_no_cluster_to_generate_it(provider, config_map):
    _, failures = provider.check(unnamed(config_map, generateName="a-"))
    assert "generateName` field is not supported in YAML rendering mode" in failures[0]


@pytest.mark.parametrize("metadata", [UNKNOWN, {"name": UNKNOWN}, Secret({"name": UNKNOWN})])
def test_a_name_that_isnt_known_yet_stays_unknown(unconfigured, config_map, metadata):
    inputs, failures = unconfigured.check(config_map | {"metadata": metadata})
    assert (inputs["metadata"], failures) == (metadata, [])


def test_a_name_is_given_beside_annotations_that_are_secret_or_unknown(unconfigured, config_map):
    inputs, _ = unconfigured.check(unnamed(config_map, annotations=Secret({"a": "b"})))
    assert inputs["metadata"]["annotations"] == Secret({"a": "b", AUTONAMED: "true"})
    inputs, _ = unconfigured.check(unnamed(config_map, annotations=UNKNOWN))
    assert inputs["metadata"]["annotations"] is UNKNOWN
