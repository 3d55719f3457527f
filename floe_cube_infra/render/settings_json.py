"""`settings.json`: what varies between stacks, read by the hand-written `cube.js` beside it."""

from __future__ import annotations

import json
from typing import Final, Literal

from floe_cube_infra.model.cube_config import CubeConfig

VERSION: Final = 1
"""Of the file's layout; `settings.js` refuses any other."""


def render_settings(config: CubeConfig, *, sql_api: Literal["shared", "off"]) -> str:
    """The settings file; ends with a line break.

    Args:
        config: How Cube is set up.
        sql_api: Whether the SQL API is offered.
    """
    security = config.row_level_security
    document = {
        "version": VERSION,
        "rowLevelSecurity": {"enabled": security.enabled, "claims": [security.filter_claim]},
        "jwt": {
            "algorithms": ["HS256"],
            "audience": config.jwt_audience,
            "issuer": config.jwt_issuer,
            "jwksUri": None,
            "clockToleranceSeconds": 0,
            "maxBytes": 16384,
        },
        "devMode": config.dev_mode,
        "sqlApi": sql_api,
        "preAggregationsSchema": config.pre_aggregations_schema,
        "refreshTimeZones": [config.pre_aggregations.timezone],
        "corsOrigins": [],
        "rowLimit": 10000,
    }
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
