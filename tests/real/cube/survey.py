"""Asks many questions and keeps what PostgreSQL itself answers to each organization."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from tests.real.cube.clients import Answer, Cube, token
from tests.real.cube.comparing import Bag, bag
from tests.real.cube.own_rows import Statement, ask
from tests.real.cube.questions import Question
from tools.postgres import Postgres

ORGANIZATIONS: Final = (1, 2, 3)
TOKENS: Final = {organization: token(organization) for organization in ORGANIZATIONS}
# More would only wait: Cube's server is one thread.
_ASKERS: Final = 3

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question with its right answers.

    Attributes:
        question: The question.
        members: The members of the answer's rows.
        own: By organization, what PostgreSQL answers where it hides all rows of others.
        of_all: What it answers with everybody's rows.
    """

    question: Question
    members: tuple[str, ...]
    own: Mapping[int, Bag]
    of_all: Bag


Rows = Sequence[Mapping[str, Any]]
AskForRows = Callable[[Asked, int], Rows | Answer]
"""Gives what an organization gets as the answer to a question: rows, or a failure."""


def at_once(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """The results of a few threads, in order."""
    with ThreadPoolExecutor(_ASKERS) as threads:
        return list(threads.map(work, items))


def survey(unguarded: Cube, postgres: Postgres, questions: Sequence[Question]) -> list[Asked]:
    """Lets PostgreSQL answer: the SQL is that of a Cube without any row-level security."""
    planned = at_once(lambda question: unguarded.sql(question.query, TOKENS[1]), questions)
    for question, plan in zip(questions, planned, strict=True):
        assert plan.status == 200, f"{question}: {plan.error}"
    return settle(postgres, [(question, plan.body["sql"]) for question, plan in zip(questions, planned, strict=True)])


def settle(postgres: Postgres, planned: Sequence[tuple[Question, Mapping[str, Any]]]) -> list[Asked]:
    """The right answers to SQL; `planned` has for each question `sql` (text and values) and `aliasNameToMember`."""
    whose = [*((organization,) for organization in ORGANIZATIONS), None]
    statements = [
        Statement(sql=plan["sql"][0], values=plan["sql"][1], organizations=organizations)
        for _, plan in planned
        for organizations in whose
    ]
    rows = iter(ask(postgres, statements))
    asked = []
    for question, plan in planned:
        names: dict[str, str] = plan["aliasNameToMember"]
        bags = [
            bag(({names[alias]: row[alias] for alias in names} for row in next(rows)), names.values()) for _ in whose
        ]
        own = dict(zip(ORGANIZATIONS, bags, strict=False))
        asked.append(Asked(question=question, members=tuple(names.values()), own=own, of_all=bags[-1]))
    return asked


def rotated(asked: Sequence[Asked]) -> list[tuple[Asked, int]]:
    """Each question with one organization, these in turn."""
    return [(one, ORGANIZATIONS[index % len(ORGANIZATIONS)]) for index, one in enumerate(asked)]


def everyone(asked: Sequence[Asked]) -> list[tuple[Asked, int]]:
    """Each question with each organization."""
    return [(one, organization) for one in asked for organization in ORGANIZATIONS]


def wrong_answers(asked: Sequence[tuple[Asked, int]], ask_for_rows: AskForRows) -> list[str]:
    """What isn't answered as PostgreSQL answers it: failures, rows of others, rows that are missing."""

    def check(one: tuple[Asked, int]) -> str | None:
        question, organization = one
        rows = ask_for_rows(question, organization)
        if isinstance(rows, Answer):
            return f"organization {organization} gets {rows.status} {rows.error}, {question.question}"
        right = question.own[organization]
        given = bag(rows, question.members)
        if given == right:
            return None
        strange = [row for row in given if row not in right]
        missing = [row for row in right if row not in given]
        return f"organization {organization} sees {strange[:3]} and misses {missing[:3]}, {question.question}"

    return [problem for problem in at_once(check, asked) if problem]


def require_right_answers(asked: Sequence[tuple[Asked, int]], ask_for_rows: AskForRows) -> None:
    """Fails with the wrong answers, if there are any."""
    assert asked
    wrong = wrong_answers(asked, ask_for_rows)
    assert not wrong, f"{len(wrong)} of {len(asked)} answers are wrong:\n" + "\n".join(wrong[:20])


def by_rest(cube: Cube) -> AskForRows:
    """Asks by REST."""

    def rows(asked: Asked, organization: int) -> Rows | Answer:
        answer = cube.load(asked.question.query, TOKENS[organization])
        return answer.body["data"] if answer.status == 200 else answer

    return rows


def by_sql(cube: Cube, how: str = "load") -> AskForRows:
    """Asks as Cube's SQL API asks: a whole query (`load`), or pushed down to SQL (`pushdown`)."""

    def rows(asked: Asked, organization: int) -> Rows | Answer:
        what: dict[str, Any] = {how: asked.question.query}
        answer = cube.sql_callback(TOKENS[organization], **what)
        return from_columns(answer.body) if answer.status == 200 else answer

    return rows


def from_columns(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows, of an answer by columns."""
    return [dict(zip(answer["members"], values, strict=True)) for values in zip(*answer["columns"], strict=True)]
