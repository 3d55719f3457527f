"""What a query asks of a rollup, once its members and row-level security are known.

Source: PreAggregations.transformQueryToCanUseForm of @cubejs-backend/schema-compiler.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from floe_cube_infra.acceleration.granularities import coarsest
from floe_cube_infra.acceleration.members import Members, Named
from floe_cube_infra.acceleration.query import CubeQuery, FilterQuery
from floe_cube_infra.errors import QueryError
from floe_cube_infra.model.cubes import CubeSchema
from floe_cube_infra.model.members import CubeMeasure
from floe_cube_infra.translate.pre_aggregations.additivity import ADDITIVE
from floe_cube_infra.translate.pre_aggregations.join_trees import joined_cubes
from floe_cube_infra.translate.references import reached_cubes


@dataclass(frozen=True, kw_only=True)
class AskedTime:
    """A time dimension of a query.

    Attributes:
        time: The dimension.
        needed: How fine a rollup must be, its range of dates considered; None where it doesn't matter.
        granularity: What is grouped by; None for a mere filter.
    """

    time: Named
    needed: str | None
    granularity: str | None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A query in the form in which rollups are held against it.

    Attributes:
        query: As it was given.
        measures: What is measured, or filtered by as a measure.
        dimensions: What is grouped by.
        conditions: Dimensions and segments that are filtered by, those of row-level security included.
        times: Time dimensions.
        leaves: The aggregations that the measures are made of, `cube.measure`.
        cubes: The cubes among whose rollups Cube looks, in its order: those of the members, those that are filtered.
        joined: The cubes that Cube joins.
        row_filters: The columns that row-level security filters by, `cube.column`.
        pinned: What is held to just one value, by name; None where a condition isn't so simple.
    """

    query: CubeQuery
    measures: tuple[Named, ...]
    dimensions: tuple[Named, ...]
    conditions: tuple[Named, ...]
    times: tuple[AskedTime, ...]
    leaves: tuple[str, ...]
    cubes: tuple[str, ...]
    joined: frozenset[str]
    row_filters: tuple[str, ...]
    pinned: frozenset[str] | None

    @property
    def needed(self) -> tuple[Named, ...]:
        """Every dimension and segment that a rollup must keep apart, once."""
        return tuple({each.name: each for each in (*self.dimensions, *self.conditions)}.values())

    @property
    def aliases(self) -> Mapping[str, str]:
        """Members of cubes by the names that the query has for them in a view."""
        named = (*self.measures, *self.dimensions, *self.conditions, *(each.time for each in self.times))
        return {each.own: each.name for each in named if each.is_of_a_view}


def ask(query: CubeQuery, members: Members) -> Asked:
    """What the query asks; row-level security is taken to let one value of each filter column through.

    Raises:
        QueryError: It names what the model doesn't have.
    """
    found = _find(query, members)
    conditions = [found[name] for condition in query.filters for name in condition.members]
    measures = [found[name] for name in query.measures] + [each for each in conditions if _is_measure(each)]
    named = list(dict.fromkeys(name for name in query.members))
    joined = _joined([found[name] for name in named], members)
    cubes = tuple(dict.fromkeys((*(found[name].own.partition(".")[0] for name in named), *sorted(joined))))
    filtered = tuple(f"{cube}.{column}" for cube in sorted(joined) for column in members.cubes[cube].filter_columns)
    own_filters = [each for name in filtered if (each := members.find(name)) is not None]
    dimensions = tuple(found[name] for name in query.dimensions)
    return Asked(
        query=query,
        measures=tuple({each.name: each for each in measures}.values()),
        dimensions=dimensions,
        conditions=(
            *(each for each in conditions if not _is_measure(each)),
            *(found[name] for name in query.segments),
            *own_filters,
        ),
        times=tuple(
            AskedTime(time=found[each.dimension], needed=coarsest(each), granularity=each.granularity)
            for each in query.time_dimensions
        ),
        leaves=tuple(dict.fromkeys(leaf for each in measures for leaf in members.leaf_measures(each.own))),
        cubes=cubes,
        joined=joined,
        row_filters=filtered,
        pinned=_pinned(query, dimensions, filtered, found),
    )


