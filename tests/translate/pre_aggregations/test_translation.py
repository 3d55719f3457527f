from __future__ import annotations

from typing import Any

import pytest

from floe_cube_infra.model.pre_aggregations import (
    CubePreAggregation,
    PreAggregationIndex,
    RefreshKey,
    TimeDimension,
)
from floe_cube_infra.translate.pre_aggregations import PreAggregationDefaults

from .conftest import Translate

BY_DAY: dict[str, Any] = {
    "name": "by_day",
    "measures": ["count", "revenue"],
    "dimensions": ["organization_id", "status"],
    "time_dimension": "ordered_at",
    "granularity": "day",
}


def test_a_rollup_gets_schedule_and_store_of_the_defaults(translate: Translate) -> None:
    (rollup,), issues = translate(BY_DAY)

    assert issues == []
    assert rollup == CubePreAggregation(
        name="by_day",
        measures=("CUBE.count", "CUBE.revenue"),
        dimensions=("CUBE.organization_id", "CUBE.status"),
        time_dimension="CUBE.ordered_at",
        granularity="day",
        refresh_key=RefreshKey(every="30 minute"),
        external=True,
        allow_non_strict_date_range_match=False,
    )


def test_a_rollup_answers_for_parts_of_what_it_keeps_only_where_it_says_so(translate: Translate) -> None:
    (rollup,), _ = translate({**BY_DAY, "allow_non_strict_date_range_match": True})

    assert rollup.allow_non_strict_date_range_match is True


def test_a_cron_expression_by_default_comes_with_the_default_zone(translate: Translate) -> None:
    defaults = PreAggregationDefaults(refresh_schedule="0 5 * * *", timezone="Asia/Tokyo", external=False)
    (rollup,), issues = translate(BY_DAY, defaults=defaults)

    assert issues == []
    assert rollup.refresh_key == RefreshKey(every="0 5 * * *", timezone="Asia/Tokyo")
    assert rollup.external is False


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"refresh_every": "0 6 * * *"}, RefreshKey(every="0 6 * * *", timezone="UTC")),
        ({"refresh_key": {"every": "1 hour"}}, RefreshKey(every="1 hour")),
        ({"refresh_key": {"every": "*/5 * * * *", "timezone": "Asia/Tokyo"}}, RefreshKey(every="5 minute")),
        ({"refresh_key": {"timezone": "Asia/Tokyo"}}, RefreshKey(every="30 minute")),
        (
            {"refresh_key": {"every": "0 6 * * 1", "timezone": "Asia/Tokyo"}},
            RefreshKey(every="0 6 * * 1", timezone="Asia/Tokyo"),
        ),
        ({"refresh_key": {"sql": "SELECT MAX(x) FROM t"}}, RefreshKey(sql="SELECT MAX(x) FROM t")),
        ({"refresh_key": {"sql": "SELECT 1", "every": "10 minute"}}, RefreshKey(sql="SELECT 1", every="10 minute")),
        (
            {"partition_granularity": "month", "refresh_key": {"incremental": True, "update_window": "7 day"}},
            RefreshKey(every="30 minute", incremental=True, update_window="7 day"),
        ),
    ],
)
def test_a_refresh_key_keeps_what_it_says_and_takes_the_rest_from_the_defaults(
    translate: Translate, given: dict[str, Any], key: RefreshKey
) -> None:
    (rollup,), issues = translate({**BY_DAY, **given})

    assert issues == []
    assert rollup.refresh_key == key


def test_the_filter_column_is_added_where_it_is_missing(translate: Translate) -> None:
    (rollup,), issues = translate({"name": "totals", "measures": ["count"]})

    assert issues == []
    assert rollup.dimensions == ("CUBE.organization_id",)


def test_the_filter_columns_of_all_cubes_on_the_way_are_added(translate: Translate) -> None:
    (rollup,), issues = translate({"name": "by_region", "measures": ["count"], "dimensions": ["regions.name"]})

    assert issues == []
    assert rollup.dimensions == ("regions.name", "CUBE.organization_id", "customers.tenant_id")


def test_a_join_path_is_kept_for_the_filter_column_of_its_cube(translate: Translate) -> None:
    dimensions = ["orders.customers.regions.name", "CUBE.customers.tier"]
    (rollup,), issues = translate({"name": "by_region", "measures": ["orders.count"], "dimensions": dimensions})

    assert issues == []
    assert rollup.dimensions == (
        "CUBE.customers.regions.name",
        "customers.tier",
        "CUBE.organization_id",
        "customers.tenant_id",
    )


