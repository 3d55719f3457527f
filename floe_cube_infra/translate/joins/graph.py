"""What is doubtful about all joins together: cycles, and pairs of cubes with several shortest ways between them.

Cube joins cubes along the shortest way of directed joins, and takes any where there are several.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

MOST_JOINS: Final = 5
"""How long ways are looked at: nobody writes longer queries, and all ways of many cubes are too many."""

Graph = Mapping[str, Sequence[str]]
"""The cubes that each cube joins, by name."""


def cycles(graph: Graph) -> Iterator[tuple[str, ...]]:
    """One cycle for each strongly connected part, as cubes in their order, the first one repeated at the end."""
    for part in _strongly_connected(graph):
        if len(part) > 1:
            yield _cycle_through(min(part), part, graph)


def ambiguous(graph: Graph) -> Iterator[tuple[str, str, tuple[str, str]]]:
    """Pairs of cubes with several shortest ways, and two cubes just before the end that these ways lead over.

    Ways that part only after their first join are reported for the cube where they part.
    """
    for start in sorted(graph):
        if len(graph[start]) < 2:
            continue
        before = _before(start, graph)
        # The joins that the shortest ways to a cube begin with.
        first: dict[str, frozenset[str]] = {}
        for cube, others in before.items():
            first[cube] = frozenset().union(*(first.get(other, frozenset([cube])) for other in others))
        for end, others in sorted(before.items()):
            for one, other in combinations(others, 2):
                if first[one] != first[other]:
                    yield start, end, (one, other)
                    break


def _before(start: str, graph: Graph) -> dict[str, list[str]]:
    """The cubes just before each one on the shortest ways from the start, the nearest first."""
    depth = {start: 0}
    before: dict[str, list[str]] = {}
    queue = [start]
    for cube in queue:
        if depth[cube] == MOST_JOINS:
            break
        for following in graph.get(cube, ()):
            if following not in depth:
                depth[following] = depth[cube] + 1
                queue.append(following)
            if depth[following] == depth[cube] + 1:
                before.setdefault(following, []).append(cube)
    return before


def _cycle_through(start: str, part: frozenset[str], graph: Graph) -> tuple[str, ...]:
    came_from = {start: start}
    queue = [start]
    for cube in queue:
        for following in graph.get(cube, ()):
            if following == start:
                way = [cube]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return (*reversed(way), start)
            if following in part and following not in came_from:
                came_from[following] = cube
                queue.append(following)
    return (start, start)


def _strongly_connected(graph: Graph) -> Iterator[frozenset[str]]:
    """Tarjan's algorithm, without recursion: chains of joins may be long."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in sorted(graph):
        if root in index:
            continue
        work = [(root, iter(graph.get(root, ())))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            cube, following = work[-1]
            for other in following:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(graph.get(other, ()))))
                    break
                if other in on_stack:
                    low[cube] = min(low[cube], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[cube])
                if low[cube] == index[cube]:
                    part = set()
                    while cube not in part:
                        part.add(stack[-1])
                        on_stack.discard(stack.pop())
                    yield frozenset(part)
