"""What an item of a template means for a metric: a column of its own cube, or a member of one that is joined."""

from __future__ import annotations

from dataclasses import dataclass

from floe_cube_infra.inputs.dbt_semantics import SemanticDimension, SemanticEntity
from floe_cube_infra.model.database import DatabaseType
from floe_cube_infra.translate.metricflow.dimensions import ElementMembers
from floe_cube_infra.translate.metricflow.expressions import (
    column_of_cube,
    in_parentheses,
    of_cube,
    plain_column,
    rewritten,
)
from floe_cube_infra.translate.metricflow.index import BoundModel, SemanticIndex, expression_of
from floe_cube_infra.translate.metricflow.items import METRIC_TIME, Item, split_template
from floe_cube_infra.translate.metricflow.joined import JoinedCubes
from floe_cube_infra.translate.metricflow.relations import edge_between
from floe_cube_infra.translate.metricflow.times import extracted, truncated
from floe_cube_infra.translate.metricflow.unsupported import CannotSay
from floe_cube_infra.translate.metricflow.visible import Visible


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where an item was found.

    Attributes:
        model: The semantic model that has it.
        element: The dimension or entity.
        cubes: The cubes on the way, the metric's own first; the last is the model's, or a role that it plays.
    """

    model: BoundModel
    element: SemanticDimension | SemanticEntity
    cubes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Resolver:
    """Finds what items mean.

    Attributes:
        index: The semantic layer.
        members: The dimensions that its elements have become.
        joined: Which cubes are joined.
        visible: What queries must not see.
        database_type: Whose SQL.
    """

    index: SemanticIndex
    members: ElementMembers
    joined: JoinedCubes
    visible: Visible
    database_type: DatabaseType

    def condition(self, template: str, model: BoundModel, time: str | None) -> str:
        """A filter as SQL of the model's cube.

        Args:
            template: SQL with items between `{{` and `}}`.
            model: Whose rows are filtered.
            time: The time dimension that `metric_time` stands for.

        Raises:
            CannotSay: An item can't be found or said, or a name stands outside of items.
        """
        pieces: dict[str, str] = {}
        text = ""
        for piece in split_template(template):
            if isinstance(piece, str):
                text += piece
            else:
                holder = f"item_{len(pieces)}_of_filter"
                pieces[holder] = self.sql(piece, model, time)
                text += holder
        found: set[str] = set()

        def replacement(name: str) -> str:
            if name not in pieces:
                raise CannotSay(f"the filter {template.strip()!r} names {name} outside of {{{{ }}}}")
            found.add(name)
            return pieces[name]

        sql = rewritten(text.strip(), self.database_type, lambda name: replacement(name.parts[0]))
        if found != pieces.keys():
            raise CannotSay(f"the filter {template.strip()!r} has an item where no value can stand")
        return sql

    def sql(self, item: Item, model: BoundModel, time: str | None) -> str:
        """An item as an operand in the SQL of the model's cube.

        Raises:
            CannotSay: It can't be found or said.
        """
        place = self.locate(item, model, time)
        sql = self._value(place)
        dimension = place.element if isinstance(place.element, SemanticDimension) else None
        if dimension is None or dimension.type != "time":
            if item.grain or item.date_part:
                raise CannotSay(f"{item.text} cuts what is no time")
            return sql
        if item.date_part:
            return extracted(sql, item.date_part)
        own = dimension.type_params.time_granularity if dimension.type_params else None
        grain = item.grain or (own or "").lower()
        # Times that are finer than a second are compared as they are.
        return truncated(sql, grain, self.database_type) if grain and not grain.endswith("osecond") else sql

    def member(self, place: Place) -> str:
        """The name of the dimension in its cube.

        Raises:
            CannotSay: It has become none.
        """
        name = self.members.names.get((place.model.name, place.element.name))
        if name is None:
            raise CannotSay(f"{place.element.name} of {place.model.name} has become no dimension")
        return name

    def is_open(self, place: Place) -> bool:
        """Whether queries may use the dimension that the element has become."""
        name = self.member(place)
        made = self.members.dimensions.get(place.model.node_id, ())
        return all(dimension.public is not False for dimension in made if dimension.name == name)

    def locate(self, item: Item, model: BoundModel, time: str | None) -> Place:
        """Where an item lies, as seen from a semantic model.

        Raises:
            CannotSay: Nowhere, or Cube could go another way there.
        """
        if item.kind == "Metric":
            raise CannotSay(f"{item.text} filters by the value of a metric, which Cube computes only after filtering")
        element, links = item.element, item.links
        if element == METRIC_TIME:
            if time is None:
                raise CannotSay(f"{model.name} has no agg_time_dimension for metric_time to stand for")
            element, links = time, ()
        current, cubes, nodes = model, [model.source.cube_name], [model.node_id]
        for number, link in enumerate(links):
            following = links[number + 1] if number + 1 < len(links) else element
            if current.is_about(link) and current.has_element(following):
                continue
            current, cube = self._hop(current, link, following)
            cubes.append(cube)
            nodes.append(current.node_id)
        if len(nodes) > 2 and not self.joined.is_only_way(tuple(nodes)):
            raise CannotSay(f"{item.text} goes over {', '.join(cubes[1:-1])}, but Cube could go another way")
        found = current.dimensions.get(element) if item.kind != "Entity" else current.entities.get(element)
        if found is None:
            found = current.entities.get(element) or current.dimensions.get(element)
        if found is None:
            raise CannotSay(f"{item.text} is unknown: the semantic model {current.name} has no {element}")
        return Place(model=current, element=found, cubes=tuple(cubes))

    def _hop(self, current: BoundModel, link: str, following: str) -> tuple[BoundModel, str]:
        if link not in current.entities:
            raise CannotSay(f"the semantic model {current.name} has no entity {link}")
        targets = [one for one in self.index.joined_by(link, other_than=current) if one.has_element(following)]
        if not targets and current.is_about(link):
            raise CannotSay(f"the semantic model {current.name} has no {following}")
        if not targets:
            raise CannotSay(f"no semantic model that becomes a cube can be joined by {link} and has {following}")
        if len(targets) > 1:
            raise CannotSay(f"{following} lies in {' and '.join(one.name for one in targets)}, joined by {link}")
        edge = edge_between(link, current, targets[0])
        cube = self.joined.cube_name(edge) if edge else None
        if cube is None:
            raise CannotSay(
                f"it needs a join from {current.source.cube_name} to {targets[0].source.cube_name} by the entity "
                f"{link}, which isn't there"
            )
        return targets[0], cube

    def _value(self, place: Place) -> str:
        """The element's value: of the cube's own table, or by reference."""
        source = place.model.source
        column = plain_column(expression_of(place.element), source)
        if len(place.cubes) == 1:
            if column is not None:
                return column_of_cube(column, self.database_type)
            return in_parentheses(of_cube(expression_of(place.element), source, self.database_type))
        if column is not None and self.visible.is_masked(column, source):
            raise CannotSay(f"{source.cube_name}.{column.member} is masked, so that no filter can tell its values")
        return f"{{{place.cubes[-1]}.{self.member(place)}}}"
