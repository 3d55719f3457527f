"""Whether a rollup answers a query, and if not, everything that keeps it from that.

The decision is Cube's, PreAggregations.canUsePreAggregationForTransformedQueryFn of @cubejs-backend/schema-compiler:
a query whose aggregations add up needs its members in the rollup, at a granularity that its own is made of; any
other one needs exactly the rollup's dimensions and granularity.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from floe_cube_infra.acceleration.asked import Asked, AskedTime, adds_up, multiplied
from floe_cube_infra.acceleration.granularities import fits
from floe_cube_infra.acceleration.members import Members
from floe_cube_infra.acceleration.rollups import Rollup
from floe_cube_infra.model.members import CubeMeasure, RollingWindow

ReasonKind = Literal[
    "missing_measure",
    "missing_dimension",
    "missing_time_dimension",
    "finer_granularity",
    "not_additive",
    "multiplied",
    "rolling_window",
    "ungrouped",
]
_WINDOW_UNITS: Final = ("day", "month", "year", "week", "hour")


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a rollup doesn't answer a query.

    Attributes:
        kind: What sort of reason.
        member: The member that it is about, as `cube.member`; None where it is about the whole query.
        text: A sentence.
    """

    kind: ReasonKind
    member: str | None
    text: str


def answers(rollup: Rollup, asked: Asked, members: Members) -> bool:
    """Whether Cube answers the query from the rollup."""
    sums_up = all(adds_up(leaf, members) for leaf in asked.leaves) and not multiplied(
        asked.leaves, asked.joined, members
    )
    if (sums_up or asked.query.ungrouped) and _holds_all(rollup, asked, members):
        return True
    return _is_exactly(rollup, asked, members)


def reasons(rollup: Rollup, asked: Asked, members: Members) -> tuple[Reason, ...]:
    """Why the rollup doesn't answer the query; empty if it does."""
    if answers(rollup, asked, members):
        return ()
    found = [
        *_about_measures(rollup, asked),
        *_about_dimensions(rollup, asked, members),
        *_about_times(rollup, asked),
        *_about_ungrouped(rollup, asked, members),
    ]
    found += _about_adding_up(rollup, asked, members) if not found else _about_doubts(rollup, asked, members)
    return tuple(found)


def _holds_all(rollup: Rollup, asked: Asked, members: Members) -> bool:
    return (
        not set(multiplied(rollup.measures, rollup.cubes, members)) & set(asked.leaves)
        and not any(_about_ungrouped(rollup, asked, members))
        and _window_fits(rollup, asked, members)
        and set(asked.leaves) <= set(rollup.measures)
        and not any(_about_dimensions(rollup, asked, members))
        and not any(_about_times(rollup, asked))
    )


def _is_exactly(rollup: Rollup, asked: Asked, members: Members) -> bool:
    """Cube's canUsePreAggregationNotAdditive."""
    if any(each.needed is None for each in asked.times) or any(each.granularity is None for each in asked.times):
        return False
    if any(_window_of(leaf, members) is not None for leaf in asked.leaves):
        return False
    alias = asked.aliases
    times = sorted((alias.get(time, time), size) for time, size in rollup.times)
    loose = rollup.is_loose
    as_is = sorted((each.time.name, each.granularity or "") for each in asked.times)
    needed = as_is if loose else sorted((each.time.name, each.needed or "") for each in asked.times)
    if needed != times or not (all(each.adds_up for each in asked.measures) or as_is == times):
        return False
    dimensions = [alias.get(name, name) for name in rollup.dimensions]
    selected = {each.name for each in asked.dimensions}
    is_pinned = (
        asked.pinned is not None and len(dimensions) == len(asked.pinned) and asked.pinned.issuperset(dimensions)
    )
    is_selected = {each.name for each in asked.conditions} <= selected and dimensions == sorted(selected)
    if not (is_pinned or is_selected):
        return False
    held = {alias.get(name, name) for name in rollup.measures}
    return {each.name for each in asked.measures} <= held or set(asked.leaves) <= held


def _about_measures(rollup: Rollup, asked: Asked) -> Iterator[Reason]:
    for leaf in asked.leaves:
        if leaf not in rollup.measures:
            behind = next((each.name for each in asked.measures if each.own != leaf and leaf != each.name), None)
            named = {each.own for each in asked.measures}
            via = f", which {behind} is computed from" if behind and leaf not in named else ""
            yield Reason(kind="missing_measure", member=leaf, text=f"it lacks the measure {leaf}{via}")


