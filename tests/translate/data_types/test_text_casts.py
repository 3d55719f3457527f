"""JSON, arrays and structures are given as texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.model.database import DATABASE_TYPES, DatabaseType
from floe_cube_infra.translate.data_types.text_casts import as_text


@pytest.mark.parametrize(
    ("database", "data_type", "expected"),
    [
        ("postgres", "jsonb", "CAST({CUBE}.c AS TEXT)"),
        ("postgres", "character varying(20)[]", "CAST({CUBE}.c AS TEXT)"),
        ("postgres", "uuid", "{CUBE}.c"),
        ("snowflake", "VARIANT", "TO_JSON({CUBE}.c)"),
        ("snowflake", "VARCHAR(20)", "{CUBE}.c"),
        ("bigquery", "ARRAY<STRUCT<a INT64>>", "TO_JSON_STRING({CUBE}.c)"),
        ("bigquery", "STRING", "{CUBE}.c"),
        ("databricks", "map<string,int>", "TO_JSON({CUBE}.c)"),
        ("trino", "row(a integer)", "JSON_FORMAT(CAST({CUBE}.c AS JSON))"),
        ("trino", "varchar", "{CUBE}.c"),
    ],
)
def test_only_what_drivers_give_as_objects_is_cast(database: DatabaseType, data_type: str, expected: str) -> None:
    assert as_text("{CUBE}.c", data_type, database) == expected


@given(st.text(), st.sampled_from(DATABASE_TYPES))
def test_no_spelling_raises(data_type: str, database: DatabaseType) -> None:
    assert "{CUBE}.c" in as_text("{CUBE}.c", data_type, database)
