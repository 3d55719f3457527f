"""Relationships between models become joins between their cubes."""

from floe_cube_infra.translate.joins.edges import Edge
from floe_cube_infra.translate.joins.given import Joining
from floe_cube_infra.translate.joins.joining import Joins, join

__all__ = ["Edge", "Joining", "Joins", "join"]
