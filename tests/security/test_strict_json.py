from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.security.strict_json import NotStrictJsonError, parse_strict_json

TEXTS = st.text(st.characters() | st.sampled_from('"\\/{}[]:,\ud800\udc00'))
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def refuse(text: str) -> Any:
    raise ValueError(text)


def by_the_standard_library(text: str) -> Any:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(items)) < len(items):
            raise ValueError("twice")
        return dict(items)

    return json.loads(text, object_pairs_hook=pairs, parse_int=float, parse_constant=refuse)


@given(VALUES, st.booleans(), st.sampled_from([None, 1, "\t\r\n "]))
def test_whatever_json_is_written_is_read_back(value: object, ascii_only: bool, indent: int | str | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)

    assert parse_strict_json(text) == value


@given(VALUES, st.data())
def test_damaged_json_is_taken_or_refused_as_by_the_standard_library(value: object, data: st.DataObject) -> None:
    text = json.dumps(value)
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 2))
    damaged = text[:at] + data.draw(st.text('{}[]:,"\\01.eE+-truefalsn \t\n\x0b\x00', max_size=3)) + text[at + cut :]
    try:
        expected = by_the_standard_library(damaged)
    except ValueError:
        with pytest.raises(NotStrictJsonError):
            parse_strict_json(damaged)
    else:
        assert parse_strict_json(damaged) == expected


def test_numbers_are_doubles_however_long() -> None:
    assert parse_strict_json("[9007199254740993, " + "9" * 5000 + "]") == [9007199254740992.0, float("inf")]


def test_depth_and_length_are_no_limit() -> None:
    deep: Any = parse_strict_json("[" * 30_000 + "]" * 30_000)
    depth = 0
    while deep:
        (deep,), depth = deep, depth + 1

    assert depth == 29_999
    assert parse_strict_json('"' + "\\n" * 30_000 + '"') == "\n" * 30_000


@pytest.mark.parametrize("text", ['{"a":1,"a":1}', '{"a":1,"\\u0061":1}', '[{"b":{"a":1,"a":2}}]', '{"":1,"":1}'])
def test_a_key_twice_in_one_object_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(NotStrictJsonError, match=r"^an object has a key twice$"):
        parse_strict_json(text)
