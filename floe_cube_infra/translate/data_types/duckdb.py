"""DuckDB's types: PostgreSQL's names, which it understands, and its own.

Source: https://duckdb.org/docs/stable/sql/data_types/overview and the function `duckdb_types()`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from floe_cube_infra.model.members import DimensionType
from floe_cube_infra.translate.data_types.postgres import POSTGRES

DUCKDB: Final[Mapping[str, DimensionType]] = {
    **POSTGRES,
    # https://duckdb.org/docs/stable/sql/data_types/numeric
    "tinyint": "number",
    "int1": "number",
    "short": "number",
    "int16": "number",
    "int32": "number",
    "integral": "number",
    "signed": "number",
    "long": "number",
    "int64": "number",
    "hugeint": "number",
    "int128": "number",
    "utinyint": "number",
    "uint8": "number",
    "usmallint": "number",
    "uint16": "number",
    "uinteger": "number",
    "uint32": "number",
    "ubigint": "number",
    "uint64": "number",
    "uhugeint": "number",
    "uint128": "number",
    "bignum": "number",
    "varint": "number",
    "double": "number",
    "logical": "boolean",
    # https://duckdb.org/docs/stable/sql/data_types/timestamp
    "datetime": "time",
    "timestamp_s": "time",
    "timestamp_ms": "time",
    "timestamp_us": "time",
    "timestamp_ns": "time",
    "timestamptz_ns": "time",
    "time_ns": "string",
    "nvarchar": "string",
    "guid": "string",
    "blob": "string",
    "binary": "string",
    "varbinary": "string",
    "bitstring": "string",
    # https://duckdb.org/docs/stable/sql/data_types/overview#nested--composite-types
    "list": "string",
    "map": "string",
    "struct": "string",
    "row": "string",
    "tuple": "string",
    "union": "string",
    "variant": "string",
    "enum": "string",
    "null": "string",
}
