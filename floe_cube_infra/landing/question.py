"""One question in the words of each API: a single member, so that what it costs is small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from floe_cube_infra.errors import LandingError


@dataclass(frozen=True, kw_only=True)
class Question:
    """A member of a cube or view.

    Attributes:
        cube: The cube or view.
        name: The member's name within it.
        is_measure: Whether it is a measure; else a dimension.
    """

    cube: str
    name: str
    is_measure: bool = True

    @property
    def member(self) -> str:
        """As REST names it: `orders.count`."""
        return f"{self.cube}.{self.name}"

    @property
    def rest(self) -> dict[str, object]:
        """As the REST API takes it."""
        return {"measures" if self.is_measure else "dimensions": [self.member], "limit": 1}

    @property
    def graphql(self) -> str:
        """As the GraphQL API takes it, which spells the first letter of a cube small."""
        return f"{{ cube(limit: 1) {{ {self.cube[0].lower()}{self.cube[1:]} {{ {self.name} }} }} }}"

    @property
    def sql(self) -> str:
        """As the SQL API takes it."""
        column = f'MEASURE("{self.name}")' if self.is_measure else f'"{self.name}"'
        # Members are identifiers of Cube's, without quotes.
        return f'SELECT {column} FROM "{self.cube}" LIMIT 1'  # noqa: S608  # nosec B608


def candidates(meta: object) -> list[Question]:
    """What may be asked, by what `/meta` tells: counts first, then other measures, then texts; one of each cube.

    Times are left out: GraphQL has a form of its own for them.
    """
    found = [each for cube in _list(meta, "cubes") for each in _of_cube(cube)]
    return [question for _, question in sorted(found, key=lambda each: each[0])]


def _of_cube(cube: object) -> Iterator[tuple[int, Question]]:
    measures = [each for each in _list(cube, "measures") if each.get("isVisible", True)]
    counts = [each for each in measures if each.get("aggType") == "count"]
    dimensions = [each for each in _list(cube, "dimensions") if each.get("isVisible", True)]
    texts = [each for each in dimensions if each.get("type") == "string"]
    for rank, members in enumerate((counts, measures, texts)):
        if members:
            name, _, member = str(members[0].get("name")).partition(".")
            yield rank, Question(cube=name, name=member, is_measure=members is not texts)
            return


def _list(document: object, key: str) -> list[dict[str, Any]]:
    found = document.get(key) if isinstance(document, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def named(member: str, known: Sequence[Question]) -> Question:
    """The question for a member that somebody named; a measure, unless a cube is known to have none.

    Raises:
        LandingError: It is no member's name.
    """
    cube, _, name = member.partition(".")
    if not (cube.isidentifier() and name.isidentifier()):
        raise LandingError(f"--ask {member} is no member: write it as CUBE.MEMBER, such as orders.count.")
    dimensions = {each.member for each in known if not each.is_measure}
    return Question(cube=cube, name=name, is_measure=member not in dimensions)
