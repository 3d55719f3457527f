"""Which pods run Cube, by their component labels; each one's service account ends in the same word."""

from __future__ import annotations

from floe_cube_infra.components.composition.sql_services import sql_component
from floe_cube_infra.components.flows import API, REFRESH_WORKER
from floe_cube_infra.components.network_policies import Component
from floe_cube_infra.inputs.settings import Settings


def cube_pods(settings: Settings) -> list[Component]:
    """The API, the refresh worker if it has a pod of its own, and each organization's SQL API."""
    return [API, *([REFRESH_WORKER] if settings.refresh_worker.enabled else []), *sql_pods(settings)]


def sql_pods(settings: Settings) -> list[Component]:
    """Each organization's SQL API, where each has its own."""
    organizations = settings.sql.organizations if settings.sql_api == "perOrganization" else ()
    return [Component(sql_component(organization)) for organization in organizations]
