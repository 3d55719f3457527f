"""Args of the SQL API's services for one organization each: catalog queries show sessions to each other."""

from __future__ import annotations

from dataclasses import replace

from floe_cube_infra.components.cube_api import CubeApiArgs
from floe_cube_infra.components.sql_tls import SqlTls
from floe_cube_infra.generation import Generated
from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.naming import content_hash
from floe_cube_infra.render.component_environment import SQL_PORT_VARIABLE

ORGANIZATION_VARIABLE = "FLOE_ORGANIZATION"
"""Tells `cube.js` the only organization that a pod answers."""


def sql_component(organization: str) -> str:
    """The component label of an organization's pods, and the end of their service's name.

    A hash, since an organization may be called anything and everybody in the cluster can read names.
    """
    return f"sql-{content_hash([organization])}"


def sql_service_args(
    settings: Settings, generated: Generated, api: CubeApiArgs, sql_tls: SqlTls | None
) -> dict[str, CubeApiArgs]:
    """Args of each organization's service, by organization; none unless each has its own.

    Args:
        settings: The stack's settings.
        generated: What was generated.
        api: Args of the API that all share.
        sql_tls: How TLS ends before the SQL API.
    """
    if settings.sql_api != "perOrganization":
        return {}
    port = generated.config.sql_port
    return {
        organization: replace(
            api,
            component=sql_component(organization),
            environment=dict(
                sorted(
                    {
                        **api.environment,
                        SQL_PORT_VARIABLE: str(port),
                        ORGANIZATION_VARIABLE: organization,
                    }.items()
                )
            ),
            replicas=1,
            scaling=None,
            sql_port=port,
            sql_tls=sql_tls,
            sql_load_balancer=None,
        )
        for organization in settings.sql.organizations
    }
