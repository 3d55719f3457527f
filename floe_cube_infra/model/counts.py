"""How much was read and generated."""

from __future__ import annotations

from floe_cube_infra.model.frozen import Frozen


class Counts(Frozen):
    """How much was read and generated.

    Attributes:
        models: Models of the dbt project.
        columns: Their columns that were read.
        cubes: Cubes.
        roles: Roles.
        views: Views.
        dimensions: Dimensions of all cubes.
        measures: Measures of all cubes.
        joins: Joins of all cubes.
        rollups: Pre-aggregations of all cubes.
        files: Files that are written: what Cube is given, and beside it whom to ask.
        errors: What is wrong with the dbt project; what serves is safe, and less than was meant.
        warnings: What is doubtful.
    """

    models: int = 0
    columns: int = 0
    cubes: int = 0
    roles: int = 0
    views: int = 0
    dimensions: int = 0
    measures: int = 0
    joins: int = 0
    rollups: int = 0
    files: int = 0
    errors: int = 0
    warnings: int = 0
