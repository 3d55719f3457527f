from __future__ import annotations

from typing import Any

import pytest

from floe_cube_infra.model.access import Refused
from floe_cube_infra.model.cubes import CubeSchema
from floe_cube_infra.model.members import CubeMeasure
from floe_cube_infra.model.pre_aggregations import CubePreAggregation, RefreshKey
from floe_cube_infra.translate.pre_aggregations import (
    KnownCubes,
    PreAggregationDefaults,
    Proposal,
    RollupHints,
    ScheduleError,
    propose_rollup,
)

from .conftest import column, cube


def propose(one: CubeSchema, **hints: Any) -> Proposal:
    return propose_rollup(one.name, KnownCubes(by_name={one.name: one}), PreAggregationDefaults(), RollupHints(**hints))


def test_a_fact_gets_one_rollup_by_day_parted_by_month(known: KnownCubes) -> None:
    hints = RollupHints(few_values={"status": 4, "class": 3}, foreign_keys=["customers_id"])
    proposal = propose_rollup("orders", known, PreAggregationDefaults(refresh_schedule="0 5 * * *"), hints)

    assert proposal.rollup == CubePreAggregation(
        name="auto_by_day",
        measures=("CUBE.count", "CUBE.revenue"),
        dimensions=("CUBE.status", "CUBE.is_gift", "CUBE.organization_id"),
        time_dimension="CUBE.ordered_at",
        granularity="day",
        partition_granularity="month",
        refresh_key=RefreshKey(every="0 5 * * *", timezone="UTC", incremental=True, update_window="7 day"),
        external=True,
        allow_non_strict_date_range_match=False,
    )


def test_every_member_has_a_reason(known: KnownCubes) -> None:
    hints = RollupHints(few_values={"status": 4, "class": 3}, foreign_keys=["customers_id"])

    assert propose_rollup("orders", known, PreAggregationDefaults(), hints).explanation.splitlines() == [
        "ordered_at is its time, by day: it is the first column with a time",
        "count is in: count adds up",
        "revenue is in: sum adds up",
        "buyers is out: count_distinct does not add up over days and dimensions",
        "mean is out: avg does not add up over days and dimensions",
        "per_order is out: Cube computes it from the measures that it is made of",
        "per_region is out: Cube computes it from the measures that it is made of",
        "to_date is out: its rolling window does not fit every granularity",
        "id is out: it tells every row apart",
        "customers_id is out: it refers to rows of another cube, of which there are many",
        "status is in: it has 4 values at most",
        "is_gift is in: it has 3 values at most",
        "class is out: its name is a keyword of Python, as which Cube reads references",
        "shipped_at is out: another time dimension is the rollup's",
        "organization_id is in: row-level security filters orders by it",
    ]


@pytest.mark.parametrize(
    ("hints", "time", "why"),
    [
        ({}, "a_at", "it is the first column with a time"),
        ({"event_time": "b_at"}, "b_at", "dbt says so (event_time)"),
        ({"event_time": "b_at", "aggregation_time": "c_at"}, "c_at", "dbt says so (MetricFlow's agg_time_dimension)"),
        ({"event_time": "nowhere"}, "a_at", "it is the first column with a time"),
        ({"personal": ["a_at"]}, "b_at", "it is the first column with a time"),
    ],
)
def test_the_time_dimension_is_dbts_or_the_first_that_is_neither_personal_nor_bookkeeping(
    hints: dict[str, Any], time: str, why: str
) -> None:
    times = [column(name, "time") for name in ("_loaded_at", "dbt_updated_at", "a_at", "b_at", "c_at")]
    proposal = propose(cube("events", *times, CubeMeasure(name="count", type="count")), **hints)

    assert proposal.rollup is not None
    assert proposal.rollup.time_dimension == f"CUBE.{time}"
    assert proposal.reasons[0] == f"{time} is its time, by day: {why}"


def test_personal_dimensions_stay_out_even_with_few_values() -> None:
    one = cube("people", column("at", "time"), column("sex"), CubeMeasure(name="count", type="count"))
    proposal = propose(one, few_values={"sex": 3}, personal=["sex"])

    assert proposal.rollup is not None
    assert proposal.rollup.dimensions == ()
    assert "sex is out: it is personal or confidential" in proposal.reasons


def test_dimensions_that_would_make_too_many_rows_stay_out() -> None:
    names = ["a", "b", "c"]
    one = cube("events", column("at", "time"), *map(column, names), CubeMeasure(name="count", type="count"))
    proposal = propose(one, few_values={"a": 50, "b": 21, "c": 20})

    assert proposal.rollup is not None
    assert proposal.rollup.dimensions == ("CUBE.a", "CUBE.c")
    assert "b is out: with its 21 values there would be over 1000 rows a day" in proposal.reasons


def test_a_name_that_is_taken_gives_way() -> None:
    one = cube("events", column("at", "time"), column("auto_by_day"), CubeMeasure(name="count", type="count"))
    proposal = propose(one)

    assert proposal.rollup is not None
    assert proposal.rollup.name == "auto_by_day_"


def test_a_dimension_that_nothing_is_known_about_stays_out_with_advice() -> None:
    one = cube("events", column("at", "time"), column("status"), CubeMeasure(name="count", type="count"))

    assert "status is out: nothing says that it has few values; an accepted_values test would" in propose(one).reasons


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (
            cube("regions", column("name"), CubeMeasure(name="count", type="count")),
            "regions has no time dimension",
        ),
        (
            cube("logs", column("_loaded_at", "time"), CubeMeasure(name="count", type="count")),
            "logs has no time dimension but _loaded_at: personal, bookkeeping, or named by a keyword of Python",
        ),
        (
            cube("means", column("at", "time"), CubeMeasure(name="mean", type="avg", sql="x")),
            "means has no measure that adds up",
        ),
        (
            cube("open", column("at", "time"), CubeMeasure(name="count", type="count")).model_copy(
                update={"access": Refused()}
            ),
            "open refuses every query, having no column that row-level security filters by",
        ),
    ],
)
def test_what_is_no_fact_gets_none_with_the_reason(one: CubeSchema, reason: str) -> None:
    assert propose(one) == Proposal(rollup=None, reasons=(reason,))


def test_a_cube_with_its_own_pre_aggregations_gets_none(known: KnownCubes) -> None:
    assert propose_rollup("customers", known, PreAggregationDefaults(), RollupHints()) == Proposal(
        rollup=None, reasons=("customers has pre-aggregations of its own in meta.cube.pre_aggregations",)
    )


def test_no_rollup_is_proposed_whose_tables_postgres_would_cut_off() -> None:
    one = cube("e" * 40, column("at", "time"), CubeMeasure(name="count", type="count"))
    defaults = PreAggregationDefaults(database_type="postgres")
    proposal = propose_rollup(one.name, KnownCubes(by_name={one.name: one}), defaults, RollupHints())

    assert proposal.rollup is None
    assert "its tables get names of 86 characters" in proposal.explanation


def test_a_default_schedule_that_cube_cannot_build_by_is_raised(known: KnownCubes) -> None:
    with pytest.raises(ScheduleError, match="the hour field `25`"):
        propose_rollup("orders", known, PreAggregationDefaults(refresh_schedule="0 25 * * *"), RollupHints())
