"""What joins are decided from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.translate.guards import Guards
from floe_cube_infra.translate.joins.edges import Edge
from floe_cube_infra.translate.row_access import RowSecurity
from floe_cube_infra.translate.sources import SourceColumn, SourceModel


@dataclass(frozen=True, kw_only=True)
class Joining:
    """What joins are decided from.

    Attributes:
        sources: The nodes that become cubes, by `unique_id`.
        keys: Their primary keys, by `unique_id`.
        guards: What tests guarantee.
        edges: Further edges: those of semantic models.
        security: Cubes that are both filtered are joined on their filter columns, too.
        database_type: Decides quoting.
    """

    sources: Mapping[str, SourceModel]
    keys: Mapping[str, tuple[SourceColumn, ...]]
    guards: Guards
    edges: Iterable[Edge]
    security: RowSecurity
    database_type: DatabaseType

    def problem_with_key(self, *joined: SourceModel) -> str | None:
        """What to say of the first of these cubes that has no primary key, without which Cube refuses joins."""
        for source in joined:
            if not self.keys.get(source.node.unique_id):
                return (
                    f"{source.cube_name} has no primary key, which Cube needs to join; add unique and not_null tests, "
                    "a primary_key constraint, or meta.cube.primary_key"
                )
        return None
