from __future__ import annotations

import pytest

from floe_cube_infra.offline.kubernetes.redaction import (
    PLACEHOLDER,
    exposed_secrets,
    marked,
    redacted,
    restored,
)
from floe_cube_infra.offline.wire import Secret, plain


def test_a_secret_is_written_with_its_keys_and_no_value(secret):
    written = redacted(secret)
    assert written["stringData"] == {"key": PLACEHOLDER, "password": PLACEHOLDER}
    assert "data" not in written
    assert "hunter2" not in str(written)


def test_what_was_written_is_read_back_with_its_values(secret):
    assert restored(redacted(secret), secret) == secret


@pytest.mark.parametrize("field", ["data", "stringData"])
def test_a_secret_with_one_kind_of_data_is_read_back_as_it_was(secret, field):
    del secret[field]
    assert restored(redacted(secret), secret) == secret


def test_what_was_changed_by_hand_in_a_secret_is_seen(secret):
    written = redacted(secret)
    written["stringData"] = {"password": "other", "new": "x"}
    read = restored(written, secret)
    assert read["stringData"] == {"password": "other", "new": "x"}
    assert read["data"] == {}


def test_every_secret_value_that_a_file_would_show_is_found(deployment):
    container = deployment["spec"]["template"]["spec"]["containers"][0]
    container["env"] = [{"name": "A", "value": "open"}, {"name": "B", "value": Secret("x")}]
    deployment["metadata"] = {"name": "web", "annotations": Secret({"a": "b"})}
    assert exposed_secrets(deployment) == [
        ("metadata", "annotations"),
        ("spec", "template", "spec", "containers", 0, "env", 1, "value"),
    ]


def test_the_data_of_a_secret_isnt_exposed_but_its_metadata_is(secret):
    secret["data"] = Secret(secret["data"])
    secret["metadata"]["labels"] = {"a": Secret("b")}
    assert exposed_secrets(secret) == [("metadata", "labels", "a")]


def test_the_data_of_a_secret_is_secret_even_if_it_was_given_in_clear(secret):
    result = marked(secret, secret)
    assert isinstance(result["data"], Secret)
    assert isinstance(result["stringData"], Secret)
    assert plain(result) == secret
