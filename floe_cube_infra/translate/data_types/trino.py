"""Trino's types, and those that its own plugins and connectors add.

Source: https://trino.io/docs/current/language/types.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from floe_cube_infra.model.members import DimensionType

TRINO: Final[Mapping[str, DimensionType]] = {
    "boolean": "boolean",
    "tinyint": "number",
    "smallint": "number",
    "integer": "number",
    "int": "number",
    "bigint": "number",
    "real": "number",
    "double": "number",
    # Trino's grammar (SqlBase.g4) takes the standard's two words too.
    "double precision": "number",
    "decimal": "number",
    # https://trino.io/docs/current/release/release-481.html, which speaks of `variant` too.
    "number": "number",
    "varchar": "string",
    "char": "string",
    # https://docs.getdbt.com/reference/resource-configs/contract: dbt's aliases (`alias_types`) of two types.
    "string": "string",
    "float": "number",
    "varbinary": "string",
    "json": "string",
    "date": "time",
    "timestamp": "time",
    "time": "string",
    "interval": "string",
    "array": "string",
    "map": "string",
    "row": "string",
    "variant": "string",
    "ipaddress": "string",
    "uuid": "string",
    # Sketches: of use to Trino's functions only.
    "hyperloglog": "string",
    "p4hyperloglog": "string",
    "setdigest": "string",
    "qdigest": "string",
    "tdigest": "string",
    # https://trino.io/docs/current/functions/geospatial.html
    "geometry": "string",
    "sphericalgeography": "string",
    "bingtile": "string",
    "kdbtree": "string",
    # https://trino.io/docs/current/functions/color.html
    "color": "string",
    # https://trino.io/docs/current/connector/mongodb.html#objectid
    "objectid": "string",
    # The type of a column in which every value is NULL.
    "unknown": "string",
}