def _about_dimensions(rollup: Rollup, asked: Asked, members: Members) -> Iterator[Reason]:
    held = set(rollup.dimensions)
    by_alias = {asked.aliases.get(name, name) for name in held}
    if all(each.name in by_alias for each in asked.needed):
        return
    times = {time for time, _ in rollup.times}
    grouped = {each.name for each in asked.dimensions}
    for each in asked.needed:
        for name in members.base_dimensions(each.own):
            if name in held:
                continue
            why = "" if each.name in grouped else ", which the query filters by"
            if each.own in asked.row_filters and each.name not in grouped:
                why = ", which row-level security filters by"
            if name in times:
                why += "; it is the rollup's time dimension, so ask for it in timeDimensions"
            through = f" ({each.name})" if each.name != name else ""
            kind = "segment" if not hasattr(each.member, "type") else "dimension"
            yield Reason(kind="missing_dimension", member=name, text=f"it lacks the {kind} {name}{through}{why}")


def _about_times(rollup: Rollup, asked: Asked) -> Iterator[Reason]:
    loose = rollup.is_loose
    for each in asked.times:
        sizes = [size for time, size in rollup.times if time == each.time.own]
        needed = each.granularity if loose else each.needed
        if not sizes:
            yield Reason(
                kind="missing_time_dimension",
                member=each.time.own,
                text=f"it lacks the time dimension {each.time.own}; it has {_times(rollup)}",
            )
        elif not any(fits(needed, size) for size in sizes):
            yield Reason(kind="finer_granularity", member=each.time.own, text=_too_coarse(each, sizes, needed))


def _too_coarse(each: AskedTime, sizes: list[str], needed: str | None) -> str:
    kept = f"it keeps {each.time.own} by {' and '.join(sizes)}"
    if needed != each.granularity:
        return f"{kept}, but the query's range of dates begins or ends within it: that needs it by {needed}"
    return f"{kept}, of which {each.granularity} can't be made"


def _about_ungrouped(rollup: Rollup, asked: Asked, members: Members) -> Iterator[Reason]:
    if not asked.query.ungrouped:
        return
    keys = {f"{cube}.{name}" for cube in asked.joined for name in members.cubes[cube].primary_key}
    missing = sorted(keys - set(rollup.dimensions))
    if missing or set(asked.joined) != rollup.cubes:
        what = f", for which it lacks the key {', '.join(missing)}" if missing else ""
        yield Reason(kind="ungrouped", member=None, text=f"the query asks for rows that aren't grouped{what}")


def _about_adding_up(rollup: Rollup, asked: Asked, members: Members) -> Iterator[Reason]:
    """Why a query isn't answered though the rollup has all that it names."""
    doubts = list(_about_doubts(rollup, asked, members))
    if doubts:
        yield from doubts
        return
    yield Reason(
        kind="not_additive", member=None, text=f"it answers only queries with exactly its members: {_exactly(rollup)}"
    )


def _about_doubts(rollup: Rollup, asked: Asked, members: Members) -> Iterator[Reason]:
    only = f"so only queries with exactly its members are answered from it: {_exactly(rollup)}"
    for leaf in asked.leaves:
        measure = members.own(leaf)
        if leaf in rollup.measures and isinstance(measure, CubeMeasure) and not adds_up(leaf, members):
            yield Reason(kind="not_additive", member=leaf, text=f"{leaf} ({measure.type}) does not add up, {only}")
    several = {*multiplied(asked.leaves, asked.joined, members), *multiplied(rollup.measures, rollup.cubes, members)}
    for leaf in asked.leaves:
        if leaf in several and leaf in rollup.measures:
            yield Reason(kind="multiplied", member=leaf, text=f"its joins repeat rows of {leaf}, {only}")
    if not _window_fits(rollup, asked, members):
        leaf = next(each for each in asked.leaves if _window_of(each, members) is not None)
        if leaf in rollup.measures:
            yield Reason(
                kind="rolling_window", member=leaf, text=f"the rolling window of {leaf} doesn't fit {_times(rollup)}"
            )


def _window_fits(rollup: Rollup, asked: Asked, members: Members) -> bool:
    """Whether some granularity that the windows are made of is that of all the rollup's time dimensions."""
    sizes = [size for leaf in asked.leaves if (window := _window_of(leaf, members)) and (size := _unit(window))]
    if not sizes:
        return True
    return bool(rollup.times) and all(fits(each, size) for each in sizes for _, size in rollup.times)


def _window_of(leaf: str, members: Members) -> RollingWindow | None:
    measure = members.own(leaf)
    return measure.rolling_window if isinstance(measure, CubeMeasure) else None


def _unit(window: RollingWindow) -> str | None:
    """BaseMeasure.granularityFromInterval."""
    texts = [text for text in (window.leading, window.trailing) if text]
    return next((unit for text in texts for unit in _WINDOW_UNITS if unit in text), None)


def _times(rollup: Rollup) -> str:
    return " and ".join(f"{time} by {size}" for time, size in rollup.times) or "no time dimension"


def _exactly(rollup: Rollup) -> str:
    return f"{', '.join(rollup.dimensions) or 'no dimension'}; {_times(rollup)}"
