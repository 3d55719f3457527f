"""BigQuery's spellings: GoogleSQL's, INFORMATION_SCHEMA's and those of the API.

Source of the spellings: https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types and
https://cloud.google.com/bigquery/docs/data-types
"""

from __future__ import annotations

import pytest

from floe_cube_infra.translate.data_types import dimension_type

SPELLINGS = {
    "INT64": "number",
    "int64": "number",
    "INT64 NOT NULL": "number",
    "INT": "number",
    "SMALLINT": "number",
    "INTEGER": "number",
    "BIGINT": "number",
    "TINYINT": "number",
    "BYTEINT": "number",
    "NUMERIC": "number",
    "NUMERIC(38)": "number",
    "NUMERIC(38, 9)": "number",
    "numeric(10,2) not null": "number",
    "DECIMAL": "number",
    "DECIMAL(10,2)": "number",
    "BIGNUMERIC": "number",
    "BIGNUMERIC(76,38)": "number",
    "BIGNUMERIC(40)": "number",
    "BIGDECIMAL": "number",
    "BIGDECIMAL(76, 38)": "number",
    "FLOAT64": "number",
    'FLOAT64 OPTIONS(description="a [ratio] < 1")': "number",
    "FLOAT": "number",
    "INT64 DEFAULT 0": "number",
    "INTEGER REQUIRED": "number",
    "FLOAT NULLABLE": "number",
    "`INT64`": "number",
    "BOOL": "boolean",
    "BOOLEAN": "boolean",
    "bool not null": "boolean",
    "BOOL DEFAULT FALSE": "boolean",
    "DATE": "time",
    "DATETIME": "time",
    "TIMESTAMP": "time",
    "TIMESTAMP NOT NULL": "time",
    "TIMESTAMP DEFAULT CURRENT_TIMESTAMP()": "time",
    "TIMESTAMP(12)": "time",
    "DATE OPTIONS (description='day')": "time",
    "DATETIME NULLABLE": "time",
    "TIME": "string",
    "INTERVAL": "string",
    "INTERVAL YEAR TO SECOND": "string",
    "STRING": "string",
    "STRING(10)": "string",
    "STRING NOT NULL": "string",
    "STRING(255) COLLATE 'und:ci'": "string",
    "STRING OPTIONS(description='what it is')": "string",
    "STRING REQUIRED": "string",
    "TEXT": "string",
    "BYTES": "string",
    "BYTES(16)": "string",
    "JSON": "string",
    "GEOGRAPHY": "string",
    "RANGE<DATE>": "string",
    "RANGE<DATETIME>": "string",
    "RANGE<TIMESTAMP>": "string",
    "ARRAY<INT64>": "string",
    "ARRAY<STRING(10)>": "string",
    "ARRAY<STRUCT<a INT64, b STRING>>": "string",
    "ARRAY<STRUCT<id INT64, items ARRAY<STRUCT<sku STRING, price NUMERIC(10,2)>>>>": "string",
    "array<timestamp>": "string",
    "ARRAY< BYTES >": "string",
    "STRUCT": "string",
    "STRUCT<INT64>": "string",
    "STRUCT<a INT64, b STRING>": "string",
    "STRUCT<x STRUCT<y STRING, z BOOL>>": "string",
    "STRUCT<inner_array ARRAY<INT64>>": "string",
    "struct<`order id` int64>": "string",
    'STRUCT<a INT64 OPTIONS(description="x > y"), b DATE>': "string",
    "RECORD": "string",
    "RECORD NULLABLE": "string",
    "RECORD REPEATED": "string",
    "REPEATED": "string",
    "REPEATED STRING": "string",
    "INTEGER REPEATED": "string",
    "STRING -- free text": "string",
}


@pytest.mark.parametrize(("spelling", "expected"), SPELLINGS.items())
def test_a_documented_spelling_of_bigquery_gives_its_cube_type(spelling: str, expected: str | None) -> None:
    assert dimension_type(spelling, "bigquery") == expected


@pytest.mark.parametrize(
    "spelling",
    ["varchar(20)", "jsonb", "number(38,0)", "int65", "TOKENLIST", ""],
)
def test_what_bigquery_does_not_have_built_in_is_not_known(spelling: str) -> None:
    assert dimension_type(spelling, "bigquery") is None
