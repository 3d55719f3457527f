"""Who of Marquez is called what, and where: https://marquezproject.ai/docs/api/record-lineage."""

from __future__ import annotations

from typing import Final

from floe_cube_infra.observation import MARQUEZ_PORT

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
