"""A cube, and the whole semantic model."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from floe_cube_infra.model.access import AccessRule, Refused, RowAccess
from floe_cube_infra.model.frozen import Frozen, Identifier
from floe_cube_infra.model.members import CubeDimension, CubeHierarchy, CubeJoin, CubeMeasure, CubeSegment
from floe_cube_infra.model.pre_aggregations import CubePreAggregation
from floe_cube_infra.model.views import CubeView


class CubeSchema(Frozen):
    """A cube: a table of the warehouse with its meaning.

    Attributes:
        name: Unique among all cubes and views.
        sql_table: The table as the warehouse spells it, quoted where dbt quotes it.
        dimensions: Its columns; member names are unique in the cube.
        measures: Aggregations.
        segments: Named conditions on rows.
        hierarchies: Dimensions to drill down along.
        joins: To other cubes; one a target.
        pre_aggregations: Tables that answer queries faster.
        filter_column: The dimension that row-level security filters by, if there is one.
        access: Which rows a query may see.
        title: What tools show instead of the name.
        description: What a row is.
        public: Whether queries may use it.
        meta: Anything else.
        dbt_node: The `unique_id` of the dbt node it comes from.
        dbt_file: That node's file in the dbt project.
    """

    name: Identifier
    sql_table: str
    dimensions: tuple[CubeDimension, ...] = ()
    measures: tuple[CubeMeasure, ...] = ()
    segments: tuple[CubeSegment, ...] = ()
    hierarchies: tuple[CubeHierarchy, ...] = ()
    joins: tuple[CubeJoin, ...] = ()
    pre_aggregations: tuple[CubePreAggregation, ...] = ()
    filter_column: Identifier | None = None
    access: Annotated[RowAccess, Field(discriminator="kind")] = Refused()
    title: str | None = None
    description: str | None = None
    public: bool | None = None
    meta: dict[str, object] | None = None
    dbt_node: str
    dbt_file: str | None = None

    @model_validator(mode="after")
    def _members_are_unique(self) -> CubeSchema:
        names = [member.name for part in (self.dimensions, self.measures, self.segments) for member in part]
        if len(set(names)) < len(names):
            twice = sorted({name for name in names if names.count(name) > 1})
            raise ValueError(f"members of the cube {self.name} occur twice: {', '.join(twice)}")
        return self

    @property
    def filter_columns(self) -> tuple[str, ...]:
        """The dimensions that row-level security filters by; `filter_column` is the first of them."""
        if self.access.kind == "filter":
            return tuple(each.member for each in self.access.filters)
        return () if self.filter_column is None else (self.filter_column,)

    @property
    def primary_key(self) -> tuple[str, ...]:
        """The names of the dimensions that make up the key; empty if there is none."""
        return tuple(dimension.name for dimension in self.dimensions if dimension.primary_key)


class RoleCube(Frozen):
    """Another cube in one role that it plays for others: the addresses as billing addresses.

    Cube 1.8 takes one join between two cubes; a second foreign key to the same one joins a cube that extends it.

    Attributes:
        name: Unique among all cubes and views.
        extends: The cube whose members, joins and table it has.
        access: As that cube's.
        title: What tools show instead of the name.
        description: Which role it plays.
        public: As that cube's.
        dbt_node: The `unique_id` of the dbt node that the extended cube comes from.
        dbt_file: That node's file in the dbt project.
    """

    name: Identifier
    extends: Identifier
    access: Annotated[RowAccess, Field(discriminator="kind")] = Refused()
    title: str | None = None
    description: str | None = None
    public: bool | None = None
    dbt_node: str
    dbt_file: str | None = None


class SemanticModel(Frozen):
    """All cubes and views, each sorted by name; no name occurs twice.

    Attributes:
        cubes: One for each dbt node.
        roles: Cubes in further roles.
        views: What tools show first.
        access_rules: One for each of all these.
    """

    cubes: tuple[CubeSchema, ...] = ()
    roles: tuple[RoleCube, ...] = ()
    views: tuple[CubeView, ...] = ()
    access_rules: tuple[AccessRule, ...] = ()
