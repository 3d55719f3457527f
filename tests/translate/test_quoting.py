"""Column names as each warehouse wants them in SQL."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.model.database import DATABASE_TYPES, DatabaseType
from floe_cube_infra.translate.quoting import column_sql


@pytest.mark.parametrize("database", DATABASE_TYPES)
def test_plain_names_stay_as_they_are(database: DatabaseType) -> None:
    assert column_sql("order_id", database) == "order_id"
    assert column_sql("OrderId", database) == "OrderId"


@pytest.mark.parametrize(
    ("name", "quoted", "expected"),
    [
        ("order id", False, ['"order id"', '"order id"', "`order id`", "`order id`", '"order id"']),
        ("OrderId", True, ['"OrderId"', '"OrderId"', "`OrderId`", "`OrderId`", '"OrderId"']),
        ("order", False, ["order", '"ORDER"', "`order`", "`order`", '"order"']),
        ("Order", True, ['"Order"', '"Order"', "`Order`", "`Order`", '"Order"']),
        ("2nd", False, ['"2nd"', '"2nd"', "`2nd`", "`2nd`", '"2nd"']),
        ("größe", False, ['"größe"', '"größe"', "`größe`", "`größe`", '"größe"']),
        ("a$b", False, ['"a$b"', '"A$B"', "`a$b`", "`a$b`", '"a$b"']),
        ('a"b', False, ['"a""b"', '"a""b"', '`a"b`', '`a"b`', '"a""b"']),
        ("a`b", False, ['"a`b"', '"a`b"', "`a``b`", "`a``b`", '"a`b"']),
        ("a.b", False, ['"a.b"', '"a.b"', "a.b", "`a.b`", '"a.b"']),
    ],
)
def test_other_names_are_quoted_as_the_warehouse_stores_them(name: str, quoted: bool, expected: list[str]) -> None:
    assert [column_sql(name, database, quoted=quoted) for database in DATABASE_TYPES] == expected


@pytest.mark.parametrize("word", ["select", "FROM", "Group", "qualify", "ilike", "increment", "unnest", "cube", "end"])
@pytest.mark.parametrize("database", ["snowflake", "trino"])
def test_reserved_words_are_quoted_in_any_case(word: str, database: DatabaseType) -> None:
    quoted = word.upper() if database == "snowflake" else word
    assert column_sql(word, database) == f'"{quoted}"'


def test_fields_of_structures_are_quoted_each_for_itself() -> None:
    assert column_sql("address.zip code.order", "bigquery") == "address.`zip code`.`order`"


@pytest.mark.parametrize("name", ["a{b", "a}b", "{CUBE}"])
def test_a_brace_is_refused_since_cube_reads_it_as_a_reference(name: str) -> None:
    with pytest.raises(ValueError, match="has a brace, which Cube reads as a reference"):
        column_sql(name, "postgres")


@given(
    st.text(min_size=1).filter(lambda name: not {"{", "}"} & set(name)), st.sampled_from(DATABASE_TYPES), st.booleans()
)
def test_no_name_ends_its_quotes(name: str, database: DatabaseType, quoted: bool) -> None:
    written = column_sql(name, database, quoted=quoted)
    for part in [written] if database != "bigquery" or "." not in name else []:
        if part[0] in '"`':
            quote = part[0]
            assert part[-1] == quote
            assert part[1:-1].replace(quote * 2, "").count(quote) == 0
        else:
            assert part == name
            assert part.replace("_", "a").isalnum()
