"""The types of Databricks SQL and of Spark, from which it has them.

Source: https://docs.databricks.com/en/sql/language-manual/sql-ref-datatypes.html and
https://spark.apache.org/docs/latest/sql-ref-datatypes.html (the tab "SQL" names the aliases).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from floe_cube_infra.model.members import DimensionType

DATABRICKS: Final[Mapping[str, DimensionType]] = {
    "tinyint": "number",
    "byte": "number",
    "smallint": "number",
    "short": "number",
    "int": "number",
    "integer": "number",
    "bigint": "number",
    "long": "number",
    "decimal": "number",
    "dec": "number",
    "numeric": "number",
    "float": "number",
    "real": "number",
    "double": "number",
    "boolean": "boolean",
    # Not on that page, but in many dbt projects, and it can mean nothing else.
    "bool": "boolean",
    "string": "string",
    "char": "string",
    "character": "string",
    "varchar": "string",
    "binary": "string",
    "date": "time",
    "timestamp": "time",
    "timestamp_ltz": "time",
    "timestamp_ntz": "time",
    "time": "string",
    "interval": "string",
    # The type of a column in which every value is NULL.
    "void": "string",
    "null": "string",
    "array": "string",
    "map": "string",
    "struct": "string",
    "variant": "string",
    "object": "string",
    "geography": "string",
    "geometry": "string",
}
