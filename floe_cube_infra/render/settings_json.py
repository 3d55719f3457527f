"""`settings.json`: what varies between stacks, read by the hand-written `cube.js` beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from floe_cube_infra.model.access import ClaimDemand
from floe_cube_infra.model.cube_config import CubeConfig
from floe_cube_infra.model.gateway import Gateway, SqlApi
from floe_cube_infra.model.observation import QueryRecording

VERSION: Final = 1
"""Of the file's layout; `settings.js` refuses any other."""


def render_settings(
    config: CubeConfig,
    gateway: Gateway,
    *,
    sql_api: SqlApi,
    time_zones: Sequence[str] = ("UTC",),
    demands: Sequence[ClaimDemand] | None = None,
    recording: QueryRecording | None = None,
) -> str:
    """The settings file; ends with a line break.

    Args:
        config: How Cube is set up.
        gateway: What every request meets.
        sql_api: How the SQL API is offered.
        time_zones: The IANA zones that rollups are built for, one or more.
        demands: The claims that tokens must carry; by default the configuration's own, of any type.
        recording: What is told of each query, and where; None: nothing.
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
            "algorithms": list(gateway.tokens.algorithms),
            "audience": config.jwt_audience,
            "issuer": config.jwt_issuer,
            "jwksUri": gateway.tokens.jwks_uri,
            "clockToleranceSeconds": gateway.tokens.clock_tolerance_seconds,
            "maxBytes": gateway.tokens.max_bytes,
            "claimsKey": gateway.tokens.claims_key,
            "rolesKey": gateway.tokens.roles_key,
        },
        "devMode": config.dev_mode,
        "sqlApi": sql_api,
        "preAggregationsSchema": config.pre_aggregations_schema,
        "refreshTimeZones": list(time_zones),
        "apiScopes": list(gateway.api_scopes),
        "corsOrigins": list(gateway.cors_origins),
        "observation": recording and {"port": recording.port, "sql": recording.sql},
        "rowLimit": gateway.limits.rows,
        "limits": {
            "queryBytes": gateway.limits.query_bytes,
            "members": gateway.limits.members,
            "filters": gateway.limits.filters,
            "queries": gateway.limits.queries,
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
