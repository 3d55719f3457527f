"""What the members of a query are: members of which cube, through which view, computed from what."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from floe_cube_infra.model.cubes import CubeSchema, SemanticModel
from floe_cube_infra.model.members import CubeDimension, CubeMeasure, CubeSegment
from floe_cube_infra.model.views import CubeView, ViewCube, ViewMember
from floe_cube_infra.translate.pre_aggregations.additivity import ADDITIVE, COMPUTED
from floe_cube_infra.translate.references import CONTEXT, references

Member = CubeDimension | CubeMeasure | CubeSegment


@dataclass(frozen=True, kw_only=True)
class Named:
    """A member that a query names.

    Attributes:
        name: As the query names it.
        own: As its cube names it, `cube.member`: the same but for members of views.
        member: What it is.
        path: The cubes that a view goes over to it, the cube's own last; just that one otherwise.
    """

    name: str
    own: str
    member: Member
    path: tuple[str, ...]

    @property
    def is_of_a_view(self) -> bool:
        """Whether it is named by a view."""
        return self.name != self.own

    @property
    def adds_up(self) -> bool:
        """Whether Cube takes it for additive as it stands: measures of views it doesn't, whatever they are made of."""
        return isinstance(self.member, CubeMeasure) and self.member.type in ADDITIVE and not self.is_of_a_view


class Members:
    """Every member that a query can name.

    Args:
        model: The semantic model.
    """

    def __init__(self, model: SemanticModel) -> None:
        cubes = {cube.name: cube for cube in model.cubes}
        roles = {role.name: cubes[role.extends].model_copy(update={"name": role.name}) for role in model.roles}
        self.cubes: Mapping[str, CubeSchema] = cubes | roles
        """By name; those in a role, too, with the members of what they extend."""
        self._own = {
            f"{cube.name}.{member.name}": member for cube in self.cubes.values() for member in _members_of(cube)
        }
        self._of_views = {name: found for view in model.views for name, found in self._members_of_view(view)}

    def find(self, name: str) -> Named | None:
        """The member of that name; None if there is none."""
        if name in self._own:
            return Named(name=name, own=name, member=self._own[name], path=(name.partition(".")[0],))
        return self._of_views.get(name)

    def names(self) -> Iterator[str]:
        """Everything that a query can name."""
        yield from self._own
        yield from self._of_views

    def views_of(self, measures: Collection[str]) -> tuple[str, ...]:
        """The views that have any of these measures, `cube.measure`, by name."""
        return tuple(
            sorted({found.name.partition(".")[0] for found in self._of_views.values() if found.own in measures})
        )

    def own(self, name: str) -> Member | None:
        """The member of a cube, by `cube.member`."""
        return self._own.get(name)

    def leaf_measures(self, name: str) -> tuple[str, ...]:
        """The aggregations that a measure is made of, `cube.measure`; itself if it is one."""
        return tuple(self._leaves(name, set()))

    def base_dimensions(self, name: str) -> tuple[str, ...]:
        """The dimensions of its own cube and others' that a dimension or segment is made of, itself as well.

        Itself it is only where it has SQL of its own: one that is nothing but others' members is those.
        """
        found: list[str] = []
        queue = [name]
        for each in queue:
            member = self._own.get(each)
            if member is None or isinstance(member, CubeMeasure):
                continue
            cube = each.partition(".")[0]
            inside = [other for other in self._referred(cube, member.sql) if other != each]
            if all(other.partition(".")[0] == cube for other in inside):
                found.append(each)
            queue.extend(other for other in inside if other not in queue)
        return tuple(found)

    def _leaves(self, name: str, seen: set[str]) -> Iterator[str]:
        if name in seen:
            return
        seen.add(name)
        measure = self._own.get(name)
        if not isinstance(measure, CubeMeasure):
            return
        inside = [
            other
            for other in self._referred(name.partition(".")[0], measure.sql or "")
            if isinstance(self._own.get(other), CubeMeasure)
        ]
        if measure.type not in COMPUTED or not inside:
            yield name
            return
        for other in inside:
            yield from self._leaves(other, seen)

    def _referred(self, cube: str, sql: str) -> Iterator[str]:
        for steps in references(sql):
            if steps[0] in CONTEXT or steps[0] == cube:
                steps = (cube, *steps[1:])  # noqa: PLW2901 - the cube's own name instead of CUBE
            name = f"{cube}.{steps[0]}" if len(steps) == 1 else ".".join(steps[-2:])
            if name in self._own:
                yield name

    def _members_of_view(self, view: CubeView) -> Iterator[tuple[str, Named]]:
        for part in view.cubes:
            path = tuple(part.join_path.split("."))
            cube = self.cubes.get(path[-1])
            for name, alias in _included(part, cube) if cube else ():
                own = f"{path[-1]}.{name}"
                if own in self._own:
                    prefix = f"{part.alias or path[-1]}_" if part.prefix else ""
                    yield (
                        f"{view.name}.{prefix}{alias}",
                        Named(name=f"{view.name}.{prefix}{alias}", own=own, member=self._own[own], path=path),
                    )


def _members_of(cube: CubeSchema) -> Iterator[Member]:
    yield from cube.measures
    yield from cube.dimensions
    yield from cube.segments


def _included(part: ViewCube, cube: CubeSchema) -> Iterator[tuple[str, str]]:
    """The members that a view takes of a cube: their names there and in the view, without a prefix."""
    excluded: Collection[str] = part.excludes
    if part.includes == "*":
        yield from ((member.name, member.name) for member in _members_of(cube) if member.name not in excluded)
        return
    for item in part.includes:
        name = item.name if isinstance(item, ViewMember) else item
        if name not in excluded:
            yield name, (item.alias or name) if isinstance(item, ViewMember) else name
