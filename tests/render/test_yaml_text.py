"""YAML that says exactly what was meant, to every reader."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.render.yaml_text import Written, document, is_plain, items, scalar

READERS = [yaml.SafeLoader, yaml.CSafeLoader]


def read(text: str, reader: Any = yaml.CSafeLoader) -> Any:
    return yaml.load(text, Loader=reader)


# All that a UTF-8 file can hold: no unpaired surrogates.
TEXT = st.text(st.characters(codec="utf-8"))
LINES = st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12), max_size=6).map(
    "\n".join
)
WORDS = st.sampled_from(
    [
        *("y", "N", "yes", "No", "ON", "off", "true", "False", "null", "Null", "~", "", " ", "=", "<<", "-", "?", ":"),
        *(
            "1",
            "1.0",
            "1e3",
            "1_000",
            "0x1f",
            "0o7",
            "0b1",
            "1:30",
            "1:30:45",
            ".5",
            "-.inf",
            ".NaN",
            "+1",
            "2026-01-02",
        ),
        *(
            "2026-01-02T03:04:05Z",
            "---",
            "...",
            "--- a",
            "# no comment",
            "a # b",
            "a: b",
            "a:",
            "- a",
            "[a]",
            "{a}",
            "*a",
        ),
        *(
            "&a",
            "!a",
            "!!str a",
            "%a",
            "@a",
            "`a`",
            "|",
            ">",
            "'",
            '"',
            "\\",
            "\t",
            "a\tb",
            "\r\n",
            "\x85",
            "\u2028",
            "\ufeff",
        ),
        *(
            "\x00",
            "\x7f",
            "\xa0",
            "\ufffe",
            "\U0010ffff",
            "{{ x }}",
            "{% x %}",
            "\n",
            "\n\n",
            " a",
            "a ",
            "a\n",
            "a\n\n",
        ),
        *(
            "a\n b",
            " a\nb",
            "a \nb",
            "a\n\nb",
            "a\n#b",
            "\na",
            "a\n---\nb",
            "a: |\n  b",
            "it's",
            "null ",
            "Ärger",
            "日本",
        ),
    ]
)
ANY_TEXT = TEXT | LINES | WORDS
SCALARS = ANY_TEXT | st.booleans() | st.none() | st.integers() | st.floats(allow_nan=False)
# YAML readers take a key of at most 1024 characters.
KEYS = st.text(st.characters(codec="utf-8"), max_size=40) | WORDS
NODES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20
)


@given(st.dictionaries(KEYS, NODES, max_size=5))
def test_any_document_is_read_as_it_was_written(node: dict[str, Any]) -> None:
    written = document(node)
    found = read(written) if node else {}
    assert found == node
    # 1 == 1.0 == True: the same kind as well.
    assert repr(found) == repr(node)


@given(ANY_TEXT)
def test_any_text_is_text_to_both_of_pyyamls_readers(value: str) -> None:
    for reader in READERS:
        assert read(document({"key": value, "after": "x"}), reader) == {"key": value, "after": "x"}
        assert read(document({"list": [value, [value]], "after": "x"}), reader) == {
            "list": [value, [value]],
            "after": "x",
        }


@given(ANY_TEXT)
def test_a_scalar_stays_on_its_line(value: str) -> None:
    assert len(scalar(value).splitlines()) <= 1


@given(WORDS | st.text("aZ_9 ,.()/%;-:#'\"{}[]|>&*!?@`\\\tä", max_size=8))
def test_only_words_stand_without_quotes(value: str) -> None:
    assert (scalar(value) == value) is is_plain(value)
    if is_plain(value):
        assert value.isascii()
        assert not set(value) & set("\"'#:{}[]|>&*!?@`\\\t\n")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain words, and (more)", "plain words, and (more)"),
        ("yes", "'yes'"),
        ("it's: here", "'it''s: here'"),
        ("tab\t", '"tab\\x09"'),
        ("", "''"),
        ("1", "'1'"),
        ("Größe", "'Größe'"),
    ],
)
def test_quotes_are_used_where_they_are_needed(value: str, written: str) -> None:
    assert scalar(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a\nb", "key: |-\n  a\n  b\n"),
        ("a\n\n  b\n", "key: |\n  a\n\n    b\n"),
        ("a\n\n", "key: |+\n  a\n\n"),
        (" a\nb", 'key: " a\\nb"\n'),
    ],
)
def test_several_lines_are_a_block_where_that_says_the_same(value: str, written: str) -> None:
    assert document({"key": value}) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1.0, "1.0"),
        (1e16, "1.0e+16"),
        (1.5e-7, "1.5e-07"),
        (float("inf"), ".inf"),
        (float("-inf"), "-.inf"),
        (float("nan"), ".nan"),
        (True, "true"),
        (None, "null"),
        (10**40, str(10**40)),
    ],
)
def test_numbers_and_constants_are_yamls(value: Any, written: str) -> None:
    assert document({"key": value}) == f"key: {written}\n"
    assert repr(read(document({"key": value}))["key"]) == repr(value)


def test_very_long_text_is_not_broken() -> None:
    value = "word " * 20_000 + "end"
    assert read(document({"key": value})) == {"key": value}
    assert len(document({"key": value}).splitlines()) == 1


def test_keys_keep_their_order() -> None:
    assert list(read(document(dict.fromkeys("zamb", 1)))) == list("zamb")


def test_empty_lists_and_mappings_are_said() -> None:
    assert document({"a": [], "b": {}, "c": [[], {}]}) == "a: []\nb: {}\nc:\n  - []\n  - {}\n"


def test_what_is_written_already_is_taken_as_it_is() -> None:
    part = items([{"name": "a"}, {"name": "b"}], depth=2)
    assert isinstance(part, Written)
    assert document({"cubes": [{"dimensions": part}]}) == ("cubes:\n  - dimensions:\n    - name: a\n    - name: b\n")
