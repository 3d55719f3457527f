"""`settings.json`: what varies between stacks, read by the hand-written `cube.js` beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final, Literal

from floe_cube_infra.model.access import ClaimDemand
from floe_cube_infra.model.cube_config import CubeConfig

VERSION: Final = 1
"""Of the file's layout; `settings.js` refuses any other."""


def render_settings(
    config: CubeConfig, *, sql_api: Literal["shared", "off"], demands: Sequence[ClaimDemand] | None = None
) -> str:
    """The settings file; ends with a line break.

    Args:
        config: How Cube is set up.
        sql_api: Whether the SQL API is offered.
        demands: The claims that tokens must carry; by default the configuration's own, of any type.
    """
    security = config.row_level_security
    if demands is None:
        demands = [ClaimDemand(column=security.filter_column, claim=security.filter_claim)]
    document = {
        "version": VERSION,
        "rowLevelSecurity": {
            "enabled": security.enabled,
            "claims": [each.claim for each in demands],
            "claimTypes": {each.claim: each.type for each in demands if each.type is not None},
            "exemptRoles": {each.claim: list(each.exempt_roles) for each in demands if each.exempt_roles},
        },
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
