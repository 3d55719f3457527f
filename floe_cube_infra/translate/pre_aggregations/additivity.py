"""Measures that a rollup can't sum up further, so that few queries get anything from it.

Cube answers a query with fewer dimensions or a coarser granularity than the rollup's only from additive measures
(BaseMeasure.isAdditive of @cubejs-backend/schema-compiler: sum, count, min, max, count_distinct_approx), and a
computed measure from the measures it is made of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from floe_cube_infra.model.members import CubeMeasure
from floe_cube_infra.translate.pre_aggregations.known_cubes import KnownCubes
from floe_cube_infra.translate.pre_aggregations.member_references import OWN, MemberReference
from floe_cube_infra.translate.references import references

ADDITIVE = frozenset({"sum", "count", "min", "max", "count_distinct_approx"})
COMPUTED = frozenset({"number", "string", "boolean", "time"})

_INSTEAD = {
    "count_distinct": "count_distinct_approx adds up, where an estimate will do",
    "avg": "a sum and a count add up, and a measure of the type number divides them",
}


def doubts_about_measures(measures: Sequence[MemberReference], known: KnownCubes) -> Iterator[str]:
    """A warning for each measure that only answers queries with exactly the rollup's dimensions and granularity."""
    have = {reference.key for reference in measures}
    for reference in measures:
        measure = reference.member
        if not isinstance(measure, CubeMeasure):
            continue
        if measure.type in _INSTEAD:
            yield (
                f"the measure {measure.name} ({measure.type}) does not add up, so only queries with exactly these "
                f"dimensions and this granularity get it from here; {_INSTEAD[measure.type]}"
            )
        elif measure.type in COMPUTED:
            leaves = leaf_measures(reference.key, known)
            missing = sorted(name for cube, name in leaves if (cube, name) not in have)
            if missing:
                yield (
                    f"the measure {measure.name} is computed from {', '.join(missing)}, which the pre-aggregation "
                    "lacks; only with them can it be used for other queries than exactly this one"
                )


def leaf_measures(key: tuple[str, str], known: KnownCubes) -> tuple[tuple[str, str], ...]:
    """The aggregations that a computed measure is made of, as cube and name; itself if it is one."""
    leaves: list[tuple[str, str]] = []
    seen = {key}
    queue = [key]
    for cube, name in queue:
        measure = _measure(cube, name, known)
        if measure is None:
            continue
        if measure.type not in COMPUTED:
            leaves.append((cube, name))
            continue
        for steps in references(measure.sql or ""):
            if steps[0] in (OWN, cube):
                steps = steps[1:]  # noqa: PLW2901 - what follows the cube's own name
            step = (steps[-2] if len(steps) > 1 else cube, steps[-1]) if steps else None
            if step is not None and step not in seen:
                seen.add(step)
                queue.append(step)
    return tuple(leaves)


def _measure(cube: str, name: str, known: KnownCubes) -> CubeMeasure | None:
    schema = known.by_name.get(cube)
    return next((measure for measure in schema.measures if measure.name == name), None) if schema else None
