"""The graph itself: what is drawn, and which part of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Literal

from floe_cube_infra.model.frozen import Frozen

Mark = Literal["added", "removed", "renamed", "changed"]
"""What a comparison says of a node or join."""

# One cube to the other.
Ends = tuple[Literal["one", "many"], Literal["one", "many"]]
_ENDS: dict[str, Ends] = {
    "one_to_one": ("one", "one"),
    "one_to_many": ("one", "many"),
    "many_to_one": ("many", "one"),
}


class GraphNode(Frozen):
    """A cube, a cube in a further role, or a view.

    Attributes:
        name: Its name, which no other node has.
        kind: Which of the three.
        access: Which rows a query may see; None for a view, whose rows are those of its cubes.
        filter_columns: The dimensions that rows are filtered by.
        folder: Of the dbt project, where its node is declared.
        dimensions: How many it has.
        measures: How many.
        rollups: How many.
        extends: The cube whose role it is.
        uses: The cubes of a view, its root first.
        mark: What a comparison says of it.
        told: The same in words; empty without a comparison.
    """

    name: str
    kind: Literal["cube", "role", "view"] = "cube"
    access: Literal["filter", "unfiltered", "refused"] | None = None
    filter_columns: tuple[str, ...] = ()
    folder: str = ""
    dimensions: int = 0
    measures: int = 0
    rollups: int = 0
    extends: str | None = None
    uses: tuple[str, ...] = ()
    mark: Mark | None = None
    told: str = ""


class GraphJoin(Frozen):
    """A join, as the cube declares it that it is written in.

    Attributes:
        cube: That cube.
        to: The other one.
        relationship: From the one to the other: `many_to_one`, or as Cube calls it.
        mark: What a comparison says of it.
    """

    cube: str
    to: str
    relationship: str
    mark: Mark | None = None

    @property
    def ends(self) -> Ends:
        """How many rows of either meet one of the other."""
        return _ENDS.get(self.relationship, ("many", "many"))

    @property
    def many_first(self) -> GraphJoin:
        """The same join from many to one; as it is where it has no such direction."""
        if self.ends != ("one", "many"):
            return self
        return self.model_copy(update={"cube": self.to, "to": self.cube, "relationship": "many_to_one"})

    @property
    def words(self) -> str:
        """The cardinality for people."""
        return self.relationship.replace("_", " ")


class ModelGraph(Frozen):
    """The whole of it, or a part.

    Attributes:
        nodes: By name; of what changed, the gravest first.
        joins: By both ends; each leads from a node to a node.
        left_out: How many more nodes there would be.
    """

    nodes: tuple[GraphNode, ...] = ()
    joins: tuple[GraphJoin, ...] = ()
    left_out: int = 0

    def first(self, count: int) -> ModelGraph:
        """The part with so many of the nodes that come first."""
        left_out = self.left_out + max(0, len(self.nodes) - count)
        return self.only(node.name for node in self.nodes[:count]).model_copy(update={"left_out": left_out})

    def only(self, names: Iterable[str]) -> ModelGraph:
        """The part with these nodes, and the joins among them."""
        kept = set(names)
        return ModelGraph(
            nodes=tuple(node for node in self.nodes if node.name in kept),
            joins=tuple(join for join in self.joins if join.cube in kept and join.to in kept),
            left_out=self.left_out,
        )

    def around(self, focus: Iterable[str], hops: int) -> ModelGraph:
        """The part that is within reach of some nodes, along joins in either direction, and from views to their cubes.

        Args:
            focus: Names of nodes.
            hops: How many steps away the farthest may be.
        """
        found = set(focus)
        edge = found
        neighbours = self._neighbours()
        for _ in range(hops):
            edge = {other for name in edge for other in neighbours[name]} - found
            found |= edge
        return self.only(found)

    def drawn_joins(self) -> list[GraphJoin]:
        """The joins from many to one; where both cubes declare the same one, it is there once."""
        told: dict[tuple[str, str, Ends], GraphJoin] = {}
        for each in self.joins:
            join = each.many_first
            back = (join.to, join.cube, (join.ends[1], join.ends[0]))
            key = back if back in told else (join.cube, join.to, join.ends)
            if key not in told or told[key].mark is None:
                told[key] = told[key].model_copy(update={"mark": join.mark}) if key in told else join
        return list(told.values())

    def joined_by(self) -> Counter[str]:
        """How many joins lead to each cube: what many facts share stands out."""
        return Counter(join.to for join in self.drawn_joins())

    def joining(self) -> Counter[str]:
        """How many joins lead from each cube: so do facts."""
        return Counter(join.cube for join in self.drawn_joins())

    def _neighbours(self) -> dict[str, set[str]]:
        known = {node.name for node in self.nodes}
        pairs = [(join.cube, join.to) for join in self.joins]
        pairs += [(node.name, used) for node in self.nodes for used in node.uses]
        pairs += [(node.name, node.extends) for node in self.nodes if node.extends is not None]
        found: dict[str, set[str]] = defaultdict(set)
        for one, other in pairs:
            if one in known and other in known:
                found[one].add(other)
                found[other].add(one)
        return found
