"""A mixed run against a real Cube of its own: each query gives exactly one record, whatever becomes of it."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from floe_cube_infra.generation import Generated
from floe_cube_infra.render.files import CubeFiles
from tests.real.cube.clients import Cube, Serve, token
from tests.real.cube.records import RecordedQueries, observed, recorded_queries
from tests.real.cube.variants import without_rollups
from tools.postgres import Postgres
from tools.shop_database import DATABASE

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("real cube")]

ROUNDS = 150
CLIENTS = 8
BY_STATUS = {"measures": ["orders.count"], "dimensions": ["orders.status"]}
DOCUMENT = "{ cube(limit: %d) { orders { count status } } }"

# Cube's own limit is ten seconds.
_IMPATIENT = """
const real = require('./real_cube.js');
module.exports = { ...real, orchestratorOptions: { continueWaitTimeout: 1 } };
"""


@pytest.fixture(scope="module")
def recorded() -> Iterator[RecordedQueries]:
    with recorded_queries() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def cube(serve: Serve, generated: Generated, recorded: RecordedQueries) -> Iterator[Cube]:
    files = observed(without_rollups(generated.files), recorded.port)
    configuration = {
        **files.configuration,
        "real_cube.js": files.configuration["cube.js"],
        "cube.js": _IMPATIENT,
    }
    with serve(CubeFiles(configuration=configuration, model=files.model)) as started:
        yield started


class _Locked:
    """A table that no query can read while the block runs, so that Cube asks its callers to come again."""

    def __init__(self, postgres: Postgres, table: str, seconds: int) -> None:
        script = f"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep({seconds}); COMMIT;"
        self._thread = threading.Thread(target=postgres.run, args=(script,), kwargs={"database": DATABASE})

    def __enter__(self) -> None:
        self._thread.start()
        time.sleep(0.5)

    def __exit__(self, *_: object) -> None:
        self._thread.join()


def test_polls_are_part_of_the_query_that_waits(cube: Cube, recorded: RecordedQueries, postgres: Postgres) -> None:
    names = {api: f"{api}-{uuid.uuid4()}" for api in ("rest", "graphql")}
    cube.load(BY_STATUS, token(1))
    with _Locked(postgres, "shop.orders", 5), ThreadPoolExecutor(2) as pool:
        bearer = token(2)
        rest = pool.submit(cube.load, {**BY_STATUS, "limit": 11}, bearer, {"x-request-id": names["rest"]})
        pool.submit(cube.graphql, DOCUMENT % 12, bearer, {"x-request-id": names["graphql"]}).result()
        rows = rest.result().body["data"]
    for api, name in names.items():
        [record] = recorded.of(name)
        assert record.api == api
        assert record.polls >= 1
        assert record.error_type is None
        assert record.rows == len(rows)
        assert any(ended - begun > 1_000_000 for begun, ended in (each.during for each in record.database))


def test_each_of_a_thousand_mixed_queries_is_one_record(cube: Cube, recorded: RecordedQueries) -> None:
    bearers = {organization: token(organization) for organization in (1, 2, 3)}
    expected: dict[str, tuple[str, str | None]] = {}
    wanted = threading.Lock()

    def ask(number: int) -> None:
        bearer = bearers[number % 3 + 1]
        query = {**BY_STATUS, "limit": number % 40 + 1}
        run = uuid.uuid4().hex

        def named(what: str, api: str, error: str | None) -> dict[str, str]:
            with wanted:
                expected[f"{what}-{run}"] = (api, error)
            return {"x-request-id": f"{what}-{run}"}

        cube.load(query, bearer, named("rest", "rest", None))
        cube.graphql(DOCUMENT % (number % 40 + 1), bearer, named("graphql", "graphql", None))
        cube.load(query, None, named("nobody", "rest", "Unauthorized"))
        cube.load({"measures": ["orders.nothing"]}, bearer, named("unknown", "rest", "UserError"))
        wrong = {"member": "orders.order_id", "operator": "equals", "values": ["hunter2"]}
        cube.load({**query, "filters": [wrong]}, bearer, named("database", "rest", "DatabaseError"))
        cube.graphql("{ cube { orders { nothing } } }", bearer, named("invalid", "graphql", "BadRequest"))
        for way in ("load", "pushdown"):
            trace = f"00-{uuid.uuid4().hex}-00f067aa0ba902b7-01"
            with wanted:
                expected[trace] = ("sql", None)
            cube.sql_callback(bearer, appName=trace, **{way: query})

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(ask, range(ROUNDS)))
    recorded.settle()
    ours = [each for each in recorded.records if {each.request_id, each.traceparent} & expected.keys()]
    found = {(each.traceparent or each.request_id): (each.api, each.error_type) for each in ours}
    assert len(expected) >= 1000
    assert recorded.mistakes == []
    assert recorded.dropped == 0
    assert len(ours) == len(expected), Counter(each.error_type for each in ours)
    assert found == expected
    assert b"hunter2" not in recorded.raw
