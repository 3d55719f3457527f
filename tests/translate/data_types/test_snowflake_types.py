"""Snowflake's spellings, as DDL, DESCRIBE, SHOW COLUMNS and the drivers give them.

Source of the spellings: https://docs.snowflake.com/en/sql-reference/intro-summary-data-types and its
pages per group
"""

from __future__ import annotations

import pytest

from floe_cube_infra.translate.data_types import dimension_type

SPELLINGS = {
    "NUMBER": "number",
    "NUMBER(38,0)": "number",
    "number(38, 0) not null": "number",
    "NUMBER(10)": "number",
    "DECIMAL(20,2)": "number",
    "DEC(10,2)": "number",
    "NUMERIC": "number",
    "NUMERIC(38, 37)": "number",
    "INT": "number",
    "INTEGER": "number",
    "BIGINT": "number",
    "SMALLINT": "number",
    "TINYINT": "number",
    "BYTEINT": "number",
    "INT AUTOINCREMENT": "number",
    "NUMBER(38,0) IDENTITY(1,1)": "number",
    "NUMBER(38,0) NOT NULL AUTOINCREMENT START 1 INCREMENT 1": "number",
    "NUMBER(38,0) WITH MASKING POLICY governance.hide": "number",
    "NUMBER(38,0) WITH TAG (cost_center = 'finance')": "number",
    "FIXED": "number",
    "FLOAT": "number",
    "FLOAT4": "number",
    "FLOAT8": "number",
    "DOUBLE": "number",
    "DOUBLE PRECISION": "number",
    "REAL": "number",
    "DECFLOAT": "number",
    "DECFLOAT(38)": "number",
    "BOOLEAN": "boolean",
    "boolean not null": "boolean",
    "Boolean DEFAULT TRUE": "boolean",
    "bool": "boolean",
    "DATE": "time",
    "DATETIME": "time",
    "DATETIME(3)": "time",
    "TIMESTAMP": "time",
    "TIMESTAMP(9)": "time",
    "TIMESTAMP_NTZ": "time",
    "TIMESTAMP_NTZ(9)": "time",
    "timestamp_ntz(9) not null": "time",
    "TIMESTAMPNTZ(6)": "time",
    "TIMESTAMP WITHOUT TIME ZONE": "time",
    "TIMESTAMP(6) WITHOUT TIME ZONE": "time",
    "TIMESTAMP_LTZ": "time",
    "TIMESTAMP_LTZ(9)": "time",
    "TIMESTAMPLTZ": "time",
    "TIMESTAMP WITH LOCAL TIME ZONE": "time",
    "TIMESTAMP_TZ": "time",
    "TIMESTAMP_TZ(3)": "time",
    "TIMESTAMPTZ": "time",
    "TIMESTAMP WITH TIME ZONE": "time",
    "TIMESTAMP_NTZ(9) COMMENT 'loaded at'": "time",
    "TIME": "string",
    "TIME(9)": "string",
    "INTERVAL YEAR TO MONTH": "string",
    "INTERVAL DAY(9) TO SECOND(6)": "string",
    "VARCHAR": "string",
    "VARCHAR(16777216)": "string",
    "VARCHAR(134217728)": "string",
    "varchar(16777216) not null": "string",
    "VARCHAR COLLATE 'en-ci'": "string",
    "VARCHAR(10) COLLATE 'de' NOT NULL": "string",
    "CHAR": "string",
    "CHAR(10)": "string",
    "CHARACTER(5)": "string",
    "NCHAR": "string",
    "STRING": "string",
    "STRING(50)": "string",
    "TEXT": "string",
    "TEXT NOT NULL": "string",
    "NVARCHAR": "string",
    "NVARCHAR2(20)": "string",
    "CHAR VARYING(30)": "string",
    "NCHAR VARYING": "string",
    "BINARY": "string",
    "BINARY(8388608)": "string",
    "VARBINARY": "string",
    "VARIANT": "string",
    "OBJECT": "string",
    "OBJECT(name VARCHAR, age NUMBER(3,0) NOT NULL)": "string",
    "ARRAY": "string",
    "ARRAY(NUMBER)": "string",
    "ARRAY(NUMBER(38,0) NOT NULL)": "string",
    "MAP(VARCHAR, NUMBER)": "string",
    "MAP(VARCHAR, ARRAY(TIMESTAMP_NTZ(9)))": "string",
    "FILE": "string",
    "GEOGRAPHY": "string",
    "GEOMETRY": "string",
    "VECTOR(FLOAT, 256)": "string",
    "VECTOR(INT, 16)": "string",
    "UUID": "string",
}


@pytest.mark.parametrize(("spelling", "expected"), SPELLINGS.items())
def test_a_documented_spelling_of_snowflake_gives_its_cube_type(spelling: str, expected: str | None) -> None:
    assert dimension_type(spelling, "snowflake") == expected


@pytest.mark.parametrize(
    "spelling",
    ["INT64", "timestamp_xyz", "jsonb", "NUMBERS(38,0)", "my_domain", ""],
)
def test_what_snowflake_does_not_have_built_in_is_not_known(spelling: str) -> None:
    assert dimension_type(spelling, "snowflake") is None
