"""A rollup that isn't built, wholly or in part, costs time and never an answer, nor a row of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Final

import pytest

from floe_cube_infra.generation import Generated
from floe_cube_infra.render.files import CubeFiles
from tests.real.cube.clients import Cube, Serve, token
from tests.real.cube.load import ORGANIZATIONS
from tests.real.cube.records import RecordedQueries, observed, recorded_queries
from tests.real.cube.rolled_up import WORKER, files_of, with_more_rollups
from tools.postgres import Postgres
from tools.shop_database import CUBE_USER, DATABASE

pytestmark = [pytest.mark.xdist_group("real cube"), pytest.mark.real]

SCHEMA: Final = "unbuilt_rollups"
UNUSED: Final = "Rollup not used"
NOT_THERE: Final = "The rollup that answers this query is not there at the moment, and nothing else may answer."
UNMATCHED: Final = "No rollup has all that this query asks for, and nothing else may answer."
ALL_TIME: Final = {"dimension": "orders.ordered_at", "granularity": "day", "dateRange": ["2024-01-01", "2025-12-31"]}
BY_STATUS: Final = {"measures": ["orders.count"], "dimensions": ["orders.status"], "timeDimensions": [ALL_TIME]}
COMPLETED: Final = {"measures": ["orders.completed_revenue"], "segments": ["orders.completed"]}
ASKED: Final[tuple[dict[str, Any], ...]] = (
    BY_STATUS,
    COMPLETED,
    {"measures": ["orders.count"], "dimensions": ["orders.organization_id"], "timeDimensions": [ALL_TIME]},
)
"""Questions that a rollup with partitions answers, and one without."""


@pytest.fixture(scope="module")
def files(generated: Generated) -> CubeFiles:
    return files_of(with_more_rollups(generated.model), generated, SCHEMA)


@pytest.fixture(scope="module")
def told() -> Iterator[RecordedQueries]:
    """The records of `before`, and of the worker that builds."""
    with recorded_queries() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def before(serve: Serve, files: CubeFiles, told: RecordedQueries) -> Iterator[Cube]:
    """An API server that knows rollups of which none is built, not even their schema."""
    with serve(observed(files, told.port)) as started:
        yield started


def _tables(postgres: Postgres) -> set[str]:
    return set(
        postgres.run(f"SELECT tablename FROM pg_tables WHERE schemaname = '{SCHEMA}'", database=DATABASE).split()
    )


def _answer(cube: Cube, query: dict[str, Any], organization: int) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows in an order of their own, and the rollups that they come from."""
    answer = cube.load(query, token(organization))
    assert answer.status == 200, (answer, cube.server.log.read_text()[-2000:])
    return sorted(answer.body["data"], key=str), sorted(answer.body.get("usedPreAggregations") or ())


def _from_source(cube: Cube, query: dict[str, Any], organization: int) -> tuple[list[dict[str, Any]], list[str]]:
    rows, rollups = _answer(cube, query, organization)
    assert not rollups
    return rows, []


def _until_rollups_answer(cube: Cube, worker: Cube) -> None:
    until = time.monotonic() + 120
    for query in ASKED:
        while not _answer(cube, query, 2)[1]:
            assert time.monotonic() < until, worker.server.log.read_text()[-3000:]
            time.sleep(0.5)


@pytest.mark.parametrize("organization", ORGANIZATIONS)
def test_without_any_rollup_the_source_answers(before: Cube, cube: Cube, organization: int) -> None:
    for query in ASKED:
        assert _answer(before, query, organization) == _from_source(cube, query, organization)
    assert UNUSED in before.server.logged(UNUSED, "orders.completed_only", "is not built")


def test_the_observer_is_told_which_rollup_was_missed(before: Cube, told: RecordedQueries) -> None:
    answer = before.load({**COMPLETED, "limit": 99}, token(3), {"x-request-id": "missed"})
    assert answer.status == 200
    (record,) = told.of("missed")
    assert (record.unused_pre_aggregations, record.pre_aggregations) == (("orders.completed_only",), ())
    assert (record.error_type, {each.store for each in record.database}) == (None, {"source"})
    assert "shop.orders" in (record.sql or "").replace('"', "")


def test_the_number_of_all_rows_comes_from_the_source_too(before: Cube, cube: Cube) -> None:
    query = {**BY_STATUS, "total": True, "limit": 1}
    asked, expected = (each.load(query, token(1)).body for each in (before, cube))
    assert asked["total"] == expected["total"] > 1


def test_in_rollup_only_mode_nothing_but_a_rollup_answers(serve: Serve, files: CubeFiles) -> None:
    with serve(files, {"CUBEJS_ROLLUP_ONLY": "true"}) as only:
        for query in ASKED:
            answer = only.load(query, token(1))
            assert (answer.status, answer.sentence) == (503, NOT_THERE)
        unmatched = only.load({"measures": ["customers.count"]}, token(1))
        assert (unmatched.status, unmatched.sentence) == (400, UNMATCHED)


def test_what_failed_to_build_is_built_once_it_can_be_and_until_then_the_source_answers(
    serve: Serve, files: CubeFiles, before: Cube, cube: Cube, postgres: Postgres, told: RecordedQueries
) -> None:
    # Cube's user may see the schema, and make no table in it.
    postgres.run(f"CREATE SCHEMA {SCHEMA}; GRANT USAGE ON SCHEMA {SCHEMA} TO {CUBE_USER}", database=DATABASE)
    with serve(observed(files, told.port), WORKER) as worker:
        worker.server.logged("Error while querying", "permission denied for schema", "orders.")
        assert not _tables(postgres)
        for query in ASKED:
            assert _answer(before, query, 2) == _from_source(cube, query, 2)
        postgres.run(f"GRANT CREATE ON SCHEMA {SCHEMA} TO {CUBE_USER}", database=DATABASE)
        _until_rollups_answer(before, worker)
    told.settle()
    failed = [build for build in told.builds if build.error_type]
    built = {build.pre_aggregation for build in told.builds if not build.error_type}
    assert {build.error for build in failed} == {f"error: permission denied for schema {SCHEMA}"}
    assert {"orders.revenue_by_day", "orders.completed_only"} <= built
    assert built & {build.pre_aggregation for build in failed}
    for query in ASKED:
        for organization in ORGANIZATIONS:
            rows, rollups = _answer(before, query, organization)
            assert rollups, query
            assert rows == _from_source(cube, query, organization)[0]


def test_a_missing_partition_takes_no_row_away(
    serve: Serve, files: CubeFiles, before: Cube, cube: Cube, postgres: Postgres
) -> None:
    postgres.run(
        f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}; GRANT ALL ON SCHEMA {SCHEMA} TO {CUBE_USER}", database=DATABASE
    )
    with serve(files, WORKER) as worker:
        _until_rollups_answer(before, worker)
    partitions = sorted(name for name in _tables(postgres) if "20241" in name)
    assert partitions
    for name in partitions:
        postgres.run(f"DROP TABLE {SCHEMA}.{name}", database=DATABASE)
    # One server that has never seen them, and one that knows them, but not the answer to this.
    with serve(files) as fresh:
        for started, query in ((fresh, BY_STATUS), (before, {**BY_STATUS, "limit": 9999})):
            for organization in ORGANIZATIONS:
                assert _answer(started, query, organization) == _from_source(cube, query, organization)
            assert _answer(started, COMPLETED, 1)[1]
    assert before.server.logged(UNUSED, "orders.revenue_by_day", "does not exist")