def test_a_measure_whose_sql_reads_another_cube_brings_that_cubes_filter_column(translate: Translate) -> None:
    measures = ["per_region", "revenue", "customers.count"]
    (rollup,), issues = translate({"name": "ratio", "measures": measures})

    assert issues == []
    assert rollup.dimensions == ("CUBE.organization_id", "customers.tenant_id")


def test_several_time_dimensions_keep_their_granularities(translate: Translate) -> None:
    times = [
        {"dimension": "ordered_at", "granularity": "fiscal_year"},
        {"dimension": "CUBE.shipped_at", "granularity": "week"},
    ]
    (rollup,), issues = translate({"name": "both", "measures": ["count"], "time_dimensions": times})

    assert issues == []
    assert rollup.time_dimension is None
    assert rollup.time_dimensions == (
        TimeDimension(dimension="CUBE.ordered_at", granularity="fiscal_year"),
        TimeDimension(dimension="CUBE.shipped_at", granularity="week"),
    )


def test_an_index_on_the_time_dimension_means_the_column_of_its_granularity(translate: Translate) -> None:
    index = {"name": "by_status", "columns": ["status", "orders.organization_id", "ordered_at", "CUBE.ordered_at.day"]}
    (rollup,), issues = translate({**BY_DAY, "indexes": [index]})

    assert issues == []
    assert rollup.indexes == (
        PreAggregationIndex(
            name="by_status",
            columns=("CUBE.status", "CUBE.organization_id", "CUBE.ordered_at.day", "CUBE.ordered_at.day"),
        ),
    )


def test_types_of_all_columns_are_taken(translate: Translate) -> None:
    types = [{"member": name, "type": "int"} for name in ("status", "CUBE.organization_id", "orders.count", "revenue")]
    (rollup,), issues = translate({**BY_DAY, "output_column_types": types})

    assert issues == []
    assert [column.member for column in rollup.output_column_types] == [
        "CUBE.status",
        "CUBE.organization_id",
        "CUBE.count",
        "CUBE.revenue",
    ]


def test_original_sql_gets_a_schedule_but_no_members_and_stays_in_the_warehouse(translate: Translate) -> None:
    (built,), issues = translate({"name": "base", "type": "original_sql"})

    assert issues == []
    assert built == CubePreAggregation(name="base", type="original_sql", refresh_key=RefreshKey(every="30 minute"))


def test_a_join_of_rollups_gets_filter_columns_but_no_schedule(translate: Translate) -> None:
    (_, joined), issues = translate(
        {**BY_DAY, "dimensions": ["organization_id", "customers_id"]},
        {
            "name": "joined",
            "type": "rollup_join",
            "measures": ["count"],
            "dimensions": ["customers.tier"],
            "rollups": ["by_day", "customers.by_tier"],
        },
    )

    assert issues == []
    assert joined.dimensions == ("customers.tier", "CUBE.organization_id", "customers.tenant_id")
    assert joined.rollups == ("CUBE.by_day", "customers.by_tier")
    assert joined.refresh_key is None
    assert joined.external is True


def test_a_lambda_that_names_members_gets_the_filter_column_as_its_rollup_does(translate: Translate) -> None:
    rollup = {**BY_DAY, "dimensions": ["status"]}
    (part, both), issues = translate(
        rollup, {**rollup, "name": "both", "type": "rollup_lambda", "rollups": ["CUBE.by_day"]}
    )

    assert issues == []
    assert both.dimensions == part.dimensions == ("CUBE.status", "CUBE.organization_id")
    assert both.refresh_key is None
    assert both.external is None


def test_a_lambda_without_members_stays_without(translate: Translate) -> None:
    (_, both), issues = translate(BY_DAY, {"name": "both", "type": "rollup_lambda", "rollups": ["by_day"]})

    assert issues == []
    assert both == CubePreAggregation(name="both", type="rollup_lambda", rollups=("CUBE.by_day",))


