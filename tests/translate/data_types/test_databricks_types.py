"""Databricks' spellings, which are Spark's.

Source of the spellings: https://docs.databricks.com/en/sql/language-manual/sql-ref-datatypes.html
"""

from __future__ import annotations

import pytest

from floe_cube_infra.translate.data_types import dimension_type

SPELLINGS = {
    "TINYINT": "number",
    "BYTE": "number",
    "SMALLINT": "number",
    "SHORT": "number",
    "INT": "number",
    "INTEGER": "number",
    "int not null": "number",
    "BIGINT": "number",
    "LONG": "number",
    "bigint GENERATED ALWAYS AS IDENTITY (START WITH 1 INCREMENT BY 1)": "number",
    "DECIMAL": "number",
    "DECIMAL(10)": "number",
    "DECIMAL(10,2)": "number",
    "decimal(38, 18) not null": "number",
    "DEC(5,1)": "number",
    "NUMERIC(10, 0)": "number",
    "FLOAT": "number",
    "REAL": "number",
    "DOUBLE": "number",
    "double COMMENT 'a \"ratio\" (0 < x)'": "number",
    "BIGINT DEFAULT 0": "number",
    "BOOLEAN": "boolean",
    "boolean not null": "boolean",
    "Boolean DEFAULT true": "boolean",
    "bool": "boolean",
    "DATE": "time",
    "date not null": "time",
    "TIMESTAMP": "time",
    "timestamp not null": "time",
    "TIMESTAMP_LTZ": "time",
    "TIMESTAMP_NTZ": "time",
    "timestamp_ntz COMMENT 'loaded'": "time",
    "DATE GENERATED ALWAYS AS (CAST(ts AS DATE))": "time",
    "TIMESTAMP DEFAULT current_timestamp()": "time",
    "TIME(6)": "string",
    "STRING": "string",
    "string not null": "string",
    "STRING COLLATE UTF8_LCASE": "string",
    "STRING COLLATE DE_CI NOT NULL": "string",
    "CHAR(10)": "string",
    "CHARACTER(2)": "string",
    "VARCHAR(255)": "string",
    "varchar(20) not null": "string",
    "BINARY": "string",
    "INTERVAL YEAR": "string",
    "INTERVAL YEAR TO MONTH": "string",
    "INTERVAL MONTH": "string",
    "INTERVAL DAY TO SECOND": "string",
    "interval day to hour": "string",
    "INTERVAL SECOND": "string",
    "VOID": "string",
    "NULL": "string",
    "ARRAY<STRING>": "string",
    "ARRAY<INT>": "string",
    "array<array<int>>": "string",
    "array<struct<id:bigint,at:timestamp>>": "string",
    "ARRAY < DECIMAL(10,2) >": "string",
    "MAP<STRING, INT>": "string",
    "map<string,array<double>>": "string",
    "STRUCT<>": "string",
    "STRUCT<a: INT, b: STRING>": "string",
    "STRUCT<a: INT NOT NULL COMMENT 'first', b: DATE>": "string",
    "struct<a:int,b:struct<c:decimal(10,2)>>": "string",
    "struct<`a b`:int>": "string",
    "struct<a:int,... 5 more fields>": "string",
    "VARIANT": "string",
    "OBJECT": "string",
    "GEOGRAPHY(4326)": "string",
    "GEOGRAPHY(ANY)": "string",
    "GEOMETRY(3857)": "string",
    "geometry": "string",
    "`string`": "string",
}


@pytest.mark.parametrize(("spelling", "expected"), SPELLINGS.items())
def test_a_documented_spelling_of_databricks_gives_its_cube_type(spelling: str, expected: str | None) -> None:
    assert dimension_type(spelling, "databricks") == expected


@pytest.mark.parametrize(
    "spelling",
    ["jsonb", "timestamptz", "number(38,0)", "text", "uuid", "user_defined_type", ""],
)
def test_what_databricks_does_not_have_built_in_is_not_known(spelling: str) -> None:
    assert dimension_type(spelling, "databricks") is None
