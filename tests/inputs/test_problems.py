from __future__ import annotations

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from floe_cube_infra.inputs.problems import json_path, problems_of, shown


class Leaf(BaseModel):
    model_config = ConfigDict(extra="forbid")
    size: int = 0
    renamed: int = Field(default=0, alias="otherName")


class Tree(BaseModel):
    model_config = ConfigDict(extra="forbid")
    leaf: Leaf = Leaf()
    maybe: Leaf | None = None
    several: tuple[Leaf, ...] = ()
    listed: list[Leaf] = []
    by_name: dict[str, dict[str, Leaf]] | None = None


def problem(document: object) -> str:
    with pytest.raises(ValidationError) as caught:
        Tree.model_validate(document)
    (found,) = problems_of(caught.value, Tree)
    return found


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"leaf": {"x": 1}}, "$.leaf.x"),
        ({"maybe": {"x": 1}}, "$.maybe.x"),
        ({"several": [{}, {"x": 1}]}, "$.several[1].x"),
        ({"listed": [{"x": 1}]}, "$.listed[0].x"),
        ({"by_name": {"leaf": {"size": {"x": 1}}}}, "$.by_name.leaf.size.x"),
    ],
)
def test_the_allowed_keys_are_those_of_the_place(document: object, path: str) -> None:
    assert problem(document) == f"{path}: unknown key; allowed are: otherName, size"


def test_a_value_of_the_wrong_type_is_told_unless_it_may_be_a_secret() -> None:
    assert problem({"leaf": {"size": 1.5}}).endswith("(given: 1.5)")
    assert "s3cr3t" not in problem({"leaf": {"size": "s3cr3t"}})


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ((), "$"),
        (("a", 0, "b_1"), "$.a[0].b_1"),
        (("with space", "1st", "it's"), "$['with space']['1st'][\"it's\"]"),
    ],
)
def test_json_paths_are_written_as_rfc_9535_does(location: tuple[int | str, ...], path: str) -> None:
    assert json_path(location) == path


@pytest.mark.parametrize("value", ["mysql", "duckdb", "0.9.0", "3.0.0-draft", "v1.0.0", 7, True, None])
def test_a_name_a_version_and_a_number_are_repeated(value: object) -> None:
    assert shown(value) == repr(value)


@pytest.mark.parametrize("value", ["hunter2", "Pa55word", "", "a" * 17, ["postgres"], {"password": "x"}, b"x"])
def test_anything_else_is_not_repeated(value: object) -> None:
    assert shown(value) == "the value given (not repeated, since it may be a secret)"
