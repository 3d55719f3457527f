"""Questions about everything in a model, as friends and as attackers ask them, in the form of Cube's REST API.

None needs an order or a limit to have one right answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Query = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Question:
    """A query and why it is asked.

    Attributes:
        family: What it tries.
        query: For Cube.
    """

    family: str
    query: Query

    def __str__(self) -> str:
        return f"{self.family}: {self.query}"


@dataclass(frozen=True, kw_only=True)
class Cube:
    """A cube or view as `/meta` tells it; names are those of members, `orders.count`.

    Attributes:
        name: Its name.
        measures: All but those over windows of time.
        sums: The measures that add up a column.
        windows: The measures over windows of time.
        dimensions: All but times.
        times: Time dimensions.
        segments: Segments.
        is_view: Whether it is a view.
        joins: The cubes that it declares joins to.
        has_key: Whether it has a primary key, without which Cube gives no details.
    """

    name: str
    measures: tuple[str, ...]
    sums: tuple[str, ...]
    windows: tuple[str, ...]
    dimensions: tuple[str, ...]
    times: tuple[str, ...]
    segments: tuple[str, ...]
    is_view: bool
    joins: tuple[str, ...]
    has_key: bool


def read_meta(
    meta: Mapping[str, Any], joins: Mapping[str, tuple[str, ...]], without_key: Collection[str]
) -> list[Cube]:
    """The cubes of an answer of `/meta`; joins and keys aren't in it."""

    def names(members: list[dict[str, Any]]) -> tuple[str, ...]:
        return tuple(member["name"] for member in members)

    return [
        Cube(
            name=cube["name"],
            measures=names([one for one in cube["measures"] if not one["cumulative"]]),
            sums=names([one for one in cube["measures"] if one["aggType"] == "sum" and not one["cumulative"]]),
            windows=names([one for one in cube["measures"] if one["cumulative"]]),
            dimensions=names([one for one in cube["dimensions"] if one["type"] != "time"]),
            times=names([one for one in cube["dimensions"] if one["type"] == "time"]),
            segments=names(cube["segments"]),
            is_view=cube["type"] == "view",
            joins=joins[cube["name"]],
            has_key=cube["name"] not in without_key,
        )
        for cube in meta["cubes"]
    ]


def questions(cubes: list[Cube]) -> list[Question]:
    """All questions; each is asked once."""
    by_name = {cube.name: cube for cube in cubes}
    found: dict[str, Question] = {}
    for cube in cubes:
        others = [by_name[name] for name in cube.joins if name in by_name]
        for family, query in [*_about(cube), *_across(cube, others), *_across_two_joins(cube, others, by_name)]:
            question = Question(family=family, query=query)
            found.setdefault(str(sorted(query.items())), question)
    return list(found.values())


def _about(cube: Cube) -> Iterator[tuple[str, Query]]:
    for measure in cube.measures:
        yield "a member", {"measures": [measure]}
    for dimension in cube.dimensions:
        yield "a member", {"dimensions": [dimension]}
    for time in cube.times:
        yield "a member", {"dimensions": [time]}
        for granularity in ("day", "month"):
            asked = {"timeDimensions": [{"dimension": time, "granularity": granularity}]}
            yield "a time dimension", {"measures": [*cube.measures[:1]], **asked}
        within = {"dimension": time, "dateRange": ["2024-11-01", "2025-01-31"]}
        yield "a time dimension", {"measures": [*cube.measures[:1]], "timeDimensions": [within]}
    for window in cube.windows:
        within = {"dimension": cube.times[0], "granularity": "day", "dateRange": ["2024-11-01", "2024-12-15"]}
        yield "a window of time", {"measures": [window], "timeDimensions": [within]}
    for segment in cube.segments:
        yield "a segment", {"measures": [*cube.measures[:1]], "segments": [segment]}
        yield "a segment", {"dimensions": [*cube.dimensions[:1]], "segments": [segment]}
    if cube.measures and cube.dimensions:
        yield from _filtered(cube)


def _filtered(cube: Cube) -> Iterator[tuple[str, Query]]:
    measure, dimension = cube.measures[0], cube.dimensions[0]
    is_set, is_not_set = ({"member": dimension, "operator": operator} for operator in ("set", "notSet"))
    asked = {"measures": [measure], "dimensions": [dimension]}
    yield "a tautology", {**asked, "filters": [{"or": [is_set, is_not_set]}]}
    nested = {"or": [{"and": [is_set, is_not_set]}, {"or": [is_not_set, {"and": [is_set]}]}]}
    yield "a tautology", {**asked, "filters": [nested]}
    yield "a filter on a measure", {**asked, "filters": [{"member": measure, "operator": "gte", "values": ["0"]}]}
    if cube.has_key:
        yield "a detail", {"dimensions": [*cube.dimensions[:4]], "ungrouped": True}
    for column in (name for name in cube.dimensions if name.endswith(("organization_id", ".org_id"))):
        for others in (["1"], ["2"], ["3"], ["1", "2", "3"]):
            is_other = {"member": column, "operator": "equals", "values": others}
            is_not_other = {**is_other, "operator": "notEquals"}
            yield "another organization", {**asked, "filters": [is_other]}
            yield "another organization", {**asked, "filters": [{"or": [is_other, is_not_other]}]}
        yield "another organization", {"measures": [measure], "dimensions": [column]}
        anything = {"member": column, "operator": "gte", "values": ["0"]}
        yield "another organization", {"measures": [measure], "filters": [{"or": [anything, is_set]}]}


def _across(cube: Cube, others: list[Cube]) -> Iterator[tuple[str, Query]]:
    for other in others:
        if cube.measures and other.dimensions:
            yield "a pair", {"measures": [cube.measures[0]], "dimensions": [other.dimensions[0]]}
            yield "a pair", {"measures": [*cube.measures], "dimensions": [other.dimensions[-1]]}
            only = {"member": other.dimensions[0], "operator": "set"}
            yield "a pair", {"measures": [cube.measures[0]], "filters": [only]}
            either = {"or": [only, {"member": cube.dimensions[0], "operator": "set"}]}
            yield "a tautology", {"measures": [cube.measures[0]], "filters": [either]}
        if cube.dimensions and other.measures:
            yield "a pair", {"measures": [other.measures[0]], "dimensions": [cube.dimensions[0]]}
        if cube.measures and other.measures:
            yield "a pair", {"measures": [cube.measures[0], other.measures[0]]}
        if cube.dimensions and other.dimensions:
            yield "a pair", {"dimensions": [cube.dimensions[-1], other.dimensions[-1]]}
        for segment in other.segments:
            yield "a segment", {"measures": [*cube.measures[:1]], "segments": [segment]}


def _across_two_joins(cube: Cube, others: list[Cube], by_name: Mapping[str, Cube]) -> Iterator[tuple[str, Query]]:
    for hop in others:
        for far in (by_name[name] for name in hop.joins if name in by_name):
            # Nothing of the hop is asked for.
            if cube.measures and far.dimensions:
                yield "a hop", {"measures": [cube.measures[0]], "dimensions": [far.dimensions[-1]]}
            if cube.dimensions and far.measures:
                yield "a hop", {"measures": [far.measures[0]], "dimensions": [cube.dimensions[0]]}
            if cube.dimensions and far.dimensions:
                yield "a hop", {"dimensions": [cube.dimensions[0], far.dimensions[0]]}