DIMENSIONS = "class, customers_id, id, is_gift, ordered_at, organization_id, shipped_at, status"
MEASURES = "buyers, count, mean, per_order, per_region, revenue, to_date"
GRANULARITIES = "second, minute, hour, day, week, month, quarter, year"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"measures": ["reveneu"]}, f"measures: 'reveneu' is no measure of the cube orders; there are: {MEASURES}"),
        ({"measures": ["status"]}, "measures: status is a dimension of the cube orders, not a measure"),
        ({"measures": ["count", "CUBE.count"]}, "measures: CUBE.count occurs twice"),
        (
            {"dimensions": ["customers.colour"]},
            "dimensions: 'colour' is no dimension of the cube customers; there are: id, regions_id, tenant_id, tier",
        ),
        ({"dimensions": ["people.id"]}, "dimensions: 'people.id' refers to the cube people, which is not there"),
        (
            {"dimensions": ["{CUBE}.status"]},
            "dimensions: '{CUBE}.status' is no reference to a member; write for example revenue, CUBE.revenue or "
            "customers.region",
        ),
        (
            {"dimensions": ["class"]},
            "dimensions: the dimension class can't be in a pre-aggregation: Cube reads references as Python, in "
            "which its name is a keyword; rename it",
        ),
        (
            {"dimensions": ["suppliers.country"]},
            "none of its cubes orders, suppliers is joined to all the others, so Cube can't build it",
        ),
        ({"segments": ["unpaid"]}, "segments: 'unpaid' is no segment of the cube orders; there are: paid"),
        (
            {"time_dimension": "status"},
            "time_dimension: status has the type string; it must be time (see meta.cube.type)",
        ),
        (
            {"time_dimension": "when"},
            f"time_dimension: 'when' is no dimension of the cube orders; there are: {DIMENSIONS}",
        ),
        (
            {"granularity": "decade"},
            f"the granularity 'decade' is unknown; allowed are: {GRANULARITIES}, fiscal_year",
        ),
        ({"granularity": None}, f"time_dimension needs a granularity; predefined are: {GRANULARITIES}"),
        (
            {"time_dimension": None},
            "granularity needs a time_dimension; with time_dimensions each has its own",
        ),
        (
            {"time_dimensions": [{"dimension": "shipped_at", "granularity": "day"}]},
            "it has both time_dimension and time_dimensions; keep one of them",
        ),
        (
            {"time_dimension": None, "granularity": None, "partition_granularity": "month"},
            "partition_granularity needs a time_dimension to part by",
        ),
        (
            {"granularity": "month", "partition_granularity": "day"},
            "partition_granularity day is finer than the granularity month: one month would lie in several "
            "partitions; allowed are month and coarser",
        ),
        (
            {"time_dimension": None, "granularity": None, "allow_non_strict_date_range_match": True},
            "allow_non_strict_date_range_match needs a time_dimension",
        ),
        (
            {"refresh_key": {"incremental": True}},
            "refresh_key.incremental needs a partition_granularity: partitions are what is built",
        ),
        (
            {"refresh_key": {"sql": "SELECT 1", "timezone": "UTC"}},
            "refresh_key.timezone can't stand beside refresh_key.sql; allowed is: every",
        ),
        (
            {"refresh_key": {"sql": "SELECT 1", "every": "0 5 * * *"}},
            "refresh_key.every: `0 5 * * *` is no interval; allowed are a whole number and second, minute, hour, "
            "day or week beside refresh_key.sql",
        ),
        (
            {"refresh_key": {"every": "0 25 * * *"}},
            "refresh_key.every: the hour field `25` of `0 25 * * *` is out of range 0-23",
        ),
        (
            {"refresh_every": "0 5 * *"},
            "refresh_key.every: the cron expression `0 5 * *` has 4 fields; allowed are 5 (minute, hour, day of "
            "month, month, day of week), or 6 with the second first",
        ),
        (
            {"refresh_every": "1 hour", "refresh_key": {"every": "2 hour"}},
            "refresh_every and refresh_key both say when it is built; keep one of them",
        ),
        (
            {"refresh_key": {"every": "0 5 * * *", "timezone": "Mars/Olympus"}},
            "refresh_key.timezone `Mars/Olympus` is no time zone; allowed are IANA names such as UTC or "
            "Europe/Amsterdam",
        ),
        (
            {"partition_granularity": "month", "refresh_key": {"incremental": True, "update_window": "1 month"}},
            "refresh_key.update_window: `1 month` is no interval; allowed are a whole number and second, minute, "
            "hour, day or week",
        ),
        (
            {"indexes": [{"name": "i", "columns": ["is_gift"]}]},
            "indexes: i has the columns is_gift, which the pre-aggregation lacks; there are: CUBE.organization_id, "
            "CUBE.status, CUBE.count, CUBE.revenue, CUBE.ordered_at.day",
        ),
        (
            {"indexes": [{"name": "1st", "columns": ["status"]}]},
            "indexes: '1st' is no name that Cube takes: letters, digits, underscores, no digit first",
        ),
        (
            {"indexes": [{"name": "i", "columns": ["status"]}, {"name": "i", "columns": ["status"]}]},
            "indexes: the name i occurs twice",
        ),
        ({"name": "status"}, "the cube has another member or pre-aggregation of this name"),
        ({"name": "by-day"}, "Cube does not take this name: letters, digits and underscores, no digit first"),
        (
            {"measures": ["to_date"]},
            "the measure to_date has a rolling window of the type to_date, which Cube Store can't compute; leave it "
            "out, or set external: false",
        ),
        (
            {"union_with_source_data": True},
            "the key union_with_source_data is not for the type rollup; allowed are: allow_non_strict_date_range_m",
        ),
        (
            {"dimensions": [], "output_column_types": [{"member": "count", "type": "int"}]},
            "output_column_types lacks CUBE.organization_id, CUBE.revenue: with it Cube needs the type of every "
            "measure and dimension, the columns that row-level security filters by included",
        ),
        (
            {"output_column_types": [{"member": "colour", "type": "text"}]},
            f"output_column_types: 'colour' is no dimension of the cube orders; there are: {DIMENSIONS}",
        ),
    ],
)
def test_what_cube_could_not_build_is_an_error(translate: Translate, change: dict[str, Any], problem: str) -> None:
    entry = {key: value for key, value in {**BY_DAY, **change}.items() if value is not None}
    built, issues = translate(entry)

    assert built == ()
    assert [issue[:300] for issue in issues if issue.startswith("error")] == [
        issue[:300] for issue in issues if issue.startswith("error: meta.cube.pre_aggregations, ")
    ]
    assert any(issue.startswith(f"error: meta.cube.pre_aggregations, {entry['name']!r}: {problem}") for issue in issues)


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"name": "x"}, "it has neither measures nor dimensions, so it could answer nothing"),
        (
            {"name": "x", "type": "original_sql", "granularity": "day"},
            "the key granularity is not for the type original_sql; allowed are: ",
        ),
        (
            {"name": "x", "type": "original_sql", "partition_granularity": "month"},
            "partition_granularity and time_dimension need each other in the type original_sql",
        ),
        (
            {"name": "x", "type": "rollup_join", "measures": ["count"], "rollups": ["customers.by_tier"]},
            "the type rollup_join needs rollups: 2 at least, as name or cube.name",
        ),
        (
            {"name": "x", "type": "rollup_lambda", "rollups": ["customers.by_colour"]},
            "rollups: 'customers.by_colour' is no pre-aggregation of the cube customers; there are: by_tier",
        ),
        (
            {"name": "x", "type": "rollup_lambda", "rollups": ["y"], "refresh_every": "1 hour"},
            "the key refresh_every is not for the type rollup_lambda; allowed are: ",
        ),
        (
            {
                "name": "x",
                "type": "rollup_join",
                "measures": ["count"],
                "rollups": ["x", "customers.by_tier"],
                "scheduled_refresh": True,
            },
            "scheduled_refresh must be false in the type rollup_join: its rollups are built, not it",
        ),
    ],
)
def test_types_have_their_own_keys(translate: Translate, entry: dict[str, Any], problem: str) -> None:
    built, issues = translate(entry)

    assert built == ()
    assert any(issue.startswith(f"error: meta.cube.pre_aggregations, 'x': {problem}") for issue in issues)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            {"measures": ["count"]},
            "its measures must be those of the rollup by_day; these are in one only: revenue",
        ),
        (
            {"granularity": "week"},
            "its time_dimension and granularity must be those of the rollup by_day",
        ),
        (
            {"rollups": ["by_day", "customers.by_tier"], "union_with_source_data": True},
            "union_with_source_data needs a rollup of its own cube as the last one",
        ),
        (
            {"rollups": ["by_day", "by_day"]},
            "the rollup by_day needs a partition_granularity, since there are several rollups",
        ),
    ],
)
def test_a_lambda_that_does_not_fit_its_rollups_is_an_error(
    translate: Translate, change: dict[str, Any], problem: str
) -> None:
    both = {**BY_DAY, "name": "both", "type": "rollup_lambda", "rollups": ["by_day"], **change}
    _, issues = translate(BY_DAY, both)

    assert f"error: meta.cube.pre_aggregations, 'both': {problem}" in issues


