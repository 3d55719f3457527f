"""What is written for Cube; that Cube reads it as meant is tested with Cube's own compiler, in tests/compile."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.model.names import KEYWORDS, RESERVED, is_cube_name, is_member_name
from floe_cube_infra.render.cube_text import literal, mask, meta, sql

# What DataSchemaCompiler looks for in a whole file.
JINJA = re.compile(r"\{%|%\}|\{\{|\}\}")
PIECES = ["{", "}", "%", "\\", "{CUBE}", "{class}", "{a.b}", '"', "`", "$", "f", "x", " ", "\n"]
SPECIAL_TEXTS = st.lists(st.sampled_from(PIECES), max_size=20).map("".join) | st.text()


@pytest.mark.parametrize(
    "text", ["Orders", 'It\'s 5 % of "all" `orders`: $1\n- two', "Bestellungen für 日本 \U0001f600", "50% off", "a\tb"]
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert literal(text) == text
    assert sql(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a {b}", r"a \{b\}"),
        ("{{ ref('x') }}", r"\{\{ ref('x') \}\}"),
        ("{% raw %}", r"\{\% raw %\}"),
        ("${x}", r"$\{x\}"),
        (r"\d+", r"\\d+"),
        ("C:\\", r"C:\x5c"),
        ("a\r\n", "a\\x0d\n"),
        ("\u2028", r"\u2028"),
        ("f", r"\x66"),
        ("fR", r"\x66R"),
        ("ff", "ff"),
        ("", "{''}"),
        ("\ud800x", "\ufffdx"),
    ],
)
def test_what_cube_would_change_is_escaped(text: str, written: str) -> None:
    assert literal(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("{CUBE}.amount", "{CUBE}.amount"),
        ("{orders.status} = 'a'", "{orders.status} = 'a'"),
        ("{ordered_at.day}", "{ordered_at.day}"),
        ("data->'{a}' = '{\"b\": 1}'", "data->'{a}' = '\\{\"b\": 1\\}'"),
        ("'{{CUBE}.x}'", r"'\x7b{CUBE}.x\}'"),
        ("{a}{b}", "{a}\\\n{b}"),
        (r"'\{a}'", r"'\\\{a\}'"),
        ("{class} {CUBE.from} {true}", r"\{class\} \{CUBE.from\} \{true\}"),
        ("{x + y}", r"\{x + y\}"),
        ("{require('fs')}", r"\{require('fs')\}"),
        ("{SECURITY_CONTEXT.a.filter('x')}", r"\{SECURITY_CONTEXT.a.filter('x')\}"),
        ("{FILTER_PARAMS.a.b.filter('x')}", "{FILTER_PARAMS.a.b.filter('x')}"),
        ("x ~ '{2,3}'", r"x ~ '\{2,3\}'"),
        ("{CUBE}f", "{CUBE}\\x66"),
    ],
)
def test_references_in_sql_stay_and_other_braces_are_escaped(text: str, written: str) -> None:
    assert sql(text) == written


@given(SPECIAL_TEXTS)
def test_nothing_that_is_written_makes_a_file_a_template(text: str) -> None:
    assert not JINJA.search(literal(text))
    assert not JINJA.search(sql(text))
    assert not JINJA.search(mask(text))
    assert not any(JINJA.search(key) for key in meta({text: 1}))


@given(SPECIAL_TEXTS)
def test_a_literal_has_no_brace_that_is_not_escaped(text: str) -> None:
    written = literal(text)
    assert not text or not re.search(r"[{}]", re.sub(r"\\.", "", written, flags=re.DOTALL))


def test_meta_keeps_values_that_are_no_text_and_reaches_into_what_is_nested() -> None:
    values = {"a": [1, 2.5, True, None, "{x}", {"b": "{y}"}], "c": ("d",), "mask": "it's", "e": ""}
    assert meta(values) == {
        "a": [1, 2.5, True, None, r"\{x\}", {"b": r"\{y\}"}],
        "c": ["d"],
        "mask": 'f"it\'s"',
        "e": "{''}",
    }


def test_meta_spells_keys_that_cube_has_a_use_for_in_another_way() -> None:
    given_keys = ["sql", "sql_table", "extends", "__proto__", "{{ a }}", "my_sql"]
    assert list(meta(dict.fromkeys(given_keys, 1))) == ["Sql", "Sql_table", "Extends", "{ { a } }", "my_sql"]


def test_masks_are_expressions_in_which_nothing_is_run() -> None:
    assert mask('say "x"') == 'f"say \\"x\\""'
    assert mask("`${a}`\\") == "f\"'$ \\{a\\}'/\""
    assert mask("") == "''"


def test_names_that_cube_refuses_are_told() -> None:
    assert not any(is_member_name(word) for word in KEYWORDS)
    assert not any(is_cube_name(word) for word in RESERVED)
    assert is_member_name("public")
    assert is_member_name("groups")
    assert not is_member_name("sql")
    assert not is_member_name("extends_to")
    assert not is_cube_name("F")
    assert is_cube_name("orders")
