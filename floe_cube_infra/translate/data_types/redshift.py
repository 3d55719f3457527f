"""Redshift's types: those of PostgreSQL, from which it descends, and a few of its own.

Source: https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from floe_cube_infra.model.members import DimensionType
from floe_cube_infra.translate.data_types.postgres import POSTGRES

REDSHIFT: Final[Mapping[str, DimensionType]] = {
    **POSTGRES,
    "nvarchar": "string",
    "super": "string",
    "hllsketch": "string",
    "varbyte": "string",
    "varbinary": "string",
    "binary varying": "string",
}
