from __future__ import annotations

import pytest
from google.protobuf import struct_pb2
from hypothesis import given

from floe_cube_infra.offline.wire import (
    SIGNATURE_KEY,
    UNKNOWN,
    Secret,
    WireError,
    decode,
    encode,
    has_secret,
    has_unknown,
    keep_secret,
    plain,
    without_secrets,
)
from tests.offline.values import PROPERTIES, VALUES


def _typed(value):
    """Tells True from 1 and 1 from 1.0, which Python's == doesn't."""
    if isinstance(value, Secret):
        return ("secret", _typed(value.value))
    if isinstance(value, dict):
        return {key: _typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_typed(item) for item in value]
    return (type(value), value)


@given(PROPERTIES)
def test_whatever_is_encoded_comes_back_with_its_types_secrets_and_unknowns(properties):
    assert _typed(decode(encode(properties))) == _typed(properties)


@given(VALUES)
def test_plain_values_hold_no_secret_and_keep_their_unknowns(value):
    assert not has_secret(plain(value))
    assert has_unknown(plain(value)) == has_unknown(value)
    assert not has_secret(without_secrets(value))


@given(VALUES)
def test_a_value_gets_back_the_secrets_that_it_had(value):
    kept = keep_secret(plain(value), value)
    assert plain(kept) == plain(value)
    assert has_secret(kept) == has_secret(value)


def test_a_secret_in_a_list_that_changed_its_length_makes_the_list_secret():
    assert keep_secret(["b"], ["a", Secret("b")]) == Secret(["b"])


def test_a_secrets_value_is_never_in_its_text():
    assert "hunter2" not in repr(Secret("hunter2"))


def _struct(fields):
    struct = struct_pb2.Struct()
    struct.update({"outer": {"inner": fields}})
    return struct


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({"value": "a"}, "a"),
        ({"value": "a", "secret": True}, Secret("a")),
        ({}, UNKNOWN),
        ({"secret": True, "dependencies": ["urn"]}, Secret(UNKNOWN)),
    ],
)
def test_an_output_value_becomes_its_value(fields, value):
    marked = {SIGNATURE_KEY: "d0e6a833031e9bbcd3f4e8bde6ca49a4", **fields}
    assert decode(_struct(marked)) == {"outer": {"inner": value}}


@pytest.mark.parametrize(
    ("fields", "value"),
    [({"urn": "u", "id": "shop/a"}, "shop/a"), ({"urn": "u"}, "u"), ({"urn": "u", "id": ""}, UNKNOWN)],
)
def test_a_reference_to_a_resource_becomes_its_id(fields, value):
    marked = {SIGNATURE_KEY: "5cf8f73096256a8f31e491e813e4eb8e", **fields}
    assert decode(_struct(marked)) == {"outer": {"inner": value}}


@pytest.mark.parametrize(
    ("signature", "what"),
    [
        ("c44067f5952c0a294b673a41bacd8c17", "an asset"),
        ("0def7320c3a5731c473e5ecbe6d01bc7", "an archive"),
        ("803fd3297a5875dc03ca845dda5d2a98", "UTF-8"),
        ("something new", "doesn't know"),
    ],
)
def test_a_value_that_no_object_can_hold_is_refused_with_its_path(signature, what):
    with pytest.raises(WireError, match=rf"^outer\.inner .*{what}"):
        decode(_struct({SIGNATURE_KEY: signature, "text": "x"}))


def test_a_python_object_cant_be_sent():
    with pytest.raises(WireError, match="set"):
        encode({"a": {1, 2}})  # type: ignore[dict-item]
