"""Rollups that a refresh worker has built answer what `explain` says they do, each organization with its own rows.

They lie in PostgreSQL, since Cube Store's binary can't be had here; which of them is read, and which of its rows, is
decided by Cube either way.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

import pytest

from floe_cube_infra.acceleration import Explainer
from floe_cube_infra.acceleration.query import CubeQuery
from floe_cube_infra.generation import Generated
from floe_cube_infra.model.cubes import SemanticModel
from floe_cube_infra.render.files import CubeFiles
from tests.real.cube.clients import Answer, Cube, Serve
from tests.real.cube.comparing import Bag, bag
from tests.real.cube.questions import Cube as CubeMeta
from tests.real.cube.questions import Question
from tests.real.cube.rolled_up import WORKER, files_of, shop_with_proposed_rollups, with_more_rollups
from tests.real.cube.rollup_questions import rollup_questions
from tests.real.cube.survey import ORGANIZATIONS, TOKENS, Asked, at_once, everyone, survey
from tools.postgres import Postgres
from tools.shop_database import CUBE_USER, DATABASE

pytestmark = [pytest.mark.xdist_group("real cube"), pytest.mark.real]

SCHEMA: Final = "rollups_of_all_kinds"
ROLLUPS: Final = 12
RARE: Final = (
    {
        "measures": ["orders.buyers", "orders.average_order_total"],
        "dimensions": ["orders.channel"],
        "timeDimensions": [
            {"dimension": "orders.ordered_at", "granularity": "month", "dateRange": ["2024-11-01", "2024-12-31"]}
        ],
    },
    {"measures": ["orders.completed_revenue"], "dimensions": [], "segments": ["orders.completed"]},
)
"""What hardly occurs by chance: exactly the members of a rollup that doesn't add up; a segment."""
_ZERO: Final = "0.0000000000e+10"


@pytest.fixture(scope="module")
def shop() -> Generated:
    return shop_with_proposed_rollups()


@pytest.fixture(scope="module")
def model(shop: Generated) -> SemanticModel:
    return with_more_rollups(shop.model)


@pytest.fixture(scope="module")
def built(serve: Serve, shop: Generated, model: SemanticModel, postgres: Postgres) -> CubeFiles:
    """Files whose rollups a refresh worker has built, all of them, in a schema that was there before it."""
    files = files_of(model, shop, SCHEMA)
    postgres.run(f"CREATE SCHEMA {SCHEMA} AUTHORIZATION {CUBE_USER}", database=DATABASE)
    until, seen = time.monotonic() + 100, -1
    with serve(files, WORKER) as worker:
        # Built are all once there is a table of each, and their number doesn't change any more.
        while len(_rollups(postgres)) < ROLLUPS or seen != len(_tables(postgres)):
            assert time.monotonic() < until, (_rollups(postgres), worker.server.log.read_text()[-3000:])
            seen = len(_tables(postgres))
            time.sleep(3)
    return files


@pytest.fixture(scope="module")
def rolled_up(serve: Serve, built: CubeFiles) -> Iterator[Cube]:
    """An API server as the stack has it, which builds nothing itself."""
    with serve(built) as started:
        yield started


@pytest.fixture(scope="module")
def served(
    described: list[CubeMeta], model: SemanticModel, unguarded: Cube, postgres: Postgres
) -> list[tuple[Asked, str]]:
    """Queries that rollups answer, by the model alone, with the rollup and with PostgreSQL's own answers."""
    explainer = Explainer(model, ["UTC"])
    found = []
    for query in (*RARE, *rollup_questions(described, each=40, seed=2)):
        by = explainer.explain(CubeQuery(**query)).served_by
        if by is not None and "timezone" not in query:
            found.append((Question(family="a rollup", query=query), by))
    asked = survey(unguarded, postgres, [question for question, _ in found])
    return [(one, by) for one, (_, by) in zip(asked, found, strict=True)]


def _tables(postgres: Postgres) -> list[str]:
    return postgres.run(f"SELECT tablename FROM pg_tables WHERE schemaname = '{SCHEMA}'", database=DATABASE).split()


def _rollups(postgres: Postgres) -> set[str]:
    """The rollups that have tables, as `cube_rollup`; a partition's name has its first day after that."""
    return {name.rstrip("0123456789") for table in _tables(postgres) for name in ["_".join(table.split("_")[:-3])]}


def test_answers_come_from_the_rollup_that_is_named_and_are_those_of_the_tables(
    rolled_up: Cube, served: list[tuple[Asked, str]]
) -> None:
    by_question = {id(one): by for one, by in served}

    def check(one: tuple[Asked, int]) -> str | None:
        asked, organization = one
        answer: Answer = rolled_up.load(asked.question.query, TOKENS[organization])
        if answer.status != 200:
            return f"{answer.status} {answer.error}: {asked.question.query}"
        used = {each["preAggregationId"] for each in answer.body["usedPreAggregations"].values()}
        if used != {by_question[id(asked)]}:
            return f"{used} instead of {by_question[id(asked)]}: {asked.question.query}"
        given, right = bag(answer.body["data"], asked.members), asked.own[organization]
        if _is_of_no_rows(asked):
            # Cube adds up the counts of no rows at all to nothing, where PostgreSQL counts 0.
            given, right = _without_zeros(given), _without_zeros(right)
        return None if given == right else f"{organization} gets {given[:3]}, not {right[:3]}: {asked.question.query}"

    checked = everyone([one for one, _ in served])
    wrong = [problem for problem in at_once(check, checked) if problem]

    assert wrong == [], f"{len(wrong)} of {len(checked)}:\n" + "\n".join(wrong[:20])
    assert len(checked) > 250
    assert len({by for _, by in served}) >= 10


def _is_of_no_rows(asked: Asked) -> bool:
    query = asked.question.query
    return not query["dimensions"] and not any("granularity" in each for each in query.get("timeDimensions", ()))


def _without_zeros(rows: Bag) -> Bag:
    return [tuple(None if value == _ZERO else value for value in row) for row in rows]


def test_one_set_of_rollups_holds_the_rows_of_all_organizations(built: CubeFiles, postgres: Postgres) -> None:
    assert built.model
    columns = postgres.run(
        "SELECT table_name || ' ' || column_name FROM information_schema.columns WHERE table_schema = "
        f"'{SCHEMA}' AND (column_name LIKE '%organization_id' OR column_name LIKE '%org_id')",
        database=DATABASE,
    ).splitlines()
    having = {line.split()[0] for line in columns}
    assert having == set(_tables(postgres)), "a rollup without its filter column"
    of_orders = [line.split() for line in columns if line.startswith("orders_revenue_by_day")]
    rows = " UNION ".join(f"SELECT {column}::text FROM {SCHEMA}.{table}" for table, column in of_orders)
    assert {int(each) for each in postgres.run(rows, database=DATABASE).split()} == set(ORGANIZATIONS)
