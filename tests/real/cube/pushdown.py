"""Questions with member expressions, as the SQL API sends them when it pushes SQL down to the database."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from tests.real.cube.questions import Cube, Query, Question


def expression(cube: str, alias: str, sql: str, *others: str) -> str:
    """An expression in the place of a member's name.

    Args:
        cube: The cube that it belongs to.
        alias: Its name in the answer.
        sql: Its SQL, with `${cube.member}`.
        others: Further cubes that it names.
    """
    function = {"type": "SqlFunction", "cubeParams": [cube, *others], "sql": sql}
    return json.dumps({"cubeName": cube, "alias": alias, "expr": function})


def patched(cube: str, measure: str, condition: str) -> str:
    """A measure with another filter."""
    patch = {
        "type": "PatchMeasure",
        "sourceMeasure": measure,
        "replaceAggregationType": None,
        "addFilters": [{"cubeParams": [cube], "sql": condition}],
    }
    return json.dumps({"cubeName": cube, "alias": "patched", "expr": patch})


def pushdown_questions(cubes: list[Cube]) -> list[Question]:
    """All questions; each is asked once."""
    by_name = {cube.name: cube for cube in cubes}
    found: dict[str, Question] = {}
    for cube in cubes:
        if cube.dimensions:
            for family, query in [*_about(cube), *_across(cube, by_name)]:
                found.setdefault(str(query), Question(family=family, query=query))
    return list(found.values())


def _about(cube: Cube) -> Iterator[tuple[str, Query]]:
    name, first, last = cube.name, cube.dimensions[0], cube.dimensions[-1]
    rows = expression(name, "rows", "COUNT(*)")
    yield "rows", {"measures": [rows], "dimensions": [first]}
    yield "rows", {"measures": [expression(name, "rows", f"COUNT(${{{first}}})")]}
    for dimension in cube.dimensions:
        yield "distinct values", {"measures": [expression(name, "seen", f"COUNT(DISTINCT ${{{dimension}}}::text)")]}
    yield "an expression", {"measures": [rows], "dimensions": [expression(name, "text", f"${{{last}}}::text")]}
    yield "an expression", {"dimensions": [expression(name, "text", f"${{{last}}}::text || '-' || ${{{first}}}::text")]}
    always = expression(name, "always", f"(${{{first}}} IS NOT NULL OR 1 = 1)")
    yield "a tautology", {"measures": [rows], "segments": [always]}
    for measure in cube.measures:
        if measure.endswith("count"):
            yield "a measure", {"measures": [expression(name, "twice", f"${{{measure}}} * 2")], "dimensions": [first]}
    for measure in cube.sums:
        yield "a patched measure", {"measures": [patched(name, measure, f"(${{{first}}} IS NOT NULL OR TRUE)")]}
    for time in cube.times:
        month = expression(name, "month", f"DATE_TRUNC('month', ${{{time}}})")
        yield "an expression", {"measures": [rows], "dimensions": [month]}


def _across(cube: Cube, by_name: Mapping[str, Cube]) -> Iterator[tuple[str, Query]]:
    for other in (by_name[name] for name in cube.joins if by_name[name].dimensions):
        theirs, ours = other.dimensions[-1], cube.dimensions[0]
        foreign = expression(cube.name, "foreign", f"COUNT(DISTINCT ${{{theirs}}}::text)", other.name)
        hint = {"joinHints": [[cube.name, other.name]]}
        yield "another cube's member", {"measures": [foreign], **hint}
        yield "another cube's member", {"measures": [foreign], "dimensions": [ours], **hint}
        both = f"${{{ours}}}::text || ${{{theirs}}}::text"
        yield "another cube's member", {"dimensions": [expression(cube.name, "both", both, other.name)], **hint}
        is_same = expression(cube.name, "same", f"(${{{ours}}}::text <> ${{{theirs}}}::text OR TRUE)", other.name)
        yield "a tautology", {"measures": [expression(cube.name, "rows", "COUNT(*)")], "segments": [is_same], **hint}