def test_rollups_of_a_lambda_go_from_coarse_partitions_to_fine_ones(translate: Translate) -> None:
    days = {**BY_DAY, "name": "days", "partition_granularity": "day"}
    months = {**BY_DAY, "name": "months", "partition_granularity": "month"}

    right = translate(days, months, {"name": "x", "type": "rollup_lambda", "rollups": ["months", "days"]})
    wrong = translate(days, months, {"name": "x", "type": "rollup_lambda", "rollups": ["days", "months"]})

    assert right[1] == []
    assert wrong[1] == [
        "error: meta.cube.pre_aggregations, 'x': the rollup months has coarser partitions (month) than days before "
        "it (day); put the one with the coarser ones first"
    ]


@pytest.mark.parametrize(
    ("change", "doubt"),
    [
        (
            {"measures": ["buyers"]},
            "the measure buyers (count_distinct) does not add up, so only queries with exactly these dimensions and "
            "this granularity get it from here; count_distinct_approx adds up, where an estimate will do",
        ),
        (
            {"measures": ["mean"]},
            "the measure mean (avg) does not add up, so only queries with exactly these dimensions and this "
            "granularity get it from here; a sum and a count add up, and a measure of the type number divides them",
        ),
        (
            {"measures": ["per_order", "count"]},
            "the measure per_order is computed from revenue, which the pre-aggregation lacks; only with them can it "
            "be used for other queries than exactly this one",
        ),
        (
            {"build_range_start": {"sql": "SELECT NOW()"}},
            "build_range_start and build_range_end do nothing without a partition_granularity",
        ),
        (
            {"refresh_key": {"update_window": "1 day"}},
            "refresh_key.update_window does nothing without incremental: true",
        ),
        (
            {"refresh_every": "15,45 * * * *"},
            "refresh_key.every: Cube builds by `15,45 * * * *` every 30 minute, counted from the start of the day: "
            "an interval has no offset",
        ),
    ],
)
def test_what_does_less_than_it_seems_is_a_warning(translate: Translate, change: dict[str, Any], doubt: str) -> None:
    built, issues = translate({**BY_DAY, **change})

    assert len(built) == 1
    assert issues == [f"warning: meta.cube.pre_aggregations, 'by_day': {doubt}"]


