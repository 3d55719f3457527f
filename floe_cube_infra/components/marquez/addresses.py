"""Who of Marquez is called what, and where: https://marquezproject.ai/docs/api/record-lineage."""

from __future__ import annotations

from typing import Final

from floe_cube_infra.observation import LINEAGE_PATH, MARQUEZ_PORT

SERVER_COMPONENT: Final = "marquez"
WEB_COMPONENT: Final = "marquez-web"
DATABASE_COMPONENT: Final = "marquez-database"
"""The component labels of the pods."""

API_PORT: Final = MARQUEZ_PORT
ADMIN_PORT: Final = 5001
ADMIN: Final = "admin"
"""The port with health and metrics."""

WEB_PORT: Final = 3000
DATABASE_PORT: Final = 5432

DATABASE: Final = "marquez"
"""The stack's own database, and its user."""

USERNAME_KEY: Final = "username"
PASSWORD_KEY: Final = "password"  # noqa: S105 - the name of a key
"""The keys of the Secret with its user."""


def database_name(name: str) -> str:
    """What the stack's own database is called, and the Secret with its user.

    Args:
        name: Marquez's name.
    """
    return f"{name}-database"


def own_url(name: str) -> str:
    """Where pods of the namespace find the stack's own Marquez.

    Args:
        name: Marquez's name.
    """
    return f"http://{name}:{API_PORT}"


def lineage_endpoint(url: str) -> str:
    """Where a Marquez takes lineage.

    Args:
        url: Its address, without a slash at the end.
    """
    return url + LINEAGE_PATH
