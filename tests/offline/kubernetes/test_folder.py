from __future__ import annotations

import grpc
import pytest

from floe_cube_infra.offline.wire import UNKNOWN, decode
from tests.offline.objects import FILE, changed


def test_an_object_is_created_updated_and_deleted_with_its_file(provider, config_map):
    created = provider.create(config_map)
    assert created.id == "shop/settings"
    assert provider.files() == [FILE]
    news = changed(config_map, ("metadata", "labels"), {"a": "b"})
    state = provider.update(decode(created.properties), news)
    assert "a: b" in (provider.folder / FILE).read_text()
    provider.configure()  # the next command
    provider.delete(state)
    assert list(provider.folder.iterdir()) == []


def test_a_preview_gives_the_inputs_back_and_writes_nothing(provider, config_map):
    inputs = changed(config_map, ("data", "a"), UNKNOWN)
    assert decode(provider.create(inputs, preview=True).properties) == inputs
    assert provider.update(config_map, inputs, preview=True) == inputs
    assert not provider.folder.exists()


def test_a_file_that_stays_the_same_isnt_touched(provider, config_map):
    state = decode(provider.create(config_map).properties)
    before = (provider.folder / FILE).stat()
    provider.update(state, config_map)
    after = (provider.folder / FILE).stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)


def test_an_object_that_moves_to_another_file_leaves_none_behind(provider, deployment):
    old = deployment | {"apiVersion": "apps/v1beta2"}
    state = decode(provider.create(old).properties)
    provider.configure()
    provider.update(state, deployment)
    assert provider.files() == ["1-manifest/apps_v1-deployment-shop-web.yaml"]


def test_two_resources_that_swap_their_names_keep_both_files(provider, config_map):
    other = changed(config_map, ("metadata", "name"), "other")
    one, two = (
        decode(provider.create(inputs, name).properties) for name, inputs in [("one", config_map), ("two", other)]
    )
    provider.configure()
    provider.check(other, config_map, name="one")
    provider.check(config_map, other, name="two")
    provider.create(other, "one")
    provider.create(config_map, "two")
    provider.delete(one, "one")
    provider.delete(two, "two")
    assert len(provider.files()) == 2


def test_a_replacement_of_the_same_name_survives_the_removal_of_the_old_object(provider, config_map):
    state = decode(provider.create(config_map).properties)
    provider.configure()
    provider.create(changed(config_map, ("data", "a"), "new"))
    provider.delete(state)
    assert provider.files() == [FILE]


def test_creating_over_another_resources_file_is_refused(provider, config_map):
    provider.create(config_map, "one")
    with pytest.raises(grpc.RpcError, match=r"one and .*two|two and .*one"):
        provider.create(config_map, "two")


def test_taking_over_a_file_that_nobody_knew_is_a_warning(provider, config_map):
    provider.create(config_map, "one")
    provider.configure()  # another command, of another stack
    provider.create(config_map, "two")
    assert not any("was there already" in text for text in provider.engine.messages)
    provider.configure()
    provider.create(changed(config_map, ("data", "a"), "x"), "three")
    assert "give each stack a folder of its own" in provider.engine.messages[-1]


def test_a_file_that_cant_be_removed_is_a_sentence(provider, config_map):
    (provider.folder / FILE).mkdir(parents=True)
    with pytest.raises(grpc.RpcError, match="Can't remove"):
        provider.delete(config_map)


def test_deleting_a_file_that_is_gone_is_no_error(provider, config_map):
    state = decode(provider.create(config_map).properties)
    (provider.folder / FILE).unlink()
    provider.configure()
    provider.delete(state)


def test_a_folder_that_cant_be_written_is_a_sentence(provider, config_map):
    provider.folder.write_text("a file")
    with pytest.raises(grpc.RpcError, match=r"Can't write .*renderYamlToDirectory name a folder"):
        provider.create(config_map)


def test_no_file_is_left_half_written(provider, config_map):
    (provider.folder / FILE).mkdir(parents=True)
    with pytest.raises(grpc.RpcError, match="Can't write"):
        provider.create(config_map)
    assert provider.files() == []