def test_a_computed_measure_beside_all_its_parts_is_no_doubt(translate: Translate) -> None:
    assert translate({**BY_DAY, "measures": ["per_order", "count", "revenue"]})[1] == []


def test_an_unequal_default_schedule_is_an_error_of_whatever_uses_it(translate: Translate) -> None:
    defaults = PreAggregationDefaults(refresh_schedule="0 5 * * 1-5")
    _, (issue,) = translate(BY_DAY, defaults=defaults)

    assert issue.startswith(
        "error: meta.cube.pre_aggregations, 'by_day': the default refresh schedule: `0 5 * * 1-5` is a cron "
    )


def test_a_wrong_default_zone_is_an_error_where_a_cron_expression_needs_it(translate: Translate) -> None:
    defaults = PreAggregationDefaults(refresh_schedule="0 5 * * *", timezone="Mars/Olympus")
    _, (issue,) = translate(BY_DAY, defaults=defaults)

    assert issue.startswith("error: meta.cube.pre_aggregations, 'by_day': the default time zone: `Mars/Olympus` is no ")


@pytest.mark.parametrize(
    ("change", "doubt"),
    [
        ({"name": "n" * 30}, None),
        ({"name": "n" * 31}, "64 characters, which postgres cuts off at 63; set sql_alias to at most 30 characters"),
        ({"name": "n" * 31, "sql_alias": "short"}, None),
        (
            {"name": "n" * 30, "partition_granularity": "month"},
            "71 characters, which postgres cuts off at 63; set sql_alias to at most 22 characters",
        ),
        (
            {"name": "dailyRevenueOfAllTheShops_more"},
            "68 characters, which postgres cuts off at 63; set sql_alias to at most 30 characters",
        ),
    ],
)
def test_names_that_postgres_would_cut_off_are_a_warning(
    translate: Translate, change: dict[str, Any], doubt: str | None
) -> None:
    _, issues = translate({**BY_DAY, **change}, defaults=PreAggregationDefaults(database_type="postgres"))

    prefix = f"warning: meta.cube.pre_aggregations, {change['name']!r}: its tables get names of "
    assert issues == ([] if doubt is None else [prefix + doubt])
    assert translate({**BY_DAY, **change})[1] == []


def test_two_pre_aggregations_of_one_name_are_an_error(translate: Translate) -> None:
    built, issues = translate(BY_DAY, BY_DAY)

    assert len(built) == 1
    assert issues == [
        "error: meta.cube.pre_aggregations, 'by_day': the cube has another member or pre-aggregation of this name"
    ]


def test_all_problems_of_all_entries_are_told_at_once(translate: Translate) -> None:
    _, issues = translate({**BY_DAY, "measures": ["a"], "dimensions": ["b"], "refresh_every": "x"}, {"name": "other"})

    assert len(issues) == 4
