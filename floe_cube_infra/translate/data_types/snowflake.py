"""Snowflake's types.

Source: https://docs.snowflake.com/en/sql-reference/intro-summary-data-types and its pages per group.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from floe_cube_infra.model.members import DimensionType

SNOWFLAKE: Final[Mapping[str, DimensionType]] = {
    # https://docs.snowflake.com/en/sql-reference/data-types-numeric
    "number": "number",
    "decimal": "number",
    "dec": "number",
    "numeric": "number",
    "int": "number",
    "integer": "number",
    "bigint": "number",
    "smallint": "number",
    "tinyint": "number",
    "byteint": "number",
    "float": "number",
    "float4": "number",
    "float8": "number",
    "double": "number",
    "double precision": "number",
    "real": "number",
    "decfloat": "number",
    # SHOW COLUMNS and the drivers call NUMBER so.
    "fixed": "number",
    # https://docs.snowflake.com/en/sql-reference/data-types-text
    "varchar": "string",
    "char": "string",
    "character": "string",
    "nchar": "string",
    "string": "string",
    "text": "string",
    "nvarchar": "string",
    "nvarchar2": "string",
    "char varying": "string",
    "character varying": "string",
    "nchar varying": "string",
    "binary": "string",
    "varbinary": "string",
    "binary varying": "string",
    # https://docs.snowflake.com/en/sql-reference/data-types-logical
    "boolean": "boolean",
    # Not on that page, but in many dbt projects, and it can mean nothing else.
    "bool": "boolean",
    # https://docs.snowflake.com/en/sql-reference/data-types-datetime
    "date": "time",
    "datetime": "time",
    "timestamp": "time",
    "timestamp_ltz": "time",
    "timestampltz": "time",
    "timestamp_ntz": "time",
    "timestampntz": "time",
    "timestamp_tz": "time",
    "timestamptz": "time",
    "time": "string",
    "interval": "string",
    # https://docs.snowflake.com/en/sql-reference/data-types-semistructured and data-types-structured
    "variant": "string",
    "object": "string",
    "array": "string",
    "map": "string",
    # https://docs.snowflake.com/en/sql-reference/data-types-unstructured, -geospatial, -vector, -uuid
    "file": "string",
    "geography": "string",
    "geometry": "string",
    "vector": "string",
    "uuid": "string",
}
