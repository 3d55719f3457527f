"""Every difference between two models is told, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from floe_cube_infra.model.cubes import SemanticModel
from floe_cube_infra.sync.model_changes import ModelChanges, change_lines, model_changes

Document = dict[str, Any]

# One of these is right for any field that is empty.
FILLINGS = ["x", True, {}, {"a": 1}, [], ["x"], ["y"], [{"sql": "x"}], [{"name": "x", "columns": ["y"]}]]
FILLINGS += [[{"dimension": "x", "granularity": "day"}], [{"member": "x", "type": "text"}], {"sql": "x"}, "*"]
WORDS = ["day", "start", "to_date", "aggregate", "latest", "rollup_join", "view", "cube", "unfiltered", "refused"]
WORDS += ["one_to_one", "many_to_one", "sum", "avg", "string", "number", "every"]


def cube(name: str, **fields: Any) -> Document:
    return {"name": name, "sql_table": f"shop.{name}", "dbt_node": f"model.shop.{name}", **fields}


def full() -> Document:
    """A model with something in every field that holds things."""
    orders = cube(
        "orders",
        dimensions=[
            {"name": "id", "sql": "{CUBE}.id", "type": "number", "primary_key": True},
            {"name": "status", "sql": "{CUBE}.status", "type": "string", "mask": 1, "meta": {"a": 1, "b": [True]}},
        ],
        measures=[
            {"name": "count", "type": "count"},
            {
                "name": "revenue",
                "type": "sum",
                "sql": "{CUBE}.amount",
                "filters": [{"sql": "{CUBE}.paid"}],
                "rolling_window": {"trailing": "7 day"},
                "drill_members": ["id", "status"],
            },
        ],
        segments=[{"name": "paid", "sql": "{CUBE}.paid"}],
        hierarchies=[{"name": "time", "levels": ["year", "month"]}],
        joins=[
            {"name": "customers", "relationship": "many_to_one", "sql": "{CUBE}.c = {customers}.id"},
            {"name": "stores", "relationship": "many_to_one", "sql": "{CUBE}.s = {stores}.id"},
        ],
        pre_aggregations=[
            {
                "name": "main",
                "measures": ["CUBE.revenue"],
                "dimensions": ["CUBE.status"],
                "refresh_key": {"every": "1 hour"},
                "time_dimensions": [{"dimension": "CUBE.ordered_at", "granularity": "day"}],
                "output_column_types": [{"member": "CUBE.revenue", "type": "numeric"}],
                "build_range_start": {"sql": "SELECT 1"},
                "indexes": [{"name": "by_status", "columns": ["status"]}],
            }
        ],
        access={"kind": "filter", "filters": [{"member": "id", "claim": "organization_id"}]},
    )
    rules = [
        {"name": "customers", "kind": "cube", "access": {"kind": "refused"}},
        {
            "name": "orders",
            "kind": "cube",
            "access": {"kind": "filter", "filters": [{"member": "id", "claim": "organization_id"}]},
            "clear": {"status": {"roles": ["analyst"], "sql": "{CUBE}.status", "type": "string"}},
            "joins": ["customers", "stores"],
            "members": {"status": ["customers.status"], "revenue": ["stores"]},
        },
        {"name": "sales", "kind": "view", "access": {"kind": "unfiltered"}, "members": {"status": ["orders.status"]}},
    ]
    view = {
        "name": "sales",
        "cubes": [
            {"join_path": "orders", "includes": ["status", {"name": "revenue", "alias": "turnover"}]},
            {"join_path": "orders.customers", "includes": "*", "excludes": ["id"]},
        ],
        "folders": [{"name": "Money", "includes": ["turnover"]}],
        "dbt_node": "exposure.shop.sales",
    }
    role = {"name": "billing", "extends": "customers", "dbt_node": "model.shop.customers"}
    return {"cubes": [cube("customers"), orders], "roles": [role], "views": [view], "access_rules": rules}


def read(document: Document) -> SemanticModel:
    return SemanticModel.model_validate(document)


def mutations(model: SemanticModel) -> list[tuple[str, SemanticModel]]:
    """The model with one thing changed, in all ways that keep it a model; with the place of the change."""
    found = []
    for place, changed in _mutated(model.model_dump(mode="json")):
        new = as_model(changed)
        if new and text(new) != text(model):
            found.append((place, new))
    return found


def as_model(document: Any) -> SemanticModel | None:
    try:
        return read(document)
    except ValidationError:
        return None


def _mutated(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    others: list[Any] = []
    match value:
        case None | bool():
            others = [not value, 1, 0, *FILLINGS, *WORDS]
        case int():
            others = [value + 1, value == 1, str(value)]
        case str():
            others = [f"{value}x", *WORDS]
        case list():
            others = [[item for at, item in enumerate(value) if at != left_out] for left_out in range(len(value))]
            if "." in place:  # the model's own lists are sorted, without duplicates
                others += [value[::-1], [*value, *value[:1]], ["x"], [{"name": "x"}], *FILLINGS]
            for at, item in enumerate(value):
                for below, other in _mutated(item, f"{place}.*"):
                    yield below, [*value[:at], other, *value[at + 1 :]]
        case dict():
            others = [{key: item for key, item in value.items() if key != left_out} for left_out in value]
            if place.endswith(("meta", "members")):
                others.append({**value, "new": ["x"]})
            for key, item in value.items():
                for below, other in _mutated(item, f"{place}.{key}" if place else key):
                    yield below, {**value, key: other}
    present = json.dumps(value, sort_keys=True)
    for other in others:
        if json.dumps(other, sort_keys=True) != present:
            yield place, other


def text(model: SemanticModel) -> str:
    return json.dumps(model.model_dump(mode="json"), sort_keys=True)


MUTATIONS = mutations(read(full()))


def fields(kind: type[BaseModel]) -> Iterator[str]:
    """The names of all fields of a type and of those that it holds."""
    for name, field in kind.model_fields.items():
        yield name
        for below in _types(field.annotation):
            yield from fields(below)


def _types(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _types(argument)


def test_the_mutations_touch_every_field_of_the_model() -> None:
    touched = {part for place, _ in MUTATIONS for part in place.split(".")}

    assert set(fields(SemanticModel)) <= touched
    assert len(MUTATIONS) > 300


def test_every_single_mutation_is_told() -> None:
    old = read(full())

    silent = [place for place, new in MUTATIONS if not model_changes(old, new)]

    assert silent == []


def test_equal_models_have_no_changes() -> None:
    changes = model_changes(read(full()), read(full()))

    assert (changes, bool(changes), change_lines(changes)) == (ModelChanges(), False, [])


def test_the_order_of_keys_in_meta_is_no_change() -> None:
    document = full()
    meta = document["cubes"][1]["dimensions"][1]["meta"]
    document["cubes"][1]["dimensions"][1]["meta"] = dict(reversed(meta.items()))

    assert not model_changes(read(full()), read(document))


NAMES = st.sampled_from(["id", "a", "b", "c", "d"])
DIMENSIONS = st.lists(
    st.fixed_dictionaries(
        {"name": NAMES, "sql": st.sampled_from(["x", "y"]), "type": st.sampled_from(["string", "time"])},
        optional={"mask": st.sampled_from([1, True, "x"]), "meta": st.dictionaries(NAMES, st.sampled_from([1, True]))},
    ),
    max_size=3,
    unique_by=lambda item: item["name"],
)
JOINS = st.lists(
    st.fixed_dictionaries({"name": NAMES, "relationship": st.just("many_to_one"), "sql": st.sampled_from(["x", "y"])}),
    max_size=2,
)
CUBES = st.builds(
    lambda name, dimensions, joins: cube(name, dimensions=dimensions, joins=joins), NAMES, DIMENSIONS, JOINS
)
MODELS = st.lists(CUBES, max_size=3, unique_by=lambda item: item["name"]).map(
    lambda cubes: read({"cubes": sorted(cubes, key=lambda item: item["name"])})
)


@given(MODELS, MODELS)
def test_there_are_changes_exactly_where_models_differ(old: SemanticModel, new: SemanticModel) -> None:
    changes = model_changes(old, new)

    assert bool(changes) == (text(old) != text(new))
    assert changes == model_changes(read(old.model_dump()), read(new.model_dump()))
    assert len(change_lines(changes)) == len(changes.cubes)


@given(MODELS, MODELS)
def test_the_way_back_takes_back_what_the_way_there_did(old: SemanticModel, new: SemanticModel) -> None:
    opposite = {"added": "removed", "removed": "added", "changed": "changed"}
    there, back = model_changes(old, new), model_changes(new, old)

    assert [(item.name, opposite[item.change], item.fields) for item in there.cubes] == [
        (item.name, item.change, item.fields) for item in back.cubes
    ]


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.filter_too_much])
@given(MODELS.filter(lambda model: bool(model.cubes)), st.data())
def test_any_single_mutation_of_any_model_is_told_of_the_cube_that_it_is_in(old: SemanticModel, data: Any) -> None:
    documents = [document for _, document in _mutated(old.model_dump(mode="json"))]
    new = as_model(documents[data.draw(st.integers(0, len(documents) - 1))])
    assume(new is not None)
    assert new is not None
    before, after = ({item.name: text(SemanticModel(cubes=(item,))) for item in model.cubes} for model in (old, new))
    different = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}

    assert {change.name for change in model_changes(old, new).cubes} == different


def with_orders(**fields: Any) -> SemanticModel:
    document = full()
    document["cubes"][1] |= fields
    return read(document)


def without(part: str, name: str) -> SemanticModel:
    document = full()
    document[part] = [item for item in document[part] if item["name"] != name]
    document["access_rules"] = [item for item in document["access_rules"] if item["name"] != name]
    return read(document)


ORDERS = full()["cubes"][1]
COUPON = {"name": "coupon", "sql": "{CUBE}.coupon", "type": "string"}
CHEAPER = {**ORDERS["measures"][1], "sql": "{CUBE}.net", "title": "Net"}


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            read(full()),
            with_orders(
                dimensions=[*ORDERS["dimensions"][:1], COUPON], measures=[ORDERS["measures"][0], CHEAPER], title="Sales"
            ),
            "orders: ~ title, + dimension coupon, - dimension status, ~ measure revenue (sql, title)",
        ),
        (read(full()), with_orders(dimensions=ORDERS["dimensions"][::-1]), "orders: ~ order of dimensions"),
        (read(full()), without("cubes", "customers"), "customers: removed"),
        (
            without("cubes", "orders"),
            read(full()),
            "orders: added (2 dimensions, 2 measures, 1 segment, 1 hierarchy, 2 joins, 1 pre-aggregation)",
        ),
        (without("cubes", "customers"), read(full()), "customers: added"),
        (without("views", "sales"), read(full()), "view sales: added (2 cubes, 1 folder)"),
        (without("roles", "billing"), read(full()), "role cube billing: added"),
    ],
)
def test_a_change_reads_as_one_line(old: SemanticModel, new: SemanticModel, line: str) -> None:
    assert change_lines(model_changes(old, new)) == [line]


def test_a_view_that_gets_a_member_from_a_cube_says_so() -> None:
    document = full()
    document["access_rules"][2]["members"] = {"coupon": ["orders.coupon"], "status": ["orders.status", "stores"]}

    lines = change_lines(model_changes(read(full()), read(document)))

    assert lines == ["view sales: + member coupon, ~ member status (reach)"]


def test_what_follows_from_a_change_of_the_cube_isnt_told_twice() -> None:
    document = full()
    document["cubes"][1]["dimensions"][1]["sql"] = "{stores}.status"
    document["access_rules"][1]["members"]["status"] = ["stores.status"]
    document["cubes"][1]["joins"].pop()
    document["access_rules"][1]["joins"].pop()

    lines = change_lines(model_changes(read(full()), read(document)))

    assert lines == ["orders: ~ dimension status (sql), - join stores"]
