"""Made-up graphs, from a handful of cubes to hundreds."""

from __future__ import annotations

import random

from hypothesis import strategies as st

from floe_cube_infra.graph.model_graph import GraphJoin, GraphNode, ModelGraph

WILD = '<script>alert(1)</script> & "]]>\x00\u202e'


def warehouse(count: int) -> ModelGraph:
    """A warehouse of stars: facts of several domains, dimensions of their own, and some that all of them share."""
    chance = random.Random(count)
    shared = [f"dim_{name}" for name in ("date", "customer", "organization", "country")]
    nodes = [GraphNode(name=name, access="unfiltered", folder="models/core") for name in shared]
    joins = []
    for number in range(count - len(shared)):
        folder = f"models/domain_{number % 7}"
        kind = ("fact", "dimension", "fact", "staging", "view")[number % 5]
        name = f"{kind}_of_some_business_{number:03d}"
        own = [node.name for node in nodes if node.folder == folder and node.kind == "cube"]
        if kind == "view" and own:
            nodes.append(GraphNode(name=name, kind="view", folder="models", uses=(own[0], "dim_date")))
            continue
        columns = ("organization_id",)
        nodes.append(GraphNode(name=name, access="filter", filter_columns=columns, folder=folder, measures=number % 9))
        if kind == "fact":
            targets = {*chance.sample(shared, 2), *chance.sample(own, min(3, len(own)))}
            joins += [GraphJoin(cube=name, to=to, relationship="many_to_one") for to in sorted(targets)]
    return ModelGraph(nodes=tuple(sorted(nodes, key=lambda node: node.name)), joins=tuple(joins))


@st.composite
def graphs(draw: st.DrawFn) -> ModelGraph:
    """Any graph: with circles, joins both ways, views of what isn't there, and names that no cube has."""
    names = draw(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=70, unique=True))
    some = st.sampled_from(names)
    nodes = [
        GraphNode(
            name=name,
            kind=draw(st.sampled_from(["cube", "role", "view"])),
            access=draw(st.sampled_from(["filter", "unfiltered", "refused", None])),
            filter_columns=tuple(draw(st.lists(st.text(max_size=20), max_size=2))),
            folder=draw(st.sampled_from(["models/a", "models/b", WILD])),
            uses=tuple(draw(st.lists(st.one_of(some, st.just("gone")), max_size=3))),
            mark=draw(st.sampled_from([None, "added", "removed", "renamed", "changed"])),
            told=draw(st.text(max_size=30)),
        )
        for name in names
    ]
    kinds = st.sampled_from(["one_to_one", "one_to_many", "many_to_one"])
    pairs = draw(st.lists(st.tuples(some, some, kinds), max_size=120))
    joins = {(one, other): kind for one, other, kind in pairs if one != other}
    return ModelGraph(
        nodes=tuple(nodes),
        joins=tuple(GraphJoin(cube=one, to=other, relationship=kind) for (one, other), kind in joins.items()),
    )
