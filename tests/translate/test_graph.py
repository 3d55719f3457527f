"""What is doubtful about all joins together."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.translate.joins.graph import MOST_JOINS, ambiguous, cycles
from tests.translate.dbt_projects import keyed, related, translated


def test_a_tree_has_no_cycle_and_is_not_ambiguous() -> None:
    graph = {"items": ["orders", "products"], "orders": ["customers"], "customers": [], "products": []}
    assert list(cycles(graph)) == []
    assert list(ambiguous(graph)) == []


def test_a_cycle_is_told_in_the_order_of_its_joins() -> None:
    graph = {"b": ["c"], "c": ["a"], "a": ["b"], "x": ["a"]}
    assert list(cycles(graph)) == [("a", "b", "c", "a")]


def test_two_cycles_are_told_apart() -> None:
    graph = {"a": ["b"], "b": ["a", "c"], "c": ["d"], "d": ["c"]}
    assert sorted(cycles(graph)) == [("a", "b", "a"), ("c", "d", "c")]


def test_of_a_tangle_the_shortest_cycle_through_its_first_cube_is_told() -> None:
    graph = {"a": ["b"], "b": ["c", "a"], "c": ["a"]}
    assert list(cycles(graph)) == [("a", "b", "a")]


def test_two_shortest_ways_are_ambiguous() -> None:
    graph = {"items": ["orders", "products"], "orders": ["shops"], "products": ["shops"], "shops": []}
    assert list(ambiguous(graph)) == [("items", "shops", ("orders", "products"))]


def test_a_longer_way_beside_a_shorter_one_is_not_ambiguous() -> None:
    graph = {"items": ["orders", "customers"], "orders": ["customers"], "customers": []}
    assert list(ambiguous(graph)) == []


def test_ways_that_part_later_are_told_for_the_cube_where_they_part() -> None:
    diamond = {"a": ["l", "r"], "l": ["z"], "r": ["z"], "z": []}
    assert list(ambiguous({"start": ["a", "b"], "b": [], **diamond})) == [("a", "z", ("l", "r"))]


def test_ways_that_part_at_once_and_meet_far_away_are_ambiguous() -> None:
    ways = {"a": ["l1", "r1"], "l1": ["l2"], "l2": ["z"], "r1": ["r2"], "r2": ["z"], "z": []}
    assert list(ambiguous(ways)) == [("a", "z", ("l2", "r2"))]


GRAPHS = st.dictionaries(
    st.sampled_from("abcdefg"), st.lists(st.sampled_from("abcdefg"), unique=True).map(sorted), max_size=7
)


@given(GRAPHS)
def test_a_cycle_that_is_told_is_one_and_there_is_one_if_any_cube_reaches_itself(graph: dict[str, list[str]]) -> None:
    graph = {cube: [other for other in joined if other != cube] for cube, joined in graph.items()}
    told = list(cycles(graph))
    for cycle in told:
        assert cycle[0] == cycle[-1]
        assert len(set(cycle)) == len(cycle) - 1 > 1
        assert all(following in graph[cube] for cube, following in pairwise(cycle))
    reach = {cube: set(joined) for cube, joined in graph.items()}
    for _ in graph:
        reach = {cube: direct.union(*(reach.get(other, set()) for other in direct)) for cube, direct in reach.items()}
    assert bool(told) is any(cube in direct for cube, direct in reach.items())


@given(GRAPHS)
def test_ways_told_as_ambiguous_are_of_the_same_shortest_length(graph: dict[str, list[str]]) -> None:
    for start, end, (one, other) in ambiguous(graph):
        depth, level = {start: 0}, [start]
        while level:
            found = [next_ for cube in level for next_ in graph.get(cube, []) if next_ not in depth]
            depth |= dict.fromkeys(found, depth[level[0]] + 1)
            level = list(dict.fromkeys(found))
        assert one != other
        assert depth[one] == depth[other] == depth[end] - 1 < MOST_JOINS
        assert end in graph[one]
        assert end in graph[other]


def test_ten_thousand_cubes_in_a_chain_take_no_recursion() -> None:
    names = [f"c{number:05}" for number in range(10_000)]
    # Each joins the next two, so that there are many ways everywhere.
    graph = {name: names[index + 1 : index + 3] for index, name in enumerate(names)}
    assert list(cycles(graph)) == []
    assert len(list(ambiguous(graph))) < 10 * len(names)
    ring = {name: [following] for name, following in zip(names, [*names[1:], names[0]], strict=True)}
    assert [len(cycle) for cycle in cycles(ring)] == [len(names) + 1]


def test_cycles_and_ambiguous_ways_become_warnings_that_say_how_to_mend_them() -> None:
    shops, orders = keyed("shops", "best_item_id"), keyed("orders", "shop_id")
    products, items = keyed("products", "shop_id"), keyed("items", "order_id", "product_id")
    edges = [
        related(items, "order_id", orders),
        related(items, "product_id", products),
        related(orders, "shop_id", shops),
        related(products, "shop_id", shops),
        related(shops, "best_item_id", items),
    ]
    warnings = translated(shops, orders, products, items, *edges).warnings
    assert any("cycle: items -> orders -> shops -> items" in text for text in warnings)
    assert any(
        "is joined to shops on two ways of the same length, over orders and over products" in text
        and "join_path" in text
        for text in warnings
    )
