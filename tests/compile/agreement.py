"""What Cube made of the generated files, held against the model they were generated from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from floe_cube_infra.generation import Generated
from floe_cube_infra.model.cubes import CubeSchema, RoleCube
from tests.compile.compiler import Compiled

KINDS = ("dimensions", "measures", "segments")


def assert_agreement(generated: Generated, compiled: Compiled) -> None:
    """Every cube, member, join, title and description is there, all SQL can be resolved, and Cube starts fast."""
    assert compiled.left == ()
    model = generated.model
    things = [*model.cubes, *model.roles, *model.views]
    assert set(compiled.cubes) == {thing.name for thing in things}
    by_name = {cube.name: cube for cube in model.cubes}
    for thing in things:
        told = compiled.cubes[thing.name]
        if thing.title is not None:
            assert told["title"] == thing.title
        if not isinstance(thing, RoleCube) or thing.description is not None:
            assert told.get("description") == thing.description, thing.name
    for cube in model.cubes:
        _assert_members(cube, compiled.cubes[cube.name])
    for role in model.roles:
        _assert_names(by_name[role.extends], compiled.cubes[role.name])


def _assert_names(cube: CubeSchema, told: dict[str, Any]) -> None:
    for kind in KINDS:
        assert set(told[kind]) == {member.name for member in getattr(cube, kind)}
    assert set(told["preAggregations"]) == {rollup.name for rollup in cube.pre_aggregations}
    assert [(join["name"], join["relationship"]) for join in told["joins"]] == [
        (join.name, _cubes_word(join.relationship)) for join in cube.joins
    ]
    assert list(_unresolved(told)) == []


def _assert_members(cube: CubeSchema, told: dict[str, Any]) -> None:
    _assert_names(cube, told)
    for kind in KINDS:
        for member in getattr(cube, kind):
            place, found = f"{cube.name}.{member.name}", told[kind][member.name]
            assert found.get("description") == member.description, place
            assert found.get("ownTitle") == member.title, place
            assert found.get("meta") == member.meta, place
            if kind == "dimensions":
                assert found["type"] == member.type, place
                assert found["primaryKey"] == member.primary_key, place


def _unresolved(told: dict[str, Any]) -> Iterator[str]:
    for kind in KINDS:
        for name, member in told[kind].items():
            parts = [member, *member["filters"]]
            yield from (f"{told['name']}.{name}: {part['sqlError']}" for part in parts if "sqlError" in part)
    for join in told["joins"]:
        if "sqlError" in join:
            yield f"{told['name']} to {join['name']}: {join['sqlError']}"
        elif "{" in join["sql"]:
            yield f"{told['name']} to {join['name']}: has a reference that is taken for text: {join['sql']}"


def _cubes_word(relationship: str) -> str:
    """Cube's own words for relationships: `belongsTo` and its kin."""
    return {"one_to_one": "hasOne", "one_to_many": "hasMany", "many_to_one": "belongsTo"}[relationship]


def join_queries(generated: Generated) -> list[dict[str, Any]]:
    """A query for each join: a dimension of one cube, split by one of the other."""
    model = generated.model
    dimensions = {cube.name: cube.dimensions[0].name for cube in model.cubes}
    dimensions |= {role.name: dimensions[role.extends] for role in model.roles}
    measures = {cube.name: [f"{cube.name}.{measure.name}" for measure in cube.measures[:1]] for cube in model.cubes}
    return [
        {
            "dimensions": [f"{cube.name}.{dimensions[cube.name]}", f"{join.name}.{dimensions[join.name]}"],
            "measures": measures[cube.name],
        }
        for cube in model.cubes
        for join in cube.joins
    ]


def view_queries(compiled: Compiled) -> list[dict[str, Any]]:
    """A query for each view: all its members at once."""
    return [
        {kind: [f"{name}.{member}" for member in view[kind]] for kind in ("dimensions", "measures")}
        for name, view in compiled.cubes.items()
        if view["type"] == "view"
    ]
