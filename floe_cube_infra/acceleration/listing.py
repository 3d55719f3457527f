"""All rollups of a model: what each holds, when it is built, how large it may get, and what it serves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from floe_cube_infra.acceleration.explanation import Explainer
from floe_cube_infra.acceleration.granularities import MADE_OF
from floe_cube_infra.acceleration.rollups import Rollup
from floe_cube_infra.acceleration.schedule import next_run
from floe_cube_infra.model.cubes import CubeSchema
from floe_cube_infra.model.pre_aggregations import RefreshKey
from floe_cube_infra.translate.pre_aggregations.join_trees import joined_cubes

_COARSEST_LAST: Final = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")


@dataclass(frozen=True, kw_only=True)
class ListedRollup:
    """A rollup as people ask for it.

    Attributes:
        rollup: What it is.
        schedule: When it is built, in words.
        next_run: When next; None where a query's result decides, or nobody builds it unasked.
        most_rows: The rows of the table that it sums up, more than which it can't have in one time zone; of several
            joined ones those of the table that leads to one row of each other. None where nobody knows.
        granularities: What its time can be asked by.
        views: The views that have its measures.
    """

    rollup: Rollup
    schedule: str
    next_run: datetime | None
    most_rows: int | None
    granularities: tuple[str, ...]
    views: tuple[str, ...]


def list_rollups(explainer: Explainer, row_counts: Mapping[str, int], at: datetime) -> tuple[ListedRollup, ...]:
    """The rollups by cube, in the order in which Cube tries them.

    Args:
        explainer: Of the model.
        row_counts: The rows of tables, by the `unique_id` of their dbt node, as far as they are known.
        at: The moment from which the next run is counted, with a time zone.
    """
    return tuple(
        ListedRollup(
            rollup=rollup,
            schedule=_in_words(rollup.built.refresh_key),
            next_run=next_run(rollup.built.refresh_key, at) if rollup.built.scheduled_refresh is not False else None,
            most_rows=_most_rows(rollup, explainer.members.cubes, row_counts),
            granularities=_granularities(rollup),
            views=explainer.members.views_of(rollup.measures),
        )
        for cube in sorted(explainer.rollups)
        for rollup in explainer.rollups[cube]
    )


def _most_rows(rollup: Rollup, cubes: Mapping[str, CubeSchema], row_counts: Mapping[str, int]) -> int | None:
    joined = joined_cubes(sorted(rollup.cubes), cubes) or rollup.cubes
    joins = [join for cube in joined for join in cubes[cube].joins if join.name in joined]
    roots = joined - {join.name for join in joins}
    if len(roots) != 1 or any(join.relationship == "one_to_many" for join in joins):
        return None
    return row_counts.get(cubes[next(iter(roots))].dbt_node)


def _granularities(rollup: Rollup) -> tuple[str, ...]:
    kept = {size for _, size in rollup.times}
    return tuple(each for each in _COARSEST_LAST if kept & set(MADE_OF[each]))


def _in_words(key: RefreshKey | None) -> str:
    if key is None:
        return "with the rollups that it is made of"
    if key.sql is not None:
        return (
            f"when a query's result changes, looked at every {key.every}"
            if key.every
            else "when a query's result changes"
        )
    zone = f" {key.timezone}" if key.timezone else ""
    newest = ", only the newest partitions" if key.incremental else ""
    return f"{key.every}{zone}{newest}"
