"""A query as Cube's REST API takes it, as far as it decides which rollup answers it.

Source: https://cube.dev/docs/product/apis-integrations/rest-api/query-format
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field, ValidationError

from floe_cube_infra.errors import QueryError
from floe_cube_infra.model.frozen import Frozen

MemberName = Annotated[str, Field(pattern=r"^[A-Za-z_]\w*\.[A-Za-z_]\w*$")]


class TimeDimensionQuery(Frozen):
    """A time dimension that is grouped by, or filtered by, or both."""

    dimension: MemberName
    granularity: str | None = None
    date_range: str | list[str] | None = Field(default=None, alias="dateRange")
    compare_date_range: list[str | list[str]] | None = Field(default=None, alias="compareDateRange")

    @property
    def ranges(self) -> tuple[str | list[str], ...]:
        """Every range of dates that is asked for."""
        return (*(() if self.date_range is None else (self.date_range,)), *(self.compare_date_range or ()))


class FilterQuery(Frozen):
    """A condition on a member, or several of them joined with `and` or `or`."""

    member: MemberName | None = None
    dimension: MemberName | None = None
    operator: str | None = None
    values: list[Any] | None = None
    both: list[FilterQuery] | None = Field(default=None, alias="and")
    either: list[FilterQuery] | None = Field(default=None, alias="or")

    @property
    def members(self) -> Iterator[str]:
        """The members of the condition, and of those inside it."""
        name = self.member or self.dimension
        if name is not None:
            yield name
        for inside in (*(self.both or ()), *(self.either or ())):
            yield from inside.members


class CubeQuery(Frozen):
    """A query. What doesn't decide about rollups, such as a limit or an order, is taken and not looked at."""

    measures: tuple[MemberName, ...] = ()
    dimensions: tuple[MemberName, ...] = ()
    segments: tuple[MemberName, ...] = ()
    time_dimensions: tuple[TimeDimensionQuery, ...] = Field(default=(), alias="timeDimensions")
    filters: tuple[FilterQuery, ...] = ()
    timezone: str = "UTC"
    ungrouped: bool = False
    limit: Any = None
    offset: Any = None
    total: Any = None
    order: Any = None
    renew_query: Any = Field(default=None, alias="renewQuery")
    cache: Any = None
    response_format: Any = Field(default=None, alias="responseFormat")

    @property
    def members(self) -> Iterator[str]:
        """Every member, in the order in which Cube looks through them; some more than once."""
        yield from (*self.measures, *self.dimensions, *self.segments)
        for condition in self.filters:
            yield from condition.members
        yield from (each.dimension for each in self.time_dimensions)


def read_query(text: str | bytes, location: str) -> CubeQuery:
    """Reads a query, JSON; it may be wrapped in `{"query": ...}`, as in the body of a request.

    Args:
        text: The JSON.
        location: Where it came from, for errors.

    Raises:
        QueryError: It is no such query.
    """
    try:
        return _Request.model_validate_json(text).query
    except ValidationError:
        pass
    try:
        return CubeQuery.model_validate_json(text)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, each['loc'])) or 'it'}: {each['msg']}" for each in error.errors()]
    raise QueryError(f"{location} is no query of Cube's REST API:", problems)


class _Request(Frozen):
    query: CubeQuery
