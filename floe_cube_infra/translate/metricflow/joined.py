"""Which cubes are joined, and under which name one refers to the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.translate.joins import Edge, Joins
from floe_cube_infra.translate.quoting import column_sql
from floe_cube_infra.translate.sources import SourceModel


class JoinedCubes:
    """The joins of all cubes, or the edges for want of them.

    Without joins, every edge is taken for one.
    """

    def __init__(
        self,
        sources: Mapping[str, SourceModel],
        edges: Iterable[Edge],
        joins: Joins | None,
        database_type: DatabaseType,
    ) -> None:
        self._sources = sources
        self._joins = joins
        self._database_type = database_type
        nodes = {source.cube_name: unique_id for unique_id, source in sources.items()}
        self._next: dict[str, list[str]] = {}
        if joins is None:
            for edge in edges:
                self._next.setdefault(edge.node, []).append(edge.to)
        else:
            for unique_id, found in joins.by_node.items():
                self._next[unique_id] = [nodes[join.name] for join in found if join.name in nodes]

    def cube_name(self, edge: Edge) -> str | None:
        """The cube that the edge's join leads to: the target's own, or a role that it plays."""
        target = self._sources[edge.to].cube_name
        if self._joins is None:
            return target
        for join in self._joins.by_node.get(edge.node, ()):
            if join.name != target and self._joins.roles.get(join.name) != edge.to:
                continue
            if self._condition(edge, join.name).lower() in join.sql.lower():
                return join.name
        return None

    def path(self, start: str, end: str) -> tuple[str, ...] | None:
        """The shortest way between two nodes, as their `unique_id`s; roles aren't walked through."""
        came_from = {start: start}
        queue = [start]
        for node in queue:
            if node == end:
                way = [end]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return tuple(reversed(way))
            for following in sorted(self._next.get(node, ())):
                if following not in came_from:
                    came_from[following] = node
                    queue.append(following)
        return None

    def names(self, way: tuple[str, ...]) -> tuple[str, ...]:
        """The cubes on a way."""
        return tuple(self._sources[node].cube_name for node in way)

    def is_only_way(self, way: tuple[str, ...]) -> bool:
        """Whether Cube, which takes the shortest way of joins, can take no other than this one."""
        depths = {way[0]: 0}
        ways = {way[0]: 1}
        queue = [way[0]]
        for node in queue:
            for following in self._next.get(node, ()):
                if following not in depths:
                    depths[following] = depths[node] + 1
                    ways[following] = 0
                    queue.append(following)
                if depths[following] == depths[node] + 1:
                    ways[following] += ways[node]
        return depths.get(way[-1]) == len(way) - 1 and ways[way[-1]] == 1

    def _condition(self, edge: Edge, name: str) -> str:
        pairs = []
        for unique_id, column in ((edge.node, edge.columns[0]), (edge.to, edge.to_columns[0])):
            known = self._sources[unique_id].column(column)
            pairs.append(
                column_sql(known.name, self._database_type, quoted=known.quoted) if known is not None else column
            )
        return f"{{CUBE}}.{pairs[0]} = {{{name}}}.{pairs[1]}"
