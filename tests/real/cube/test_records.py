"""The record of each query that a real Cube is asked."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from floe_cube_infra.observer.records import LineageParent, QueryRecord
from tests.real.cube.clients import Cube, token
from tests.real.cube.records import RecordedQueries

pytestmark = pytest.mark.xdist_group("real cube")

BY_STATUS = {"measures": ["orders.count"], "dimensions": ["orders.status"]}
SECRETS = ("hunter2-in-a-filter", "ada.secret@example.com", "hunter2-in-a-name", "hunter2literal", "hunter2-claim")


def _trace() -> str:
    return f"00-{uuid.uuid4().hex}-00f067aa0ba902b7-01"


def _only(records: list[QueryRecord]) -> QueryRecord:
    [record] = records
    return record


def test_a_query_by_rest_is_one_record_with_times_names_and_sizes(cube: Cube, recorded: RecordedQueries) -> None:
    name, trace = f"rest-{uuid.uuid4()}", _trace()
    run = str(uuid.uuid4())
    headers = {
        "x-request-id": name,
        "traceparent": trace,
        "tracestate": "vendor=1",
        "x-openlineage-parent": f"airflow%3A%2F%2Fprod/daily.report/{run}",
    }
    query = {
        **BY_STATUS,
        "filters": [{"member": "orders.status", "operator": "notEquals", "values": [SECRETS[0]]}],
        "segments": [],
    }
    answer = cube.load(query, token(1), headers)
    record = _only(recorded.of(name))
    assert (record.api, record.http_status, record.error_type, record.polls) == ("rest", 200, None, 0)
    assert (record.traceparent, record.tracestate) == (trace, "vendor=1")
    assert record.lineage_parent == LineageParent("airflow://prod", "daily.report", run)
    assert (record.cubes, record.measures, record.dimensions) == (("orders",), ("orders.count",), ("orders.status",))
    assert record.filters == 1
    assert record.rows == len(answer.body["data"])
    assert record.bytes is not None
    assert record.bytes > 100
    assert [each.store for each in record.database if not each.failed]
    assert record.sql is not None
    assert "orders" in record.sql
    phases = [each for each in (record.parse, record.security, record.execute, record.response) if each is not None]
    assert len(phases) == 4
    assert phases == sorted(phases)
    assert all(record.during[0] <= begun <= ended <= record.during[1] for begun, ended in phases)
    assert all(record.execute[0] <= each.during[0] <= each.during[1] for each in record.database if record.execute)


def test_what_the_cache_answers_asks_no_database(cube: Cube, recorded: RecordedQueries) -> None:
    query = {"measures": ["orders.count"], "dimensions": ["orders.channel"], "limit": 7}
    first, second = (f"cache-{uuid.uuid4()}" for _ in range(2))
    cube.load(query, token(3), {"x-request-id": first})
    cube.load(query, token(3), {"x-request-id": second})
    assert [_only(recorded.of(each)).cached for each in (first, second)] == [False, True]


def test_a_query_by_graphql_is_one_record(cube: Cube, recorded: RecordedQueries) -> None:
    name = f"graphql-{uuid.uuid4()}"
    answer = cube.graphql("{ cube { orders { count status } } }", token(1), {"x-request-id": name})
    record = _only(recorded.of(name))
    assert (record.api, record.http_status, record.error_type) == ("graphql", 200, None)
    assert record.measures == ("orders.count",)
    assert record.rows == len(answer.body["data"]["cube"]) > 1


def test_a_statement_of_the_sql_api_is_one_record_under_the_sessions_trace(
    cube: Cube, recorded: RecordedQueries
) -> None:
    whole, pushed = _trace(), _trace()
    cube.sql_callback(token(1), load=BY_STATUS, appName=f"dashboard {whole}")
    cube.sql_callback(token(1), pushdown=BY_STATUS, appName=pushed)
    recorded.settle()
    for trace in (whole, pushed):
        record = _only([each for each in recorded.records if each.traceparent == trace])
        assert (record.api, record.error_type, record.cubes) == ("sql", None, ("orders",))
        assert record.database or record.cached


@pytest.mark.parametrize(
    ("what", "bearer", "query", "status", "kind"),
    [
        ("no token", None, BY_STATUS, 401, "Unauthorized"),
        ("another's secret", token(1, secret=f"{'x' * 40}"), BY_STATUS, 401, "Unauthorized"),
        ("an unknown member", token(1), {"measures": ["orders.nothing"]}, 400, "UserError"),
        ("no query", token(1), {}, 400, "BadRequest"),
    ],
    ids=["no token", "another's secret", "an unknown member", "no query"],
)
def test_a_failure_is_one_record(
    cube: Cube, recorded: RecordedQueries, what: str, bearer: str | None, query: object, status: int, kind: str
) -> None:
    name = f"{what.replace(' ', '-').replace(chr(39), '')}-{uuid.uuid4()}"
    answer = cube.load(query, bearer, {"x-request-id": name})
    record = _only(recorded.of(name))
    assert (answer.status, record.http_status, record.error_type) == (status, status, kind)
    assert record.error
    assert record.rows is None


def test_graphql_fails_with_status_200_and_counts_as_a_failure(cube: Cube, recorded: RecordedQueries) -> None:
    name = f"graphql-{uuid.uuid4()}"
    cube.graphql("{ cube { orders { nothing } } }", token(1), {"x-request-id": name})
    record = _only(recorded.of(name))
    assert record.error_type in ("BadRequest", "GraphQLError")


def test_a_question_about_the_schema_is_no_query(cube: Cube, recorded: RecordedQueries) -> None:
    name = f"schema-{uuid.uuid4()}"
    assert cube.graphql("{ __typename }", token(1), {"x-request-id": name}).body["data"] == {"__typename": "Query"}
    assert recorded.of(name, 0) == []


def test_queries_at_once_under_one_trace_are_a_record_each(cube: Cube, recorded: RecordedQueries) -> None:
    trace = _trace()
    queries = [{**BY_STATUS, "limit": limit} for limit in range(1, 9)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda query: cube.load(query, token(2), {"traceparent": trace}), queries))
    recorded.settle()
    records = [each for each in recorded.records if each.traceparent == trace]
    assert len(records) == len(queries)
    assert len({each.request_id for each in records} & {trace}) == 1
    assert sorted(str(each.rows) for each in records) == sorted(str(len(each.body["data"])) for each in answers)


def test_no_value_claim_or_credential_leaves(cube: Cube, recorded: RecordedQueries) -> None:
    bearer = token(1, email=SECRETS[1], u={"organization_id": 1, "note": SECRETS[4]})
    for query in _with_secrets():
        cube.load(query, bearer)
        cube.sql_callback(bearer, load=query)
        cube.sql_callback(bearer, pushdown=query)
    for argument in (f'where: {{orders: {{status: {{equals: "{SECRETS[1]}"}}}}}}', f"limit: {SECRETS[3]}"):
        cube.graphql(f"{{ cube({argument}) {{ orders {{ count }} }} }}", bearer)
    cube.load(BY_STATUS, f"{bearer}{SECRETS[3]}")
    recorded.settle()
    assert recorded.mistakes == []
    assert recorded.records
    for secret in (*SECRETS, bearer, bearer.split(".")[2]):
        assert secret.encode() not in recorded.raw


def _with_secrets() -> Iterator[dict[str, object]]:
    def having(member: str, operator: str, value: str) -> dict[str, object]:
        return {**BY_STATUS, "filters": [{"member": member, "operator": operator, "values": [value]}]}

    yield having("orders.status", "equals", SECRETS[0])
    yield having("orders.status", SECRETS[2], SECRETS[1])
    # PostgreSQL repeats the value in its error.
    yield having("orders.order_id", "equals", SECRETS[0])
    yield {"measures": [f"{SECRETS[3]}.count"]}
    yield {**BY_STATUS, "timeDimensions": [{"dimension": "orders.ordered_at", "dateRange": [SECRETS[0], SECRETS[1]]}]}
    yield {"measures": SECRETS[1], SECRETS[2]: SECRETS[3]}
