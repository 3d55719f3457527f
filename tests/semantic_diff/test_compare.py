"""Every single change of a model is found, and told by what it means to those who query."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from floe_cube_infra.errors import SnapshotError
from floe_cube_infra.semantic_diff.changes import Change, Effect
from floe_cube_infra.semantic_diff.compare import compare
from floe_cube_infra.semantic_diff.snapshot import Snapshot

SHOP = Path(__file__).parents[1] / "snapshots" / "shop"
FILES = {
    path.relative_to(SHOP).as_posix(): path.read_text()
    for path in sorted(SHOP.rglob("*"))
    if path.is_file() and (path.parent != SHOP or path.name == "settings.json")
}
ORDERS, ORDERS_RULES = "model/cubes/orders.yml", "model/cubes/orders.access.json"
OVERVIEW = "model/views/order_overview.yml"

Edit = Callable[[Any], object]


def changes(files: Mapping[str, str]) -> list[Change]:
    return compare(Snapshot(FILES), Snapshot(files))


def edited(path: str, edit: Edit) -> dict[str, str]:
    """The shop's files with one edit in a file's document."""
    is_json = path.endswith(".json")
    document = json.loads(FILES[path]) if is_json else yaml.safe_load(FILES[path])
    edit(document)
    head = "" if is_json else "".join(line for line in FILES[path].splitlines(keepends=True) if line.startswith("#"))
    text = json.dumps(document) if is_json else head + yaml.safe_dump(document, sort_keys=False)
    return {**FILES, path: text}


def in_cube(edit: Edit) -> Edit:
    return lambda document: edit((document.get("cubes") or document["views"])[0])


def member(kind: str, name: str, edit: Edit) -> Edit:
    return in_cube(lambda cube: edit(next(each for each in cube[kind] if each["name"] == name)))


def without(kind: str, name: str) -> Edit:
    def drop(cube: Any) -> None:
        cube[kind] = [each for each in cube[kind] if each["name"] != name]

    return in_cube(drop)


SINGLE = [
    (ORDERS, without("measures", "revenue"), Effect.BREAKS, "measure orders.revenue removed"),
    (ORDERS, without("joins", "customers"), Effect.BREAKS, "join orders.customers removed"),
    (ORDERS, member("dimensions", "status", lambda each: each.update(type="number")), Effect.BREAKS, "type changed"),
    (ORDERS, member("dimensions", "status", lambda each: each.update(public=False)), Effect.BREAKS, "public added"),
    (ORDERS, member("measures", "revenue", lambda each: each.update(sql="line_count")), Effect.NUMBERS, "sql changed"),
    (ORDERS, member("measures", "revenue", lambda each: each.update(type="avg")), Effect.NUMBERS, "type changed"),
    (
        ORDERS,
        member("measures", "completed_revenue", lambda each: each.pop("filters")),
        Effect.NUMBERS,
        "filters removed",
    ),
    (
        ORDERS,
        member("joins", "customers", lambda each: each.update(sql="{CUBE}.customer_id = {customers}.customer_id")),
        Effect.WIDENS,
        "sql changed",
    ),
    (
        ORDERS,
        member("joins", "customers", lambda each: each.update(relationship="one_to_one")),
        Effect.NUMBERS,
        "relationship changed",
    ),
    (ORDERS, member("measures", "revenue", lambda each: each.update(title="Sales")), Effect.COSMETIC, "title changed"),
    (ORDERS, in_cube(lambda cube: cube.update(description="Else")), Effect.COSMETIC, "description changed"),
    (ORDERS, in_cube(lambda cube: cube.update(sql_table="else")), Effect.NUMBERS, "sql_table changed"),
    (
        ORDERS,
        in_cube(lambda cube: cube.update(access_policy=[{"group": "*", "row_level": {"allow_all": True}}])),
        Effect.WIDENS,
        "access_policy changed",
    ),
    (
        ORDERS_RULES,
        lambda rules: rules.update(access={"kind": "unfiltered"}),
        Effect.WIDENS,
        "access.access changed",
    ),
    (ORDERS_RULES, lambda rules: rules.update(hidden=[]), Effect.WIDENS, "access.hidden removed"),
    (ORDERS_RULES, lambda rules: rules["hidden"].append("status"), Effect.BREAKS, "access.hidden changed"),
    (ORDERS_RULES, lambda rules: rules["joins"].pop(), Effect.WIDENS, "access.joins changed"),
    (OVERVIEW, in_cube(lambda view: view["cubes"][0]["includes"].pop()), Effect.BREAKS, "removed"),
    ("settings.json", lambda all_of: all_of.update(sqlApi="off"), Effect.BREAKS, "sqlApi changed"),
    ("settings.json", lambda all_of: all_of.update(devMode=True), Effect.WIDENS, "devMode changed"),
    ("settings.json", lambda all_of: all_of["rowLevelSecurity"].update(enabled=False), Effect.WIDENS, "enabled"),
    ("settings.json", lambda all_of: all_of["rowLevelSecurity"]["claims"].append("team"), Effect.BREAKS, "claims"),
    (
        "settings.json",
        lambda all_of: all_of["rowLevelSecurity"].update(exemptRoles={"organization_id": ["support"]}),
        Effect.WIDENS,
        "exemptRoles",
    ),
    ("settings.json", lambda all_of: all_of["jwt"].update(audience="cube"), Effect.BREAKS, "jwt.audience"),
    ("settings.json", lambda all_of: all_of["jwt"]["algorithms"].append("RS256"), Effect.WIDENS, "jwt.algorithms"),
    ("settings.json", lambda all_of: all_of["corsOrigins"].append("https://a.example"), Effect.WIDENS, "corsOrigins"),
    ("settings.json", lambda all_of: all_of.update(rowLimit=10), Effect.BREAKS, "rowLimit"),
    ("settings.json", lambda all_of: all_of.update(observation=None), Effect.COSMETIC, "observation"),
    ("settings.json", lambda all_of: all_of.update(unheardOf=1), Effect.WIDENS, "unheardOf"),
]


def test_nothing_changed_is_no_change() -> None:
    assert changes(dict(FILES)) == []


@pytest.mark.parametrize(("path", "edit", "effect", "words"), SINGLE)
def test_a_single_change_is_told_by_what_it_means(path: str, edit: Edit, effect: Effect, words: str) -> None:
    found = changes(edited(path, edit))

    assert {each.effect for each in found} == {effect}, found
    assert words in found[0].sentence


def test_a_change_names_the_dbt_node_that_it_comes_from() -> None:
    (found,) = changes(edited(ORDERS, without("measures", "revenue")))

    assert found.origin == "model.shop.orders (models/marts/orders.sql)"


def test_a_member_under_another_name_is_renamed() -> None:
    found = changes(edited(ORDERS, member("measures", "buyers", lambda each: each.update(name="customers_who_bought"))))

    assert [(each.effect, each.action, each.name, each.new) for each in found] == [
        (Effect.BREAKS, "renamed", "orders.buyers", "customers_who_bought")
    ]


def test_a_cube_under_another_name_is_renamed_and_its_further_changes_are_told() -> None:
    files = edited(ORDERS, in_cube(lambda cube: cube.update(name="purchases", title="Purchases")))
    files["model/cubes/purchases.yml"] = files.pop(ORDERS)
    files["model/cubes/purchases.access.json"] = files.pop(ORDERS_RULES)
    found = changes(files)

    assert (found[0].effect, found[0].action, found[0].name, found[0].new) == (
        Effect.BREAKS,
        "renamed",
        "orders",
        "purchases",
    )
    assert [each.sentence for each in found[1:]] == ["cube purchases: title changed from Orders to Purchases"]


def test_cubes_come_and_go() -> None:
    less = {path: text for path, text in FILES.items() if "/orders." not in path}
    gone, come = compare(Snapshot(FILES), Snapshot(less)), compare(Snapshot(less), Snapshot(FILES))

    assert [(each.effect, each.sentence) for each in gone] == [(Effect.BREAKS, "cube orders removed")]
    assert [(each.effect, each.sentence) for each in come] == [(Effect.ADDS, "cube orders added")]


def test_a_new_cube_without_a_filter_is_called_out() -> None:
    less = {path: text for path, text in FILES.items() if "/orders." not in path}
    rules = json.loads(FILES[ORDERS_RULES]) | {"access": {"kind": "unfiltered"}}
    (found,) = compare(Snapshot(less), Snapshot({**FILES, ORDERS_RULES: json.dumps(rules)}))

    assert found.effect is Effect.WIDENS


def test_the_gravest_comes_first() -> None:
    def everything(cube: Any) -> None:
        cube["description"] = "Else"
        cube["dimensions"][2]["type"] = "string"
        cube["measures"].append({"name": "new", "type": "count"})
        cube["measures"][1]["sql"] = "line_count"
        cube["access_policy"] = []

    found = [each.effect for each in changes(edited(ORDERS, in_cube(everything)))]

    assert found == [Effect.WIDENS, Effect.BREAKS, Effect.NUMBERS, Effect.ADDS, Effect.COSMETIC]


@pytest.mark.parametrize("text", ["", "[", "cubes: []\n", "views: 7\n", "cubes:\n  - 7\n"])
def test_a_damaged_file_is_named(text: str) -> None:
    with pytest.raises(SnapshotError, match=r"orders\.yml"):
        changes({**FILES, ORDERS: text})


def leaves(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(node, dict | list):
        for key, each in node.items() if isinstance(node, dict) else enumerate(node):
            yield from leaves(each, (*at, key))
    else:
        yield at


MODEL = [path for path in FILES if path.startswith("model/")]
NOT_READ = {"name", "kind"}


@settings(deadline=None)
@given(st.data())
def test_every_single_mutation_is_found(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(MODEL))
    document = json.loads(FILES[path]) if path.endswith(".json") else yaml.safe_load(FILES[path])
    # Which cube a file of rules belongs to is said by the file's own name.
    places = [each for each in leaves(document) if not (len(each) == 1 and each[0] in NOT_READ)]
    if not places:
        return
    *above, last = data.draw(st.sampled_from(places))
    changed = copy.deepcopy(document)
    node = changed
    for key in above:
        node = node[key]
    node[last] = not node[last] if isinstance(node[last], bool) else f"{node[last]} mutated"
    text = json.dumps(changed) if path.endswith(".json") else yaml.safe_dump(changed, sort_keys=False)
    try:
        found = changes({**FILES, path: text})
    except SnapshotError:
        return
    assert found


@settings(deadline=None)
@given(st.data())
def test_what_is_added_one_way_is_removed_the_other(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([each for each in MODEL if each.endswith(".yml")]))
    names = [path, path.replace(".yml", ".access.json")]
    less = {each: text for each, text in FILES.items() if each not in names}
    there, back = compare(Snapshot(FILES), Snapshot(less)), compare(Snapshot(less), Snapshot(FILES))

    assert [each.action for each in there] == ["removed"]
    assert [each.action for each in back] == ["added"]
    assert there[0].name == back[0].name
