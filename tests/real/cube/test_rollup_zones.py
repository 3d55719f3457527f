"""Rollups of each time zone in the settings are built and serve it; in any other one the source tables answer.

They lie in PostgreSQL, since Cube Store's binary can't be had here.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Final

import pytest

from floe_cube_infra.acceleration import CubeQuery, Explainer
from floe_cube_infra.generation import Generated
from floe_cube_infra.model.cubes import SemanticModel
from floe_cube_infra.render.files import CubeFiles
from tests.real.cube.clients import Cube, Serve, token
from tests.real.cube.comparing import bag
from tests.real.cube.load import ORGANIZATIONS
from tests.real.cube.questions import Cube as CubeMeta
from tests.real.cube.rolled_up import WORKER, files_of, shop_with_proposed_rollups, with_more_rollups
from tests.real.cube.rollup_questions import rollup_questions
from tests.real.cube.survey import at_once
from tools.postgres import Postgres
from tools.shop_database import CUBE_USER, DATABASE

pytestmark = [pytest.mark.xdist_group("real cube"), pytest.mark.real]

SCHEMA: Final = "rollups_of_zones"
BUILT: Final = ("UTC", "Europe/Amsterdam", "America/New_York")
ELSEWHERE: Final = "Asia/Tokyo"
WITHIN: Final = {"dimension": "orders.ordered_at", "dateRange": ["2024-11-01", "2024-11-30"]}
BY_DAY: Final = {"measures": ["orders.revenue"], "timeDimensions": [{**WITHIN, "granularity": "day"}]}
ASKED: Final[tuple[dict[str, Any], ...]] = (
    BY_DAY,
    {"measures": ["orders.total_orders"], "timeDimensions": [{**WITHIN, "granularity": "hour"}]},
    {"measures": ["orders.count"], "dimensions": ["orders.status"], "timeDimensions": [WITHIN]},
)
WITHOUT_TIME: Final = {"measures": ["orders.completed_revenue"], "segments": ["orders.completed"]}


@pytest.fixture(scope="module")
def shop() -> Generated:
    return shop_with_proposed_rollups(refreshWorker={"timeZones": list(BUILT)})


@pytest.fixture(scope="module")
def model(shop: Generated) -> SemanticModel:
    """Orders with a rollup by day, one by hour, and one without a time."""
    kept = ("revenue_by_day", "by_hour", "completed_only")
    whole = with_more_rollups(shop.model)
    cubes = [
        cube.model_copy(update={"pre_aggregations": tuple(each for each in cube.pre_aggregations if each.name in kept)})
        for cube in whole.cubes
    ]
    return whole.model_copy(update={"cubes": tuple(cubes)})


@pytest.fixture(scope="module")
def built(serve: Serve, shop: Generated, model: SemanticModel, postgres: Postgres) -> CubeFiles:
    """Files whose rollups a refresh worker has built for all zones."""
    files = files_of(model, shop, SCHEMA)
    postgres.run(f"CREATE SCHEMA {SCHEMA} AUTHORIZATION {CUBE_USER}", database=DATABASE)
    months = "count(DISTINCT date_trunc('month', ordered_at AT TIME ZONE '{}'))"
    counted = " + ".join(months.format(zone) for zone in BUILT)
    partitions = int(postgres.run(f"SELECT {counted} FROM shop.orders", database=DATABASE))
    until = time.monotonic() + 180
    with serve(files, WORKER) as worker:
        while len(_tables(postgres)) < 2 * partitions + 1:
            assert time.monotonic() < until, (len(_tables(postgres)), worker.server.log.read_text()[-3000:])
            time.sleep(0.5)
    return files


@pytest.fixture(scope="module")
def zoned(serve: Serve, built: CubeFiles) -> Iterator[Cube]:
    with serve(built) as started:
        yield started


def _tables(postgres: Postgres) -> list[str]:
    return postgres.run(f"SELECT tablename FROM pg_tables WHERE schemaname = '{SCHEMA}'", database=DATABASE).split()


def _answer(cube: Cube, query: dict[str, Any], organization: int) -> tuple[list[dict[str, Any]], list[str]]:
    answer = cube.load(query, token(organization))
    assert answer.status == 200, (query, answer, cube.server.log.read_text()[-2000:])
    used = answer.body.get("usedPreAggregations") or {}
    return sorted(answer.body["data"], key=str), [each["preAggregationId"] for each in used.values()]


@pytest.mark.parametrize("zone", [*BUILT, ELSEWHERE])
def test_a_query_is_served_in_its_own_zone_or_by_the_source_and_explain_says_which(
    zoned: Cube, cube: Cube, model: SemanticModel, shop: Generated, zone: str
) -> None:
    explainer = Explainer(model, shop.time_zones)
    for query in ({**each, "timezone": zone} for each in (*ASKED, WITHOUT_TIME)):
        explained = explainer.explain(CubeQuery(**query))
        assert explained.is_built is (zone in BUILT or query["measures"] == WITHOUT_TIME["measures"])
        for organization in ORGANIZATIONS:
            rows, used = _answer(zoned, query, organization)
            assert used == ([explained.served_by] if explained.is_built else []), query
            assert rows == _answer(cube, query, organization)[0], query


def test_whatever_a_rollup_answers_in_a_zone_is_what_the_source_answers(
    zoned: Cube, cube: Cube, model: SemanticModel, shop: Generated, described: list[CubeMeta]
) -> None:
    explainer = Explainer(model, shop.time_zones)
    asked = [
        {**query, "timezone": BUILT[number % len(BUILT)]}
        for number, query in enumerate(rollup_questions(described, each=150, seed=3))
        if query.get("timeDimensions")
    ]
    served = [query for query in asked if explainer.explain(CubeQuery(**query)).served_by is not None]

    def wrong(numbered: tuple[int, dict[str, Any]]) -> str | None:
        number, query = numbered
        organization = ORGANIZATIONS[number % len(ORGANIZATIONS)]
        (rows, used), (right, _) = (_answer(each, query, organization) for each in (zoned, cube))
        members = sorted({name for row in (*rows, *right) for name in row})
        # Of no rows at all, Cube adds up the counts to nothing, where the source has 0.
        given, expected = ([row for row in answer if any(map(_is_something, row.values()))] for answer in (rows, right))
        return (
            None if used and bag(given, members) == bag(expected, members) else f"{query}: {rows[:3]}, not {right[:3]}"
        )

    assert [problem for problem in at_once(wrong, enumerate(served)) if problem] == []
    assert len(served) > 40


def _is_something(value: object) -> bool:
    return value not in (None, "0", 0)


def test_hours_are_those_of_the_zone(zoned: Cube) -> None:
    by_hour = ASKED[1]
    in_each = [_answer(zoned, {**by_hour, "timezone": zone}, 1)[0] for zone in BUILT]
    assert in_each[0] != in_each[1] != in_each[2]


def test_a_query_that_names_no_zone_is_one_of_utc(zoned: Cube) -> None:
    assert _answer(zoned, BY_DAY, 1) == _answer(zoned, {**BY_DAY, "timezone": "UTC"}, 1)
