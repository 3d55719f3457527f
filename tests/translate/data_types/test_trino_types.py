"""Trino's spellings, as typeof(), DESCRIBE and its clients give them.

Source of the spellings: https://trino.io/docs/current/language/types.html
"""

from __future__ import annotations

import pytest

from floe_cube_infra.translate.data_types import dimension_type

SPELLINGS = {
    "tinyint": "number",
    "smallint": "number",
    "integer": "number",
    "INT": "number",
    "bigint": "number",
    "BIGINT NOT NULL": "number",
    "real": "number",
    "double": "number",
    "DOUBLE PRECISION": "number",
    "decimal": "number",
    "decimal(10,3)": "number",
    "DECIMAL(20)": "number",
    "decimal(38, 0)": "number",
    "decimal(18,2) not null": "number",
    "decimal(10,2) COMMENT 'net'": "number",
    "number": "number",
    "number(38)": "number",
    "integer default 0": "number",
    "float": "number",
    '"bigint"': "number",
    "boolean": "boolean",
    "BOOLEAN": "boolean",
    "boolean not null": "boolean",
    "date": "time",
    "DATE NOT NULL": "time",
    "timestamp": "time",
    "timestamp(0)": "time",
    "timestamp(3)": "time",
    "timestamp(6)": "time",
    "TIMESTAMP(12)": "time",
    "timestamp(3) not null": "time",
    "timestamp with time zone": "time",
    "timestamp(3) with time zone": "time",
    "timestamp(6) with time zone": "time",
    "TIMESTAMP(12) WITH TIME ZONE": "time",
    "timestamp (6)  with  time  zone": "time",
    "timestamp without time zone": "time",
    "timestamp(6) without time zone": "time",
    "timestamp(6) with time zone NOT NULL": "time",
    "time": "string",
    "time(6)": "string",
    "time with time zone": "string",
    "time(3) with time zone": "string",
    "time(12) without time zone": "string",
    "interval year to month": "string",
    "interval day to second": "string",
    "INTERVAL DAY TO SECOND": "string",
    "varchar": "string",
    "varchar(20)": "string",
    "VARCHAR(255) NOT NULL": "string",
    "char": "string",
    "char(n)": "string",
    "CHAR(3)": "string",
    "varbinary": "string",
    "json": "string",
    "JSON": "string",
    "array(varchar)": "string",
    "array(varchar(20))": "string",
    "array(row(x bigint, y double))": "string",
    "ARRAY<bigint>": "string",
    "array(timestamp(6) with time zone)": "string",
    "bigint array": "string",
    "map(varchar, bigint)": "string",
    "map(varchar(10),array(decimal(10,2)))": "string",
    "MAP<varchar, bigint>": "string",
    "row(bigint, double)": "string",
    "row(x bigint, y double)": "string",
    'row("a (b" bigint, "c]" varchar)': "string",
    "ROW(x BIGINT, y ROW(z DATE))": "string",
    "ipaddress": "string",
    "IPADDRESS": "string",
    "uuid": "string",
    "HyperLogLog": "string",
    "P4HyperLogLog": "string",
    "SetDigest": "string",
    "qdigest(bigint)": "string",
    "qdigest(double)": "string",
    "QDigest": "string",
    "tdigest": "string",
    "Geometry": "string",
    "SphericalGeography": "string",
    "BingTile": "string",
    "bingtile": "string",
    "KdbTree": "string",
    "ObjectId": "string",
    "Color": "string",
    "variant": "string",
    "unknown": "string",
    "string": "string",
}


@pytest.mark.parametrize(("spelling", "expected"), SPELLINGS.items())
def test_a_documented_spelling_of_trino_gives_its_cube_type(spelling: str, expected: str | None) -> None:
    assert dimension_type(spelling, "trino") == expected


@pytest.mark.parametrize(
    "spelling",
    ["jsonb", "int64", "text", "timestamptz", "ipprefix(4)", ""],
)
def test_what_trino_does_not_have_built_in_is_not_known(spelling: str) -> None:
    assert dimension_type(spelling, "trino") is None
