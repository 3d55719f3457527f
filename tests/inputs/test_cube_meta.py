from __future__ import annotations

import pytest

from floe_cube_infra.inputs.cube_meta import NO_COLUMN_META, NO_MODEL_META, ColumnMeta, column_meta, model_meta


@pytest.mark.parametrize("meta", [{}, {"owner": "me"}, {"cube": None}, {"cube": {}}])
def test_without_a_cube_key_everything_is_default(meta: dict[str, object]) -> None:
    assert model_meta(meta) == (NO_MODEL_META, [])
    assert column_meta(meta) == (NO_COLUMN_META, [])


def test_a_primary_key_may_be_one_column_or_several() -> None:
    assert model_meta({"cube": {"primary_key": "id"}})[0].primary_key == ("id",)
    assert model_meta({"cube": {"primary_key": ["a", "b"]}})[0].primary_key == ("a", "b")


def test_a_measures_filter_may_be_plain_sql_or_written_as_cube_does() -> None:
    measure = {"name": "paid", "type": "count", "filters": ["a = 1", {"sql": "b = 2"}]}

    assert model_meta({"cube": {"measures": [measure]}})[0].measures[0].filters == ("a = 1", "b = 2")


@pytest.mark.parametrize("filters", ["a = 1", [{"sql": "a", "where": "b"}], [1], {"sql": "a"}])
def test_other_filters_are_a_problem_with_their_place(filters: object) -> None:
    meta, problems = model_meta({"cube": {"measures": [{"name": "n", "type": "count", "filters": filters}]}})

    assert meta == NO_MODEL_META
    assert problems[0].startswith("meta.cube.measures[0].filters")


def test_a_misspelt_key_is_a_problem_with_the_allowed_ones() -> None:
    meta, (problem,) = column_meta({"cube": {"primarykey": True}})

    assert meta == NO_COLUMN_META
    allowed = ", ".join(sorted(ColumnMeta.model_fields))
    assert problem == f"meta.cube.primarykey: unknown key; allowed are: {allowed}"


def test_a_misspelt_key_of_a_join_is_a_problem_with_the_joins_keys() -> None:
    join = {"name": "orders", "sql": "x", "relationship": "many_to_one", "on": "y"}
    _, (problem,) = model_meta({"cube": {"joins": [join]}})

    assert problem == "meta.cube.joins[0].on: unknown key; allowed are: name, relationship, sql"


@pytest.mark.parametrize("cube", ["text", 3, [1]])
def test_a_cube_key_that_is_no_mapping_is_a_problem(cube: object) -> None:
    assert model_meta({"cube": cube})[1][0].startswith("meta.cube: ")
    assert column_meta({"cube": cube})[1][0].startswith("meta.cube: ")
