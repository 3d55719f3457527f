"""`meta.cube.segments` and `meta.cube.hierarchies`."""

from __future__ import annotations

import pytest

from tests.translate.dbt_projects import Document, Translated, column, model, translated


def with_meta(**cube: object) -> Translated:
    return translated(model("orders", "country", "city", column("email", meta={"pii": True}), cube=cube))


def test_a_segment_arrives_with_every_key() -> None:
    segment = {
        "name": "paid",
        "sql": "{CUBE}.paid",
        "title": "Paid",
        "description": "Money is here.",
        "public": True,
        "meta": {"a": 1},
    }
    (found,) = with_meta(segments=[segment]).cubes["orders"].segments
    assert found.model_dump() == segment


def test_the_cubes_own_name_becomes_the_one_that_holds_in_its_roles_too() -> None:
    (found,) = with_meta(segments=[{"name": "paid", "sql": "{orders}.paid"}]).cubes["orders"].segments
    assert found.sql == "{CUBE}.paid"


@pytest.mark.parametrize(
    ("segments", "told"),
    [
        ([{"name": "is paid", "sql": "x"}], "letters, digits and underscores"),
        ([{"name": "city", "sql": "x"}], "has the name of another member"),
        ([{"name": "count", "sql": "x"}], "has the name of another member"),
        ([{"name": "a", "sql": "x"}, {"name": "a", "sql": "y"}], "has the name of another member"),
        ([{"name": "a"}], "meta.cube.segments[0].sql"),
    ],
)
def test_what_is_wrong_with_a_segment_is_an_error_that_says_so(segments: list[Document], told: str) -> None:
    (error,) = with_meta(segments=segments).errors
    assert told in error


def test_a_hierarchy_arrives_with_its_levels_in_order() -> None:
    (found,) = with_meta(hierarchies=[{"name": "place", "levels": ["country", "city"]}]).cubes["orders"].hierarchies
    assert found.levels == ("country", "city")


def test_hidden_levels_are_left_out() -> None:
    (found,) = with_meta(hierarchies=[{"name": "place", "levels": ["country", "email"]}]).cubes["orders"].hierarchies
    assert found.levels == ("country",)


def test_a_hierarchy_of_hidden_levels_is_none() -> None:
    assert with_meta(hierarchies=[{"name": "place", "levels": ["email"]}]).cubes["orders"].hierarchies == ()


@pytest.mark.parametrize(
    ("hierarchies", "told"),
    [
        ([{"name": "a b", "levels": ["city"]}], "letters, digits and underscores"),
        ([{"name": "a", "levels": ["city", "street"]}], "has the unknown levels street"),
        ([{"name": "a", "levels": []}], "has no levels"),
        ([{"name": "a", "levels": ["city"]}, {"name": "a", "levels": ["city"]}], "occurs twice"),
    ],
)
def test_what_is_wrong_with_a_hierarchy_is_an_error_that_says_so(hierarchies: list[Document], told: str) -> None:
    (error,) = with_meta(hierarchies=hierarchies).errors
    assert told in error
