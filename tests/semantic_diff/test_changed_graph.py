"""The part of the graph that changes, with what it is joined to; of the sample shop."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from floe_cube_infra.graph.model_graph import GraphNode, ModelGraph
from floe_cube_infra.semantic_diff.changed_graph import MOST, changed_graph
from floe_cube_infra.semantic_diff.compare import compare
from floe_cube_infra.semantic_diff.snapshot import Snapshot

SHOP = Path(__file__).parents[1] / "snapshots" / "shop"
FILES = {
    path.relative_to(SHOP).as_posix(): path.read_text()
    for path in sorted(SHOP.rglob("*"))
    if path.is_file() and (path.parent != SHOP or path.name == "settings.json")
}


def graph(files: Mapping[str, str], before: Mapping[str, str] = FILES) -> ModelGraph:
    old, new = Snapshot(before), Snapshot(files)
    return changed_graph(old, new, compare(old, new))


def named(graph: ModelGraph) -> dict[str, GraphNode]:
    return {node.name: node for node in graph.nodes}


def edited(path: str, old: str, new: str) -> dict[str, str]:
    assert old in FILES[path]
    return {**FILES, path: FILES[path].replace(old, new, 1)}


def without(cube: str) -> dict[str, str]:
    return {path: text for path, text in FILES.items() if not path.startswith(f"model/cubes/{cube}.")}


def test_nothing_changed_is_no_graph() -> None:
    assert graph(FILES) == ModelGraph()
    assert graph({**FILES, "settings.json": FILES["settings.json"].replace("shared", "off")}) == ModelGraph()


def test_a_changed_cube_comes_first_with_what_it_joins_and_what_joins_it() -> None:
    found = graph(edited("model/cubes/customers.yml", "sql_table: ", "sql_table: else."))

    nodes = named(found)
    assert found.nodes[0].name == "customers"
    assert (nodes["customers"].mark, nodes["customers"].told) == ("changed", "changed: other numbers")
    assert {"addresses", "orders", "organizations", "order_overview"} < nodes.keys()
    assert {nodes[name].mark for name in nodes} == {"changed", None}
    assert ("orders", "customers", "many_to_one", None) in [
        (join.cube, join.to, join.relationship, join.mark) for join in found.joins
    ]
    assert nodes["order_overview"].uses == ("orders", "customers")
    assert (nodes["orders"].access, nodes["orders"].filter_columns) == ("filter", ("organization_id",))
    assert (nodes["orders"].folder, nodes["orders"].rollups) == ("models/marts", 1)


def test_what_goes_and_comes_is_marked_with_its_joins() -> None:
    gone = named(graph(without("customers")))
    come = graph(FILES, before=without("returns"))

    assert (gone["customers"].mark, gone["customers"].told) == ("removed", "removed: breaks queries")
    assert named(come)["returns"].told == "added"
    assert [(join.cube, join.to, join.mark) for join in come.joins if join.cube == "returns"] == [
        ("returns", "order_items", "added")
    ]


def test_a_join_of_another_cardinality_is_marked() -> None:
    found = graph(edited("model/cubes/returns.yml", "relationship: many_to_one", "relationship: one_to_one"))

    assert [(join.to, join.relationship, join.mark) for join in found.joins if join.cube == "returns"] == [
        ("order_items", "one_to_one", "changed")
    ]


def test_a_renamed_cube_has_its_new_name_and_keeps_its_joins() -> None:
    files = {path.replace("cubes/returns.", "cubes/refunds."): text for path, text in FILES.items()}
    for path in ("model/cubes/refunds.yml", "model/cubes/refunds.access.json"):
        files[path] = (
            files[path].replace("name: returns", "name: refunds").replace('"name": "returns"', '"name": "refunds"')
        )

    found = graph(files)

    assert (named(found)["refunds"].mark, "returns" in named(found)) == ("renamed", False)
    assert [(join.to, join.mark) for join in found.joins if join.cube == "refunds"] == [("order_items", None)]


def test_a_graph_of_many_changes_is_cut_off_and_says_so() -> None:
    files = {
        path.replace("returns.", f"returns_{number}."): text.replace("returns", f"returns_{number}")
        for number in range(MOST + 5)
        for path, text in FILES.items()
        if "cubes/returns." in path
    }

    found = graph({**FILES, **files})

    assert len(found.nodes) == MOST
    assert found.left_out == 6  # and the cube that all of them join
    assert found.first(10).left_out == found.left_out + MOST - 10
