from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.offline.kubernetes.cluster.applying import without_ignored
from floe_cube_infra.offline.kubernetes.cluster.drift import live_inputs

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.text(max_size=3), VALUES, max_size=4)


@given(OBJECTS, OBJECTS)
def test_nothing_changed_if_the_server_would_make_the_same_of_the_inputs(inputs, live):
    assert live_inputs(inputs, live, live) == inputs


def test_values_that_the_server_spells_otherwise_are_no_change_and_others_are():
    inputs = {"spec": {"cpu": "1000m", "memory": "1024Mi", "replicas": 2}}
    wanted = {"spec": {"cpu": "1", "memory": "1Gi", "replicas": 2, "default": True}}
    live = {"spec": {"cpu": "1", "memory": "2Gi", "replicas": 2, "default": True, "added": 1}, "status": {}}
    assert live_inputs(inputs, live, wanted) == {"spec": {"cpu": "1000m", "memory": "2Gi", "replicas": 2}}


def test_what_was_taken_away_is_gone_and_what_the_server_never_keeps_is_not():
    inputs = {"data": {"a": "1", "b": "2"}, "empty": None}
    assert live_inputs(inputs, {"data": {"a": "1"}}, {"data": {"a": "1", "b": "2"}}) == {
        "data": {"a": "1"},
        "empty": None,
    }


def test_items_of_a_list_are_found_by_their_names():
    first, second = {"name": "a", "cpu": "1000m"}, {"name": "b", "cpu": "500m"}
    made = [{"name": "a", "cpu": "1"}, {"name": "b", "cpu": "500m"}]
    live = [{"name": "z"}, {"name": "a", "cpu": "1"}]
    assert live_inputs({"c": [first, second]}, {"c": live}, {"c": made}) == {"c": [{"name": "z"}, first]}


@pytest.mark.parametrize(("data", "expected"), [(b"same", "same"), (b"other", "other"), (b"\xff", "base64:/w==")])
def test_the_texts_of_a_secret_are_compared_by_their_values(data, expected):
    inputs = {"apiVersion": "v1", "kind": "Secret", "stringData": {"a": "same", "gone": "x"}}
    live = {"apiVersion": "v1", "kind": "Secret", "data": {"a": base64.b64encode(data).decode()}}
    assert live_inputs(inputs, live, live)["stringData"] == {"a": expected}


def test_ignored_fields_are_left_to_whoever_owns_them():
    live = {
        "metadata": {
            "managedFields": [
                {"manager": "autoscaler", "fieldsV1": {"f:spec": {"f:replicas": {}}}},
                {"manager": "ours", "fieldsV1": {"f:spec": {"f:paused": {}}}},
            ]
        },
        "spec": {"replicas": 5, "paused": True},
    }
    wanted = {"spec": {"replicas": 1, "paused": False, "x": 1}}
    ignored = [("spec", "replicas"), ("spec", "paused"), ("spec", "list", 0), ("spec", "absent")]
    assert without_ignored(wanted, live, ignored, "ours") == {"spec": {"paused": True, "x": 1}}
