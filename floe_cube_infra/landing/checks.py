"""What has to be true once a stack has landed: its pods are ready, they serve the expected model, each API answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from floe_cube_infra.landing.client import Answer, CubeClient
from floe_cube_infra.landing.question import Question, candidates, named
from floe_cube_infra.landing.sql_client import SqlClient
from floe_cube_infra.landing.target import Target

State = Literal["passed", "failed", "left out"]

# Cube tries so many cubes for one that doesn't refuse.
_MOST_TRIES: Final = 5
_REFUSED: Final = (400, 403)
_SCOPE: Final = "API scope is missing"
_NO_SQL: Final = "the SQL API is off, or each organization has its own"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one check.

    Attributes:
        name: What was looked at.
        state: What came of it; what is left out says why, and is no failure.
        detail: What was seen, or what to do.
        is_final: Whether waiting can't help.
    """

    name: str
    state: State
    detail: str = ""
    is_final: bool = False


def look(target: Target, client: CubeClient, sql: SqlClient | None, asked: str | None) -> tuple[Outcome, ...]:
    """Looks once. What comes later isn't asked while what it needs fails.

    Args:
        target: Where, and what is expected.
        client: Who asks over HTTP.
        sql: Who asks over the Postgres wire protocol; None where nobody does.
        asked: The member to ask for, such as `orders.count`; None for any that answers.
    """
    ready = [*_health(target, client), *_pod(target, client)]
    if _has_failed(ready):
        return tuple(ready)
    meta = client.ask("v1/meta")
    model = _model(target, meta)
    if model.state == "failed":
        return (*ready, model)
    return (*ready, model, *_apis(target, client, sql, _questions(meta, asked)))


def _has_failed(outcomes: Sequence[Outcome]) -> bool:
    return any(each.state == "failed" for each in outcomes)


def _health(target: Target, client: CubeClient) -> Iterator[Outcome]:
    name = "/readyz"
    if target.health is None:
        yield Outcome(name=name, state="left out", detail="from outside the cluster only the API is reached")
        return
    answer = client.probe(target.health)
    if answer.status == 404:
        yield Outcome(name=name, state="left out", detail="what stands in front of Cube doesn't let it through")
    elif answer.error or answer.status != 200:
        yield Outcome(name=name, state="failed", detail=answer.error or f"status {answer.status}")
    else:
        yield Outcome(name=name, state="passed", detail="Cube finds its database")


def _pod(target: Target, client: CubeClient) -> Iterator[Outcome]:
    if target.pod is None:
        return
    answer = client.probe(target.pod)
    body = answer.body if isinstance(answer.body, dict) else {}
    if answer.status == 200 and body.get("ready") is True:
        yield Outcome(name="/ready", state="passed", detail="the model is compiled and the APIs are warm")
    else:
        yield Outcome(name="/ready", state="failed", detail=str(body.get("reason") or answer.error or "it is no pod"))


def _model(target: Target, meta: Answer) -> Outcome:
    name = "model"
    if meta.status in (401, 403) and not meta.model_version:
        return Outcome(name=name, state="failed", detail=f"the token is refused: {meta.error}", is_final=True)
    if meta.error and not (meta.model_version and _SCOPE in meta.error):
        return Outcome(name=name, state="failed", detail=meta.error)
    if not meta.model_version:
        detail = "the answer doesn't tell its model: it isn't this project's Cube, or one of an earlier release"
        return Outcome(name=name, state="failed", detail=detail)
    return _same_model(target, meta, name) or Outcome(name=name, state="passed", detail=meta.model_version)


def _same_model(target: Target, answer: Answer, name: str) -> Outcome | None:
    """A failure where another model has answered; several pods may, in turn."""
    if answer.model_version in (target.model_version, ""):
        return None
    detail = f"{answer.model_version} answers, and {target.model_version} is expected"
    return Outcome(name=name, state="failed", detail=detail)


def _questions(meta: Answer, asked: str | None) -> list[Question]:
    known = candidates(meta.body)
    return [named(asked, known)] if asked else known[:_MOST_TRIES]


def _apis(
    target: Target, client: CubeClient, sql: SqlClient | None, questions: Sequence[Question]
) -> Iterator[Outcome]:
    if not questions:
        detail = "the token sees no cube that could be asked; give one with other roles, or --ask"
        yield Outcome(name="REST", state="failed", detail=detail, is_final=True)
        return
    question, answer = _first_answered(client, questions)
    yield _api(target, "REST", question, answer)
    yield _api(target, "GraphQL", question, client.ask("graphql", {"query": question.graphql}))
    yield _sql_over_http(target, client, question)
    yield _sql(target, sql, question)


def _first_answered(client: CubeClient, questions: Sequence[Question]) -> tuple[Question, Answer]:
    for question in questions:
        answer = client.ask("v1/load", {"query": question.rest})
        # What a token may not ask, another may.
        if answer.status not in _REFUSED or _SCOPE in answer.error:
            break
    return question, answer


def _api(target: Target, name: str, question: Question, answer: Answer) -> Outcome:
    if _SCOPE in answer.error:
        return Outcome(name=name, state="left out", detail="the stack's settings switch it off (api.scopes)")
    if answer.error:
        return Outcome(name=name, state="failed", detail=f"{question.member}: {answer.error}")
    body = answer.body if isinstance(answer.body, dict) else {}
    if "data" not in body:
        return Outcome(name=name, state="failed", detail=f"{question.member}: the answer holds no rows")
    return _same_model(target, answer, name) or Outcome(name=name, state="passed", detail=question.member)


def _sql_over_http(target: Target, client: CubeClient, question: Question) -> Outcome:
    name = "SQL over HTTP"
    if target.has_sql is False:
        return Outcome(name=name, state="left out", detail=_NO_SQL)
    answer = client.ask("v1/cubesql", {"query": question.sql})
    if target.has_sql is None and answer.status == 404:
        return Outcome(name=name, state="left out", detail="the SQL API is off here")
    return _api(target, name, question, answer)


def _sql(target: Target, sql: SqlClient | None, question: Question) -> Outcome:
    name = "SQL over Postgres"
    if target.sql is None:
        reason = _NO_SQL if target.has_sql is False else "no address is known that is reached from here (--sql-url)"
        return Outcome(name=name, state="left out", detail=reason)
    if sql is None:
        return Outcome(name=name, state="left out", detail="it needs psql, which is not on PATH")
    error = sql.ask(target.sql, question.sql, tls=target.sql_tls)
    if error:
        return Outcome(name=name, state="failed", detail=f"{question.member}: {error}")
    return Outcome(name=name, state="passed", detail=question.member)
