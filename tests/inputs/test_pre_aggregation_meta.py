from __future__ import annotations

from typing import Any

import pytest

from floe_cube_infra.inputs.cube_meta import NO_MODEL_META, model_meta
from floe_cube_infra.inputs.pre_aggregation_meta import PreAggregationMeta


def problems(*entries: Any) -> list[str]:
    meta, found = model_meta({"cube": {"pre_aggregations": list(entries)}})
    assert bool(found) == (meta == NO_MODEL_META)
    return [problem.removeprefix("meta.cube.pre_aggregations") for problem in found]


def test_every_key_of_cube_is_read() -> None:
    entry = {
        "name": "by_day",
        "type": "rollup",
        "sql_alias": "d",
        "measures": ["count"],
        "dimensions": ["status"],
        "segments": ["paid"],
        "time_dimension": "ordered_at",
        "granularity": "day",
        "time_dimensions": [{"dimension": "ordered_at", "granularity": "day"}],
        "rollups": ["other"],
        "partition_granularity": "month",
        "refresh_key": {
            "every": "0 5 * * *",
            "timezone": "UTC",
            "sql": "SELECT 1",
            "incremental": True,
            "update_window": "7 day",
        },
        "refresh_every": "1 hour",
        "build_range_start": {"sql": "SELECT 1"},
        "build_range_end": {"sql": "SELECT 2"},
        "indexes": [{"name": "i", "columns": ["status"], "type": "aggregate"}],
        "external": False,
        "scheduled_refresh": True,
        "allow_non_strict_date_range_match": True,
        "use_original_sql_pre_aggregations": True,
        "unique_key_columns": ["id"],
        "union_with_source_data": True,
        "read_only": True,
        "stream_offset": "earliest",
        "output_column_types": [{"member": "count", "type": "int"}],
    }
    assert set(entry) == set(PreAggregationMeta.model_fields)

    meta, found = model_meta({"cube": {"pre_aggregations": [entry]}})

    assert found == []
    assert meta.pre_aggregations[0].model_dump(mode="json") == entry


def test_a_name_is_enough() -> None:
    meta, found = model_meta({"cube": {"pre_aggregations": [{"name": "all"}]}})

    assert found == []
    assert meta.pre_aggregations == (PreAggregationMeta(name="all", type="rollup"),)


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"name": "x", "measure": ["count"]}, "[0].measure: unknown key; allowed are: allow_non_strict_date_range"),
        (
            {"name": "x", "refresh_key": {"cron": "* * * * *"}},
            "[0].refresh_key.cron: unknown key; allowed are: every, incremental, sql, timezone, update_window",
        ),
        (
            {"name": "x", "indexes": [{"name": "i", "columns": ["a"], "unique": True}]},
            "[0].indexes[0].unique: unknown key; allowed are: columns, name, type",
        ),
        ({"name": "x", "indexes": [{"name": "i", "columns": []}]}, "[0].indexes[0].columns: needs one column at"),
        ({"name": "x", "build_range_start": {}}, "[0].build_range_start.sql: missing"),
        ({"measures": ["count"]}, "[0].name: missing"),
        ({"name": "x", "type": "auto_rollup"}, "[0].type: input should be 'rollup', 'original_sql', "),
        (
            {"name": "x", "partition_granularity": "minute"},
            "[0].partition_granularity: input should be 'hour', 'day', 'week', 'month', 'quarter' or 'year'",
        ),
        ({"name": "x", "external": "true"}, "[0].external: input should be a valid boolean"),
        ({"name": "x", "measures": "count"}, "[0].measures: input should be a valid tuple"),
        ("by_day", "[0]: input should be a valid dictionary"),
    ],
)
def test_a_wrong_entry_is_a_problem_with_its_place(entry: Any, problem: str) -> None:
    (found,) = problems(entry)

    assert found.startswith(problem)


def test_all_problems_are_told_at_once() -> None:
    found = problems({"name": 3, "external": "no", "refresh_key": {"incremental": "x"}}, {"kind": "rollup"})

    assert [problem.split(":")[0] for problem in found] == [
        "[0].name",
        "[0].refresh_key.incremental",
        "[0].external",
        "[1].name",
        "[1].kind",
    ]