def multiplied(measures: Sequence[str], cubes: Collection[str], members: Members) -> tuple[str, ...]:
    """The measures, `cube.measure`, whose rows would occur more than once where these cubes are joined.

    Source: JoinGraph.findMultiplicationFactorFor.
    """
    return tuple(
        name
        for name in measures
        if isinstance(measure := members.own(name), CubeMeasure)
        and measure.type != "count_distinct"
        and _is_multiplied(name.partition(".")[0], cubes, members.cubes)
    )


def adds_up(name: str, members: Members) -> bool:
    """Whether Cube can sum an aggregation up further, `cube.measure`."""
    measure = members.own(name)
    return isinstance(measure, CubeMeasure) and measure.type in ADDITIVE


def _find(query: CubeQuery, members: Members) -> dict[str, Named]:
    found = {name: member for name in dict.fromkeys(query.members) if (member := members.find(name)) is not None}
    unknown = [name for name in dict.fromkeys(query.members) if name not in found]
    if unknown:
        raise QueryError(
            "The query names what the model doesn't have:",
            (_unknown(name, sorted(members.names())) for name in unknown),
        )
    problems = [f"{name} is no measure" for name in query.measures if not _is_measure(found[name])]
    problems += [
        f"{name} is a measure; it can't be grouped by" for name in query.dimensions if _is_measure(found[name])
    ]
    if problems:
        raise QueryError("The query can't be asked:", problems)
    return found


def _unknown(name: str, known: Sequence[str]) -> str:
    cube = name.partition(".")[0]
    there = [each.partition(".")[2] for each in known if each.startswith(f"{cube}.")]
    if there:
        return f"{name}; members of {cube} are: {', '.join(there)}"
    return f"{name}; cubes and views are: {', '.join(sorted({each.partition('.')[0] for each in known}))}"


def _is_measure(named: Named) -> bool:
    return isinstance(named.member, CubeMeasure)


def _joined(named: Sequence[Named], members: Members) -> frozenset[str]:
    touched = {cube for each in named for cube in each.path}
    for each in named:
        cube = each.own.partition(".")[0]
        reached = reached_cubes(members.cubes[cube], members.cubes).get(each.member.name, ())
        touched |= {other.partition(".")[0] for other in reached}
    return joined_cubes(sorted(touched), members.cubes) or frozenset(touched)


def _pinned(
    query: CubeQuery, dimensions: Sequence[Named], filtered: Sequence[str], found: Mapping[str, Named]
) -> frozenset[str] | None:
    counts = {each.name: 1 for each in dimensions} | dict.fromkeys(query.segments, 1)
    if not _count(query.filters, counts, found):
        return None
    for name in filtered:
        counts[name] = min(counts.get(name, 2), 1)
    return frozenset(counts) if all(count == 1 for count in counts.values()) else None


def _count(conditions: Sequence[FilterQuery], counts: dict[str, int], found: Mapping[str, Named]) -> bool:
    """Counts the values of `equals`; whether there is nothing but such conditions, joined with `and`."""
    for condition in conditions:
        if condition.both is not None:
            if not _count(condition.both, counts, found):
                return False
            continue
        name = condition.member or condition.dimension
        if name is None:
            return False
        if _is_measure(found[name]):
            continue
        if condition.operator != "equals":
            return False
        counts[name] = min(counts.get(name, 2), len(condition.values or ()))
    return True


def _is_multiplied(cube: str, cubes: Collection[str], schemas: Mapping[str, CubeSchema]) -> bool:
    seen = {cube}
    queue = [cube]
    for each in queue:
        for other, is_to_many in _neighbours(each, cubes, schemas):
            if other not in seen:
                if is_to_many:
                    return True
                seen.add(other)
                queue.append(other)
    return False


def _neighbours(cube: str, cubes: Collection[str], schemas: Mapping[str, CubeSchema]) -> Iterator[tuple[str, bool]]:
    for join in schemas[cube].joins:
        if join.name in cubes:
            yield join.name, join.relationship == "one_to_many"
    for name in cubes:
        for join in schemas[name].joins:
            if join.name == cube:
                yield name, join.relationship == "many_to_one"
