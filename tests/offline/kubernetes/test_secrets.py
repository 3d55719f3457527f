from __future__ import annotations

import grpc
import pytest

from floe_cube_infra.offline.wire import Secret, decode
from tests.offline.objects import changed


def test_no_value_of_a_secret_is_in_its_file_and_the_user_hears_it_once(provider, secret):
    for name in ("one", "two"):
        provider.create(changed(secret, ("metadata", "name"), name), name)
    for file in provider.files():
        assert "hunter2" not in (provider.folder / file).read_text()
        assert "aHVudGVyMi1rZXk" not in (provider.folder / file).read_text()
        assert "password: '<secret: not rendered>'" in (provider.folder / file).read_text()
    assert sum("Secret values are never rendered" in text for text in provider.engine.messages) == 1


def test_the_data_of_a_secret_is_secret_in_the_state_even_if_given_in_clear(provider, secret):
    inputs, _ = provider.check(secret)
    state = decode(provider.create(inputs).properties)
    for where in (inputs, state, state["__inputs"]):
        assert where["data"] == Secret(secret["data"])
        assert where["stringData"] == Secret(secret["stringData"])


def test_an_object_with_a_secret_value_isnt_created(provider, config_map):
    config_map["data"]["a"] = Secret("hunter2")
    with pytest.raises(grpc.RpcError, match=r"data\.a of urn.* holds a secret value") as caught:
        provider.create(config_map)
    assert "hunter2" not in str(caught.value)
    assert not provider.folder.exists()


def test_a_refresh_keeps_the_values_of_a_secret(provider, secret):
    inputs, _ = provider.check(secret)
    state = decode(provider.create(inputs).properties)
    _, read, read_state = provider.read(state, inputs)
    assert read == inputs
    assert read_state == state
