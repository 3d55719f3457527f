"""What holds for every type of every warehouse, whatever is written around its name."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.model.database import DATABASE_TYPES, DatabaseType
from floe_cube_infra.model.members import DimensionType
from floe_cube_infra.translate.data_types import adapter_dimension_type, dimension_type
from floe_cube_infra.translate.data_types.bigquery import BIGQUERY
from floe_cube_infra.translate.data_types.databricks import DATABRICKS
from floe_cube_infra.translate.data_types.duckdb import DUCKDB
from floe_cube_infra.translate.data_types.postgres import POSTGRES
from floe_cube_infra.translate.data_types.redshift import REDSHIFT
from floe_cube_infra.translate.data_types.snowflake import SNOWFLAKE
from floe_cube_infra.translate.data_types.spelling import base_name
from floe_cube_infra.translate.data_types.trino import TRINO

TABLES: dict[str, Mapping[str, DimensionType]] = {
    "postgres": POSTGRES,
    "snowflake": SNOWFLAKE,
    "bigquery": BIGQUERY,
    "databricks": DATABRICKS,
    "trino": TRINO,
    "duckdb": DUCKDB,
    "redshift": REDSHIFT,
}

databases = st.sampled_from(DATABASE_TYPES)
known = st.sampled_from([(database, name) for database in DATABASE_TYPES for name in TABLES[database]])
spaces = st.text(alphabet=" \t\r\n\N{NO-BREAK SPACE}", max_size=4)
sizes = st.one_of(
    st.integers(0, 10**9).map(lambda n: f"({n})"),
    st.tuples(st.integers(1, 76), st.integers(-9, 38)).map(lambda ps: f"({ps[0]}, {ps[1]})"),
    st.just("(max)"),
)
# The characters that the grammar of types is made of, so that random texts reach its corners.
_WORDS = (
    "int",
    "array",
    "struct",
    "timestamp",
    "with",
    "time",
    "zone",
    "not",
    "null",
    "interval",
    "unsigned",
)
type_like = st.lists(st.sampled_from([*_WORDS, *"()<>[].,:;_ \n'\"`-/*"]), max_size=30).map("".join)


@given(text=st.one_of(st.text(), type_like), database=databases)
def test_no_text_raises(text: str, database: DatabaseType) -> None:
    assert dimension_type(text, database) in {"string", "number", "time", "boolean", None}


@given(text=st.one_of(st.text(), type_like), adapter=st.text())
def test_no_text_and_no_adapter_raises(text: str, adapter: str) -> None:
    assert adapter_dimension_type(text, adapter) in {"string", "number", "time", "boolean", None}


@given(type_=known, flips=st.integers(min_value=0), before=spaces, after=spaces)
def test_case_and_surrounding_whitespace_do_not_matter(
    type_: tuple[DatabaseType, str], flips: int, before: str, after: str
) -> None:
    database, name = type_
    mixed = "".join(c.upper() if flips >> at & 1 else c for at, c in enumerate(name))
    assert dimension_type(before + mixed + after, database) == TABLES[database][name]


@given(type_=known, size=sizes, gap=spaces)
def test_a_size_does_not_change_the_type(type_: tuple[DatabaseType, str], size: str, gap: str) -> None:
    database, name = type_
    assert dimension_type(name + gap + size, database) == TABLES[database][name]


@given(
    type_=known,
    clause=st.sampled_from([" not null", " NOT NULL", " default 'x'", ' collate "C"', " -- note", " comment 'a [b'"]),
)
def test_a_clause_after_the_type_does_not_change_it(type_: tuple[DatabaseType, str], clause: str) -> None:
    database, name = type_
    assert dimension_type(name + clause, database) == TABLES[database][name]


@given(
    type_=known,
    form=st.sampled_from(["{}[]", "{}[3]", "{} array", "ARRAY<{}>", "array({})", "{}(9)[] not null"]),
)
def test_an_array_of_anything_known_is_a_string(type_: tuple[DatabaseType, str], form: str) -> None:
    database, name = type_
    assert dimension_type(form.format(name), database) == "string"


@pytest.mark.parametrize("table", TABLES)
def test_every_name_in_a_table_is_one_that_a_spelling_can_be_reduced_to(table: str) -> None:
    assert [name for name in TABLES[table] if base_name(name) != name] == []


@pytest.mark.parametrize("table", TABLES)
def test_no_type_is_a_place_for_cube(table: str) -> None:
    assert set(TABLES[table].values()) == {"string", "number", "time", "boolean"}


def test_no_two_warehouses_mean_different_things_by_one_name() -> None:
    meanings: dict[str, set[str]] = {}
    for table in TABLES.values():
        for name, meaning in table.items():
            meanings.setdefault(name, set()).add(meaning)
    assert {name: found for name, found in meanings.items() if len(found) > 1} == {}
