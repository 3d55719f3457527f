"""Ready-made questions about a model, as lines for a shell."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from floe_cube_infra.model.access import Filtered, Refused, RowFilter
from floe_cube_infra.model.cubes import CubeSchema, SemanticModel

_PLAIN: Final = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True, kw_only=True)
class Question:
    """A measure by a dimension, as far as the cube has them.

    Attributes:
        cube: The cube.
        measure: One of its measures.
        dimension: One of its dimensions.
    """

    cube: str
    measure: str | None
    dimension: str | None

    @property
    def rest(self) -> dict[str, list[str]]:
        """As the REST API takes it."""
        parts = {"measures": self.measure, "dimensions": self.dimension}
        return {part: [f"{self.cube}.{member}"] for part, member in parts.items() if member}

    @property
    def graphql(self) -> str:
        """As the GraphQL API takes it."""
        members = " ".join(member for member in (self.measure, self.dimension) if member)
        return f"{{ cube {{ {self.cube} {{ {members} }} }} }}"

    @property
    def sql(self) -> str:
        """As the SQL API takes it."""
        columns = [_quoted(self.dimension)] if self.dimension else []
        columns += [f"MEASURE({_quoted(self.measure)})"] if self.measure else []
        grouped = " GROUP BY 1" if self.dimension else ""
        # Shown to people, not run; and the names are identifiers.
        return f"SELECT {', '.join(columns)} FROM {_quoted(self.cube)}{grouped}"  # noqa: S608 # nosec B608


def choose(model: SemanticModel) -> Question | None:
    """A question that everyone with a token may ask: of the cube with the most measures; None if there is none."""
    hidden = {rule.name: frozenset(rule.hidden) for rule in model.access_rules}
    questions = (_about(cube, hidden.get(cube.name, frozenset())) for cube in _richest_first(model))
    known = [question for question in questions if question]
    return next((question for question in known if question.measure and question.dimension), next(iter(known), None))


def value_of_claim(model: SemanticModel, claim: str) -> str | None:
    """SQL for some value of a claim that sees rows of the cube that `choose` asks; None if it filters none there."""
    question = choose(model)
    cube = next((cube for cube in model.cubes if question and cube.name == question.cube), None)
    member = next((each.member for each in _filters(cube) if each.claim == claim), None) if cube else None
    if cube is None or member is None:
        return None
    column = next(each.sql for each in cube.dimensions if each.name == member).replace("{CUBE}", "own")
    return f"SELECT {column} FROM {cube.sql_table} AS own WHERE {column} IS NOT NULL LIMIT 1"  # noqa: S608 # nosec B608


def rest_line(question: Question, address: str) -> str:
    """`curl` for the REST API; the shell's TOKEN is sent along."""
    query = shlex.quote("query=" + json.dumps(question.rest, separators=(",", ":")))
    return f'curl -s -G -H "Authorization: Bearer $TOKEN" {address}/cubejs-api/v1/load --data-urlencode {query}'


def graphql_line(question: Question, address: str) -> str:
    """`curl` for the GraphQL API."""
    body = shlex.quote(json.dumps({"query": question.graphql}))
    return (
        f'curl -s -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" {address}/cubejs-api/graphql '
        f"-d {body}"
    )


def sql_line(question: Question, port: int, user: str) -> str:
    """`psql` for the SQL API; the token is the password."""
    return f'PGPASSWORD="$TOKEN" psql -h 127.0.0.1 -p {port} -U {user} -d cube -c {shlex.quote(question.sql)}'


def _richest_first(model: SemanticModel) -> list[CubeSchema]:
    asked = [cube for cube in model.cubes if cube.public is not False and not isinstance(cube.access, Refused)]
    return sorted(asked, key=lambda cube: (-len(cube.measures), -len(cube.joins), cube.name))


def _about(cube: CubeSchema, hidden: frozenset[str]) -> Question | None:
    filtered = frozenset(each.member for each in _filters(cube))
    measures = sorted(
        (one.type not in ("count", "sum"), place, one.name)
        for place, one in enumerate(cube.measures)
        if one.public is not False and one.name not in hidden and one.rolling_window is None
    )
    dimensions = sorted(_dimensions(cube, hidden, filtered))
    if not measures and not dimensions:
        return None
    return Question(
        cube=cube.name,
        measure=measures[0][-1] if measures else None,
        dimension=dimensions[0][-1] if dimensions else None,
    )


def _dimensions(cube: CubeSchema, hidden: frozenset[str], filtered: frozenset[str]) -> Iterator[tuple[bool, int, str]]:
    """Each dimension that groups rows, with what it is ordered by: those that sound like an identifier come last."""
    for place, one in enumerate(cube.dimensions):
        shown = one.public is not False and one.name not in hidden and one.mask is None and not one.sub_query
        if shown and one.type in ("string", "boolean") and not one.primary_key and one.name not in filtered:
            yield one.name.endswith(("id", "key")), place, one.name


def _filters(cube: CubeSchema) -> tuple[RowFilter, ...]:
    return cube.access.filters if isinstance(cube.access, Filtered) else ()


def _quoted(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else f'"{name}"'
