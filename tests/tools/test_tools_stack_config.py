import pytest

from tools.clone import Clone
from tools.errors import SetupError
from tools.stack_config import read_salt, refresh_working_config, working_text

SALT = "v1:abc=:v1:def:ghi=="


def test_the_working_copy_is_the_committed_file_and_the_salt() -> None:
    text = working_text("config:\n  a:b: one\n", SALT, "Pulumi.local.yaml")
    assert text.startswith("# Made from stacks/Pulumi.local.yaml")
    assert text.endswith(f"config:\n  a:b: one\nencryptionsalt: {SALT}\n")
    assert read_salt(text) == SALT


def test_a_salt_that_got_into_the_committed_file_gives_way_to_this_clones() -> None:
    text = working_text("encryptionsalt: v1:other\nconfig: {}\n", SALT, "Pulumi.local.yaml")
    assert text.count("encryptionsalt:") == 1
    assert read_salt(text) == SALT


def test_an_empty_file_gets_the_salt_alone() -> None:
    assert read_salt(working_text("", SALT, "Pulumi.local.yaml")) == SALT


def test_encrypted_secrets_are_refused_without_showing_them() -> None:
    with pytest.raises(SetupError, match="holds encrypted secrets") as error:
        working_text("config:\n  a:b:\n    secure: v1:hidden\n", SALT, "Pulumi.local.yaml")
    assert "hidden" not in str(error.value)


def test_a_file_that_is_one_flow_mapping_is_refused_with_what_to_write() -> None:
    with pytest.raises(SetupError, match="write it as `config:` and indented lines"):
        working_text("# settings\n{config: {}}\n", SALT, "Pulumi.local.yaml")


@pytest.mark.parametrize("text", ["config: {}\n", "", "# encryptionsalt: v1:x\n"])
def test_settings_without_a_salt_have_none(text: str) -> None:
    assert read_salt(text) is None


def test_the_working_copy_follows_the_committed_file_which_stays_as_it_is(clone: Clone) -> None:
    clone.folder.mkdir()
    before = clone.committed_config.read_bytes()
    refresh_working_config(clone, SALT)
    assert "one" in clone.working_config.read_text()
    assert clone.committed_config.read_bytes() == before
    clone.committed_config.write_text("config:\n  a:b: two\n")
    refresh_working_config(clone, SALT)
    assert "two" in clone.working_config.read_text()


def test_an_unchanged_working_copy_is_not_written_again(clone: Clone) -> None:
    clone.folder.mkdir()
    refresh_working_config(clone, SALT)
    before = clone.working_config.stat().st_mtime_ns
    refresh_working_config(clone, SALT)
    assert clone.working_config.stat().st_mtime_ns == before


def test_settings_made_by_hand_in_the_working_copy_are_kept_beside_it(
    clone: Clone, capsys: pytest.CaptureFixture[str]
) -> None:
    clone.folder.mkdir()
    refresh_working_config(clone, SALT)
    clone.working_config.write_text("config:\n  by: hand\n")
    refresh_working_config(clone, SALT)
    assert "one" in clone.working_config.read_text()
    kept = clone.working_config.with_name("Pulumi.local.yaml.by-hand")
    assert kept.read_text() == "config:\n  by: hand\n"
    assert "was changed by hand" in capsys.readouterr().err


def test_missing_settings_are_told_with_their_path(clone: Clone) -> None:
    clone.folder.mkdir()
    clone.committed_config.unlink()
    with pytest.raises(SetupError, match=r"stacks/Pulumi\.local\.yaml can't be read .*restore them from git"):
        refresh_working_config(clone, SALT)
