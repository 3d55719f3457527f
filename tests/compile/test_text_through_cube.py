"""Text comes out of Cube as it went in, whatever is in it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floe_cube_infra.render.cube_text import literal, mask, meta, sql
from tests.compile.compiler import Compiler
from tests.compile.models import model

# What means something to YAML, Jinja, Python's f-strings or JavaScript's template literals.
# fmt: off
PIECES = ["\\", "{", "}", '"', "'", "`", "$", "%", "${", "{{", "}}", "{%", "%}", "{#", '"""', "'''", "f", "F", "r",
          'f"', "x41", "u0041", "n", "0", "\n", "\r", "\t", " ", "\0", "\x85", "\u2028", "\ufeff", "\U0001f600", "#",
          ":", "- ", "{x}", "{CUBE}", "{''}", "${process.exit()}", "1e3", "0o17", "=>", "//", "*/", "é"]
# fmt: on
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join), st.text(min_size=1))
# A few dozen texts in one compilation, since starting one costs as much as twenty texts.
MANY_TEXTS = st.lists(TEXTS, min_size=1, max_size=40)
SQL_PIECES = [
    *(piece for piece in PIECES if piece not in ("{x}", "{CUBE}")),
    "{CUBE}",
    "{orders.id}",
    "{ CUBE }",
    "{class}",
]
# Pieces may happen to make a reference to a member that isn't there, which Cube refuses.
_REFERENCE = re.compile(r"(?<!\\)\{ *([A-Za-z_][\w.]*) *\}")
_KNOWN = {"CUBE", "orders.id", "class"}


def _has_known_references_only(text: str) -> bool:
    return set(_REFERENCE.findall(text)) <= _KNOWN


MANY_SQLS = st.lists(
    st.lists(st.sampled_from(SQL_PIECES), min_size=1, max_size=12).map("".join).filter(_has_known_references_only),
    min_size=1,
    max_size=40,
)
SLOW = settings(max_examples=40, deadline=None)


@given(MANY_TEXTS)
@SLOW
def test_descriptions_titles_and_meta_are_what_they_were(compiler: Compiler, texts: list[str]) -> None:
    measures = [
        {"name": f"m{index}", "type": "count", "description": literal(text), "title": literal(text)}
        for index, text in enumerate(texts)
    ]
    given_meta = {f"k{index}": text for index, text in enumerate(texts)}
    compiled = compiler(model(description=literal(texts[0]), meta=meta(given_meta), measures=measures))

    assert compiled.errors == ()
    orders = compiled.cubes["orders"]
    assert orders["description"] == texts[0]
    assert [measure["description"] for measure in orders["measures"].values()] == texts
    assert [measure["ownTitle"] for measure in orders["measures"].values()] == texts
    assert orders["meta"] == given_meta


@given(MANY_SQLS)
@SLOW
def test_sql_is_what_it_was_but_for_its_references(compiler: Compiler, texts: list[str]) -> None:
    dimensions = [{"name": f"d{index}", "type": "string", "sql": sql(text)} for index, text in enumerate(texts)]
    compiled = compiler(model(dimensions=dimensions))

    assert compiled.errors == ()
    for index, text in enumerate(texts):
        expected = re.sub(r"(?<!\\)\{ ?(CUBE|orders\.id) ?\}", _resolved, text)
        assert compiled.cubes["orders"]["dimensions"][f"d{index}"]["sql"] == expected


def _resolved(reference: re.Match[str]) -> str:
    return {"CUBE": '"orders"', "orders.id": '"orders".id'}[reference[1]]


def _json(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    keys = texts.filter(lambda key: key != "__proto__" and "extends" not in key)
    numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e9, 1e9)
    plain = st.none() | st.booleans() | numbers | texts
    return st.recursive(plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4))


@given(
    st.dictionaries(
        st.sampled_from(["mask", "public", "prefix", "views", "unit"]), _json(TEXTS | st.just("")), max_size=5
    )
)
@SLOW
def test_nested_meta_is_what_it_was(compiler: Compiler, values: dict[str, Any]) -> None:
    said = meta(values)
    compiled = compiler(model(meta=said))
    assert compiled.errors == ()
    assert compiled.cubes["orders"].get("meta", {}) == _with_keys_set_apart(values)


def _with_keys_set_apart(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_keys_set_apart(item) for item in value]
    if isinstance(value, dict):
        return {next(iter(meta({key: 1}))): _with_keys_set_apart(item) for key, item in value.items()}
    return value


@pytest.mark.parametrize("key", ["sql", "sqlTable", "sql_table", "extends", "who_extends_what", "{{ a }}", "{% a %}"])
def test_a_meta_key_that_cube_has_another_use_for_is_kept_in_another_spelling(compiler: Compiler, key: str) -> None:
    compiled = compiler(model(meta=meta({"owner": {key: "select {x}"}})))
    assert compiled.errors == ()
    ((spelled, value),) = compiled.cubes["orders"]["meta"]["owner"].items()
    assert (spelled.lower().replace(" ", ""), value) == (key.lower().replace(" ", ""), "select {x}")
    assert spelled != key


@pytest.mark.parametrize("text", ["***", "n/a", "it's", 'say "x"', "hidden {x}", "f", "1", "a: b"])
def test_a_mask_is_what_it_was(compiler: Compiler, text: str) -> None:
    compiled = compiler(model(dimensions=[{"name": "email", "type": "string", "sql": "email", "mask": mask(text)}]))
    assert compiled.errors == ()
    assert compiled.cubes["orders"]["dimensions"]["email"]["mask"] == text


@pytest.mark.parametrize("text", ["`", "\\", "\\`", "a\\", "${process.exit(3)}", "`+process.exit(3)+`"])
def test_nothing_in_a_mask_is_run(compiler: Compiler, text: str) -> None:
    compiled = compiler(model(dimensions=[{"name": "email", "type": "string", "sql": "email", "mask": mask(text)}]))
    assert compiled.errors == ()
    assert compiled.cubes["orders"]["dimensions"]["email"]["mask"]


def test_filter_parameters_are_references(compiler: Compiler) -> None:
    text = "{CUBE}.day > '{' AND {FILTER_PARAMS.orders.id.filter('x')}"
    compiled = compiler(model(dimensions=[{"name": "d", "type": "string", "sql": sql(text)}]))
    assert compiled.cubes["orders"]["dimensions"]["d"]["sql"] == "\"orders\".day > '{' AND (1 = 1)"
