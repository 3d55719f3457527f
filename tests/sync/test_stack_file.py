"""A setting in a stack's file: what it is afterwards, and that nothing else has changed."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.errors import OutputError
from floe_cube_infra.inputs.settings import from_stack_file
from floe_cube_infra.sync.stack_file import set_in_stack_file, with_setting

KEY = "floe-cube-infra:images"
CUBE, STORE = (f"docker.io/cubejs/{name}:v1@sha256:{digit * 64}" for name, digit in (("cube", "0"), ("cubestore", "1")))
STACKS = sorted((Path(__file__).parents[2] / "stacks").glob("Pulumi.*.yaml"))

LAST = "# A comment.\nconfig:\n  floe-cube-infra:environment: prod # why\n\n# What comes after.\n"
AMONG = (
    "config:\n    a:b: prod\n    floe-cube-infra:images:\n        # Ours.\n        mirror: m\n    b:c: |\n        d\n"
)
PINNED = (
    "config:\n  floe-cube-infra:images:\n    pinned:\n      - {cube}\n    # Why.\n    unpinned: allowed\n  a:b: c\n"
)


def edited(text: str, *value: str) -> str:
    new = with_setting(text, KEY, "pinned", value)
    assert new is not None
    assert yaml.safe_load(new)["config"][KEY]["pinned"] == list(value)
    return new


def lost_lines(old: str, new: str) -> list[str]:
    return [line for line in difflib.ndiff(old.splitlines(), new.splitlines()) if line.startswith("- ")]


def test_a_new_section_comes_after_the_last_setting() -> None:
    assert edited(LAST, CUBE) == (
        "# A comment.\nconfig:\n  floe-cube-infra:environment: prod # why\n"
        f"  floe-cube-infra:images:\n    pinned:\n      - {CUBE}\n\n# What comes after.\n"
    )


def test_a_new_setting_goes_into_its_section_as_deep_as_the_file_is_written() -> None:
    assert edited(AMONG, CUBE, STORE) == AMONG.replace(
        "        # Ours.\n", f"        pinned:\n            - {CUBE}\n            - {STORE}\n        # Ours.\n"
    )


def test_a_setting_that_is_there_is_replaced_alone() -> None:
    text = PINNED.format(cube="old")
    assert edited(text, CUBE, STORE) == PINNED.format(cube=f"{CUBE}\n      - {STORE}")
    assert edited(text) == text.replace("pinned:\n      - old", "pinned: []")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "config:\n  floe-cube-infra:images: {unpinned: allowed} # Why.\n  a:b: c\n",
            f"config:\n  floe-cube-infra:images: {{unpinned: allowed, pinned: ['{CUBE}']}} # Why.\n  a:b: c\n",
        ),
        (
            "config:\n  floe-cube-infra:images:\n  a:b: c\n",
            f"config:\n  floe-cube-infra:images:\n    pinned:\n      - {CUBE}\n  a:b: c\n",
        ),
        (
            "config:\n  floe-cube-infra:images:\n    pinned: []\n    unpinned: allowed\n",
            f"config:\n  floe-cube-infra:images:\n    pinned:\n      - {CUBE}\n    unpinned: allowed\n",
        ),
        ("config:\n  a:b: c", f"config:\n  a:b: c\n  floe-cube-infra:images:\n    pinned:\n      - {CUBE}\n"),
        (
            "config:\r\n  a:b: c\r\n",
            f"config:\r\n  a:b: c\r\n  floe-cube-infra:images:\r\n    pinned:\r\n      - {CUBE}\r\n",
        ),
        (
            "config:\n  a:b: |\n    text\n\nsecretsprovider: passphrase\n",
            f"config:\n  a:b: |\n    text\n\n  floe-cube-infra:images:\n    pinned:\n      - {CUBE}\n"
            "secretsprovider: passphrase\n",
        ),
    ],
)
def test_every_way_to_write_a_section_is_kept(text: str, expected: str) -> None:
    assert edited(text, CUBE) == expected


@pytest.mark.parametrize("stack", STACKS, ids=lambda stack: stack.stem)
def test_the_sample_stacks_keep_every_line(stack: Path, tmp_path: Path) -> None:
    copy = tmp_path / stack.name
    copy.write_bytes(stack.read_bytes())

    assert set_in_stack_file(copy, KEY, "pinned", [CUBE, STORE])
    assert lost_lines(stack.read_text(), copy.read_text()) == []
    assert from_stack_file(copy).images.pinned == (CUBE, STORE)
    assert not set_in_stack_file(copy, KEY, "pinned", [CUBE, STORE]), "it is there already"


NAMES = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=5)
VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(), st.text(max_size=20), st.just("two\nlines\n\n")),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=8,
)


@given(
    config=st.dictionaries(st.one_of(NAMES, st.just(KEY)), VALUES, min_size=1, max_size=4),
    after=st.dictionaries(NAMES, VALUES, max_size=2),
    flow=st.sampled_from([None, True, False]),
    indent=st.integers(2, 6),
    value=st.lists(st.sampled_from([CUBE, STORE]), max_size=2, unique=True),
)
def test_whatever_a_file_holds_it_means_the_same_but_for_the_setting(
    config: dict[str, object], after: dict[str, object], flow: bool | None, indent: int, value: list[str]
) -> None:
    document = {"config": config, **{name: item for name, item in after.items() if name != "config"}}
    text = yaml.safe_dump(document, default_flow_style=flow, indent=indent, sort_keys=False, width=40)
    new = with_setting(text, KEY, "pinned", value)

    if new is None:
        assert flow is not False or not isinstance(config.get(KEY, {}), dict)
        return
    section = config.get(KEY, {})
    assert isinstance(section, dict)
    assert yaml.safe_load(new) == {**document, "config": {**config, KEY: {**section, "pinned": value}}}


@pytest.mark.parametrize(
    "text",
    [
        "config: {floe-cube-infra:environment: prod}\n",
        'config:\n  floe-cube-infra:images: \'{"mirror": "m"}\'\n',
        "x: &a {mirror: m}\nconfig:\n  floe-cube-infra:images: *a\n",
        "a: [\n",
    ],
)
def test_a_form_that_cant_be_edited_is_left_alone_and_the_lines_are_told(text: str, tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.prod.yaml"
    file.write_text(text)

    with pytest.raises(OutputError, match="put this into it by hand") as caught:
        set_in_stack_file(file, KEY, "pinned", [CUBE])
    assert str(caught.value).endswith(f"config:\n  {KEY}:\n    pinned:\n      - {CUBE}")
    assert file.read_text() == text


def test_a_file_keeps_its_mode_and_a_link_stays_one(tmp_path: Path) -> None:
    file, link = tmp_path / "real.yaml", tmp_path / "Pulumi.prod.yaml"
    file.write_text(LAST)
    file.chmod(0o640)
    link.symlink_to(file)

    set_in_stack_file(link, KEY, "pinned", [CUBE])
    assert link.is_symlink()
    assert CUBE in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Pulumi.prod.yaml", "real.yaml"]


def test_a_file_that_isnt_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"none\.yaml can't be written: No such file"):
        set_in_stack_file(tmp_path / "none.yaml", KEY, "pinned", [CUBE])
