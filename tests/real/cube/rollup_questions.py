"""Queries around a model's rollups: some that they answer, some that just don't; drawn at random, always the same."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any, Final

from tests.real.cube.questions import Cube, Query

RANGES: Final = (
    None,
    ["2024-11-01", "2024-12-31"],
    ["2024-11-04", "2024-11-24"],
    ["2024-11-05", "2024-12-09"],
    "2024-11-15",
    ["2024-11-15T06:00:00.000", "2024-11-20T17:59:59.999"],
    ["2024-11-15T06:00:00", "2024-11-20T18:00:00"],
    ["2024-01-01", "2024-12-31"],
)
LIKELY: Final = frozenset(
    [
        "organization_id",
        "status",
        "channel",
        "is_gift",
        "loyalty_tier",
        "marketing_opt_in",
        "is_bulk",
        "plan",
        "reason",
        "is_refunded",
        "org_id",
        "customers_loyalty_tier",
    ]
)
"""Dimensions that rollups have."""
GRANULARITIES: Final = (None, "hour", "day", "day", "week", "month", "month", "quarter", "year")


def rollup_questions(cubes: Sequence[Cube], each: int, seed: int = 1) -> list[Query]:
    """So many queries of each cube and view that has measures."""
    chance = random.Random(seed)
    by_name = {cube.name: cube for cube in cubes}
    return [query for cube in cubes if cube.measures for query in _about(cube, by_name, each, chance)]


def _about(cube: Cube, by_name: dict[str, Cube], each: int, chance: random.Random) -> Iterator[Query]:
    neighbours = [by_name[name] for name in cube.joins if name in by_name]
    for _ in range(each):
        dimensions = [*cube.dimensions, *(name for other in neighbours for name in other.dimensions)]
        likely = [name for name in dimensions if name.rpartition(".")[2] in LIKELY]
        query: dict[str, Any] = {
            "measures": chance.sample(cube.measures, min(len(cube.measures), chance.choice((1, 1, 2, 3)))),
            "dimensions": _some(likely if chance.random() < 0.8 else dimensions, chance),
        }
        if cube.times and chance.random() < 0.7:
            query["timeDimensions"] = [_time(chance.choice(cube.times), chance)]
        if filters := [_filter(name, chance) for name in _some(likely, chance)[:1]]:
            query["filters"] = filters
        if cube.segments and chance.random() < 0.2:
            query["segments"] = [chance.choice(cube.segments)]
        if chance.random() < 0.05:
            query["filters"] = [*query.get("filters", []), _at_least(cube.measures[0])]
        if chance.random() < 0.05 and cube.has_key:
            query["ungrouped"] = True
        if chance.random() < 0.05:
            query["timezone"] = "America/New_York"
        yield query


def _some(names: Sequence[str], chance: random.Random) -> list[str]:
    return chance.sample(list(names), min(len(names), chance.choice((0, 0, 1, 1, 2))))


def _time(dimension: str, chance: random.Random) -> dict[str, Any]:
    granularity, within = chance.choice(GRANULARITIES), chance.choice(RANGES)
    within = within or (None if granularity else RANGES[1])
    return {
        "dimension": dimension,
        **({"granularity": granularity} if granularity else {}),
        **({"dateRange": within} if within else {}),
    }


def _filter(name: str, chance: random.Random) -> dict[str, Any]:
    is_set, is_not = {"member": name, "operator": "set"}, {"member": name, "operator": "notSet"}
    one = {"member": name, "operator": "equals", "values": ["1"]}
    if name.rpartition(".")[2] in ("is_gift", "is_bulk", "is_refunded", "marketing_opt_in"):
        one["values"] = ["true"]
    return chance.choice((is_set, one, one, {"or": [is_set, is_not]}, {"and": [is_set, one]}))


def _at_least(measure: str) -> dict[str, Any]:
    return {"member": measure, "operator": "gte", "values": ["2"]}
