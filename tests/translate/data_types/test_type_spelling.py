"""What is left of a spelling when everything that doesn't matter is taken away."""

from __future__ import annotations

import pytest

from floe_cube_infra.translate.data_types.spelling import base_name


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("NUMBER(38,0)", "number"),
        ("  Character   Varying ( 20 ) ", "character varying"),
        ("varchar\n(\n20\n)\tNOT\nNULL", "varchar"),
        ("timestamp(6) with time zone", "timestamp"),
        ("timestamp with local time zone", "timestamp"),
        ("time without time zone", "time"),
        ("interval day(2) to second(6)", "interval"),
        ("bigint unsigned", "bigint"),
        ("unsigned bigint", "bigint"),
        ("int unsigned zerofill", "int"),
        ("signed", "signed"),
        ("nvarchar(max)", "nvarchar"),
        ("pg_catalog.int4", "int4"),
        ('"my.db" . "Public"."CiText"', "citext"),
        ("`struct`<a int>", "struct"),
        ("MAP<STRING, ARRAY<STRUCT<a: INT>>>", "map"),
        ("int[]", "array"),
        ("int [ 3 ] [ 3 ]", "array"),
        ("integer array", "array"),
        ("ARRAY<STRING>", "array"),
        ("interval[]", "array"),
        ("struct<tags array<string>>", "struct"),
        ("row(a bigint[3])", "row"),
        ("text default 'not null, default [1] (', x", "text"),
        ("text -- not an array []", "text"),
        ("-- first\ntext", "text"),
        ("/* first */ text", "text"),
        ("null", "null"),
        ("varchar with masking policy hide", "varchar"),
    ],
)
def test_a_spelling_is_reduced_to_its_base_name(spelling: str, name: str) -> None:
    assert base_name(spelling) == name


@pytest.mark.parametrize("spelling", ["", " \t\n", "()", "(varchar)", "-- nothing", "/* never closed", "schema."])
def test_a_text_without_a_name_gives_an_empty_name(spelling: str) -> None:
    assert base_name(spelling) == ""


@pytest.mark.parametrize("spelling", ["varchar;", "varchar,", "order%type", "varchar)", "[", "not", '"text'])
def test_a_text_with_stray_characters_keeps_them_and_so_names_no_type(spelling: str) -> None:
    assert base_name(spelling) not in {"varchar", "type", "text", "array", ""}


def test_brackets_that_are_never_closed_still_give_the_name() -> None:
    assert base_name("ARRAY<STRUCT<a INT64") == "array"
    assert base_name("numeric(10,2") == "numeric"
