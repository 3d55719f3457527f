"""What a refresh builds doesn't grow with the organizations that ask."""

from __future__ import annotations

import time
from typing import Final

import pytest

from tests.real.cube.clients import Cube, Serve, token
from tests.real.cube.rolled_up import WORKER, files_of, shop_with_proposed_rollups, with_more_rollups
from tools.postgres import Postgres
from tools.shop_database import CUBE_USER, DATABASE

pytestmark = [pytest.mark.xdist_group("real cube"), pytest.mark.real]

SCHEMA: Final = "rollups_of_many"
MANY: Final = 50
QUERY: Final = {
    "measures": ["orders.count"],
    "dimensions": ["orders.status"],
    "timeDimensions": [{"dimension": "orders.ordered_at", "granularity": "month"}],
}
RUN, BUILD, COMPILED = "Refresh Scheduler Run", "Executing Load Pre Aggregation SQL", "Compiling schema"


def test_fifty_organizations_are_refreshed_as_one_is(serve: Serve, postgres: Postgres) -> None:
    # In two zones: what has no time is the same table in both, and isn't to be built by turns.
    generated = shop_with_proposed_rollups(
        models={"include": ["access:public"]}, refreshWorker={"timeZones": ["UTC", "America/New_York"]}
    )
    postgres.run(f"CREATE SCHEMA {SCHEMA} AUTHORIZATION {CUBE_USER}", database=DATABASE)
    files = files_of(with_more_rollups(generated.model), generated, SCHEMA)
    # One pod that builds and answers, as without a refresh worker of its own: what is asked could be refreshed, too.
    with serve(files, WORKER) as cube:
        _ask(cube, [1])
        _await_idleness(cube)
        with_one = _done(cube), _tables(postgres)
        _ask(cube, range(1, MANY + 1))
        _await_idleness(cube)
        assert (_done(cube), _tables(postgres)) == with_one
        assert with_one[0][BUILD] > 5


def _ask(cube: Cube, organizations: range | list[int]) -> None:
    for organization in organizations:
        answer = cube.load(QUERY, token(organization))
        assert answer.status == 200, (answer, cube.server.log.read_text()[-2000:])


def _done(cube: Cube) -> dict[str, int]:
    log = cube.server.log.read_text()
    return {what: log.count(f'"{what}"') for what in (BUILD, COMPILED)}


def _await_idleness(cube: Cube) -> None:
    """Until the scheduler has looked three times in a row without finding anything to do."""
    until = time.monotonic() + 150
    runs, done = 0, {}
    while runs < 4:
        assert time.monotonic() < until, cube.server.log.read_text()[-3000:]
        before = cube.server.log.read_text().count(RUN)
        while cube.server.log.read_text().count(RUN) == before and time.monotonic() < until:
            time.sleep(0.2)
        runs, done = (runs + 1 if _done(cube) == done else 0), _done(cube)


def _tables(postgres: Postgres) -> list[str]:
    found = postgres.run(f"SELECT tablename FROM pg_tables WHERE schemaname = '{SCHEMA}'", database=DATABASE)
    return sorted(found.split())
