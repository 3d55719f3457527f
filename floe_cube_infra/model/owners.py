"""Whom to ask about a cube or view."""

from __future__ import annotations

from floe_cube_infra.model.frozen import Frozen


class Owner(Frozen):
    """A person or team.

    Attributes:
        name: What they are called.
        emails: Where they are reached.
        origin: Where dbt names them: `meta.owner`, `group finance`, `exposure revenue_dashboard`.
    """

    name: str | None = None
    emails: tuple[str, ...] = ()
    origin: str

    @property
    def text(self) -> str:
        """`Finance <finance@example.com>`."""
        addresses = ", ".join(self.emails)
        if self.name is None:
            return addresses
        return f"{self.name} <{addresses}>" if addresses else self.name
