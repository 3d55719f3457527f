"""BigQuery's types, GoogleSQL's names and the older ones that its API still gives.

Source: https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types and
https://cloud.google.com/bigquery/docs/data-types (legacy SQL).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from floe_cube_infra.model.members import DimensionType

BIGQUERY: Final[Mapping[str, DimensionType]] = {
    "int64": "number",
    "int": "number",
    "smallint": "number",
    "integer": "number",
    "bigint": "number",
    "tinyint": "number",
    "byteint": "number",
    "numeric": "number",
    "decimal": "number",
    "bignumeric": "number",
    "bigdecimal": "number",
    "float64": "number",
    "bool": "boolean",
    "boolean": "boolean",
    "string": "string",
    # https://docs.getdbt.com/reference/resource-configs/contract: dbt's alias (`alias_types`) of string.
    "text": "string",
    "bytes": "string",
    "date": "time",
    "datetime": "time",
    "timestamp": "time",
    "time": "string",
    "interval": "string",
    # RANGE<DATE>: two points in time, so not one of them.
    "range": "string",
    "json": "string",
    "geography": "string",
    "array": "string",
    "struct": "string",
    # Legacy SQL and the API's `type` field.
    "float": "number",
    "record": "string",
}
