"""The floe platform's contracts: what other packages of the platform may rely on of our model.

A cube as the contract `cube-schema` knows it is less than a cube of ours: what the contract can't say is left out.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, cast, get_args

from pydantic import Field

from floe_cube_infra.model.cubes import CubeSchema
from floe_cube_infra.model.frozen import Frozen, Identifier
from floe_cube_infra.model.members import DimensionType, MeasureType, Relationship

ContractMeasureType = Literal[
    "count", "sum", "avg", "min", "max", "countDistinct", "countDistinctApprox", "runningTotal"
]
ContractGranularity = Literal["second", "minute", "hour", "day", "week", "month", "quarter", "year"]


_GRANULARITIES: Final = get_args(ContractGranularity)
_MEASURE_TYPES: Final[dict[MeasureType, ContractMeasureType]] = {
    "count": "count",
    "sum": "sum",
    "avg": "avg",
    "min": "min",
    "max": "max",
    "count_distinct": "countDistinct",
    "count_distinct_approx": "countDistinctApprox",
}


class ContractDimension(Frozen):
    """A dimension of the contract."""

    name: Identifier
    sql: str
    type: DimensionType
    primary_key: bool = False
    description: str | None = None
    meta: dict[str, object] | None = None


class ContractMeasureFilter(Frozen):
    """A condition on the rows that a measure aggregates."""

    sql: str


class ContractMeasure(Frozen):
    """A measure of the contract."""

    name: Identifier
    type: ContractMeasureType
    sql: str | None = None
    description: str | None = None
    filters: tuple[ContractMeasureFilter, ...] | None = None


class ContractJoin(Frozen):
    """A join of the contract."""

    name: str
    relationship: Relationship
    sql: str


class ContractPreAggregation(Frozen):
    """A pre-aggregation of the contract."""

    name: Identifier
    measures: Annotated[tuple[str, ...], Field(min_length=1)]
    dimensions: tuple[str, ...] = ()
    time_dimension: str | None = None
    granularity: ContractGranularity = "day"
    refresh_every: str
    external: bool = True


class ContractCube(Frozen):
    """A cube of the contract `cube-schema`."""

    name: Identifier
    sql_table: str
    description: str | None = None
    filter_column: str | None = None
    dimensions: Annotated[tuple[ContractDimension, ...], Field(min_length=1)]
    measures: tuple[ContractMeasure, ...]
    joins: tuple[ContractJoin, ...] = ()
    pre_aggregations: tuple[ContractPreAggregation, ...] = ()


def contract_cube(cube: CubeSchema) -> ContractCube:
    """The cube as the contract knows it.

    Left out: measures computed on others, rollups without a schedule or without measures, and all that only Cube
    knows (titles, segments, views, access policies).

    Raises:
        pydantic.ValidationError: The cube has no dimension, which the contract demands.
    """
    return ContractCube(
        name=cube.name,
        sql_table=cube.sql_table,
        description=cube.description,
        filter_column=cube.filter_column,
        dimensions=tuple(
            ContractDimension(
                name=dimension.name,
                sql=dimension.sql,
                type=dimension.type,
                primary_key=dimension.primary_key,
                description=dimension.description,
                meta=dimension.meta,
            )
            for dimension in cube.dimensions
        ),
        measures=tuple(
            ContractMeasure(
                name=measure.name,
                type=_MEASURE_TYPES[measure.type],
                sql=measure.sql,
                description=measure.description,
                filters=tuple(ContractMeasureFilter(sql=condition.sql) for condition in measure.filters) or None,
            )
            for measure in cube.measures
            if measure.type in _MEASURE_TYPES
        ),
        joins=tuple(ContractJoin(**join.model_dump()) for join in cube.joins),
        pre_aggregations=tuple(_pre_aggregations(cube)),
    )


def _pre_aggregations(cube: CubeSchema) -> list[ContractPreAggregation]:
    return [
        ContractPreAggregation(
            name=item.name,
            measures=item.measures,
            dimensions=item.dimensions,
            time_dimension=item.time_dimension,
            granularity=cast(ContractGranularity, item.granularity or "day"),
            refresh_every=item.refresh_key.every,
            external=item.external is not False,
        )
        for item in cube.pre_aggregations
        if item.measures
        and item.refresh_key is not None
        and item.refresh_key.every is not None
        and (item.granularity or "day") in _GRANULARITIES
    ]
