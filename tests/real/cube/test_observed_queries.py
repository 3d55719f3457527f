"""Each query of a mixed run against a real Cube is one trace, in a real Jaeger, and one pair of lineage events."""

from __future__ import annotations

import json
import random
import subprocess
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.real.cube.clients import Answer, Cube, token
from tests.real.cube.observing import LINEAGE_PATH, PARENT, Observation, until
from tools.errors import SetupError
from tools.openlineage import provide_openlineage_java

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("real cube")]

ROUNDS = 130
CLIENTS = 8
BY_STATUS = {"measures": ["orders.count"], "dimensions": ["orders.status"]}
DOCUMENT = "{ cube(limit: %d) { orders { count status } } }"
SECRETS = ("hunter2-in-a-filter", "ada.secret@example.com", "hunter2-in-a-name", "hunter2literal", "hunter2-claim")


@dataclass(frozen=True)
class Expected:
    """What a query should be told as."""

    api: str
    error: str | None = None


@pytest.fixture(scope="module")
def asked(observed_cube: Cube, observed_by: Observation) -> dict[str, Expected]:
    """A mixed run; what each query should be told as, by its trace."""
    expected: dict[str, Expected] = {}
    with ThreadPoolExecutor(CLIENTS) as pool:
        for found in pool.map(lambda number: _round(observed_cube, number), range(ROUNDS)):
            expected |= found
    until(lambda: len(observed_by.query_events()) >= 2 * len(expected))
    until(lambda: len({span["traceId"] for span in observed_by.spans()} & expected.keys()) == len(expected))
    time.sleep(1)
    return expected


def _round(cube: Cube, number: int) -> dict[str, Expected]:
    bearer, expected = token(number % 3 + 1), {}
    query = {**BY_STATUS, "limit": number % 40 + 1}
    wrong = {"member": "orders.order_id", "operator": "equals", "values": ["hunter2"]}

    def traced(api: str, error: str | None = None) -> dict[str, str]:
        trace = uuid.uuid4().hex
        expected[trace] = Expected(api, error)
        return {"traceparent": f"00-{trace}-{PARENT}-01", "x-request-id": f"request-{trace}"}

    cube.load(query, bearer, traced("rest"))
    cube.graphql(DOCUMENT % (number % 40 + 1), bearer, traced("graphql"))
    cube.load(query, None, traced("rest", "Unauthorized"))
    cube.load({"measures": ["orders.nothing"]}, bearer, traced("rest", "UserError"))
    cube.load({**query, "filters": [wrong]}, bearer, traced("rest", "DatabaseError"))
    cube.graphql("{ cube { orders { nothing } } }", bearer, traced("graphql", "BadRequest"))
    for way in ("load", "pushdown"):
        cube.sql_callback(bearer, appName=traced("sql")["traceparent"], **{way: query})
    return expected


def _attributes(span: Mapping[str, Any]) -> dict[str, Any]:
    return {each["key"]: next(iter(each["value"].values())) for each in span["attributes"]}


def _traces(observed_by: Observation) -> dict[str, list[dict[str, Any]]]:
    traces: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for span in observed_by.spans():
        traces[span["traceId"]].append(span)
    return traces


def test_each_query_is_one_trace_under_its_callers_with_the_right_tree(
    asked: dict[str, Expected], observed_by: Observation
) -> None:
    traces = _traces(observed_by)
    assert len(asked) >= 1000
    assert asked.keys() - traces.keys() == set()
    for trace, expected in asked.items():
        (root,) = (span for span in traces[trace] if span["name"] == "cube.query")
        others = {span["name"]: span for span in traces[trace] if span["name"] != "cube.query"}
        attributes = _attributes(root)
        assert root["parentSpanId"] == PARENT
        assert root["kind"] == 2
        assert attributes["cube.api"] == expected.api
        assert attributes.get("error.type") == expected.error
        assert set(others) <= {"cube.parse", "cube.security", "cube.execute", "cube.response", "database.query"}
        for name, span in others.items():
            above = others["cube.execute"] if name == "database.query" else root
            assert span["parentSpanId"] == above["spanId"]
            assert above["startTimeUnixNano"] <= span["startTimeUnixNano"]
            assert span["endTimeUnixNano"] <= above["endTimeUnixNano"]
    names = Counter(span["name"] for spans in traces.values() for span in spans)
    assert min(names[name] for name in ("cube.security", "cube.execute", "database.query")) >= ROUNDS


def test_a_statement_of_the_database_is_told_by_opentelemetrys_conventions(
    asked: dict[str, Expected], observed_by: Observation
) -> None:
    traces = _traces(observed_by)
    statements = [span for trace in asked for span in traces[trace] if span["name"] == "database.query"]
    attributes = _attributes(statements[0])

    assert statements[0]["kind"] == 3
    assert attributes["db.system.name"] == "postgresql"
    assert attributes["db.operation.name"] == "SELECT"
    assert attributes["db.collection.name"].endswith(".orders")
    assert attributes["db.query.summary"].startswith("SELECT ")


def test_jaeger_shows_the_trace(asked: dict[str, Expected], observed_by: Observation) -> None:
    known = _traces(observed_by)
    for trace in random.Random(7).sample(sorted(asked), 25):
        shown = observed_by.in_jaeger(trace)
        assert {span["spanID"] for span in shown} == {span["spanId"] for span in known[trace]}
        (root,) = (span for span in shown if span["operationName"] == "cube.query")
        assert [each["spanID"] for each in root["references"]] == [PARENT]


def test_each_query_is_one_pair_of_events_that_names_its_trace(
    asked: dict[str, Expected], observed_by: Observation
) -> None:
    roots = {span["traceId"]: span["spanId"] for span in observed_by.spans() if span["name"] == "cube.query"}
    events: dict[str, list[Any]] = defaultdict(list)
    for event in observed_by.query_events():
        facet = event["run"]["facets"].get("floe_trace", {"traceId": None})
        if facet["traceId"] in asked:
            assert facet["spanId"] == roots[facet["traceId"]]
            events[facet["traceId"]].append(event)
    assert events.keys() == asked.keys()
    for trace, (start, end) in ((trace, events[trace]) for trace in asked):
        assert start["eventType"] == "START"
        assert end["eventType"] == ("FAIL" if asked[trace].error else "COMPLETE")
        assert start["run"]["runId"] == end["run"]["runId"]
        assert start["eventTime"] <= end["eventTime"]
        assert ("errorMessage" in end["run"]["facets"]) is (asked[trace].error is not None)
    assert len({pair[0]["run"]["runId"] for pair in events.values()}) == len(asked)


def test_a_querys_event_reads_dbts_table_and_tells_columns_and_rows(
    asked: dict[str, Expected], observed_by: Observation
) -> None:
    end = next(
        event
        for event in observed_by.query_events()
        if event["eventType"] == "COMPLETE" and event["job"]["name"] == "cube.orders.query"
    )
    assert any(each["name"].endswith(".orders") for each in end["inputs"])
    (output,) = end["outputs"]
    assert {field["name"] for field in output["facets"]["schema"]["fields"]} >= {"orders.count", "orders.status"}
    assert output["facets"]["columnLineage"]["fields"]["orders.status"]["inputFields"][0]["field"] == "status"
    assert output["outputFacets"]["outputStatistics"]["rowCount"] > 0


def test_the_model_was_told_before_the_first_query(asked: dict[str, Expected], observed_by: Observation) -> None:
    told = [event["eventType"] for event in observed_by.lineage.of(LINEAGE_PATH)]
    names = [event["job"]["name"] for event in observed_by.lineage.of(LINEAGE_PATH)]

    assert names[0] == "cube.model"
    assert [kind for kind, name in zip(told, names, strict=True) if name == "cube.model"] == [
        "START",
        "RUNNING",
        "COMPLETE",
    ]


def _read_by_openlineage(events: list[Any], folder: Path) -> list[str]:
    file = folder / "events.jsonl"
    file.write_text("".join(f"{json.dumps(event)}\n" for event in events))
    try:
        jars = provide_openlineage_java()
    except SetupError as missing:
        pytest.skip(str(missing))
    reader = str(Path(__file__).with_name("ReadEvents.java"))
    ran = subprocess.run(
        ["java", "-cp", f"{jars}/*", reader, str(file)], capture_output=True, text=True, check=True, timeout=120
    )
    return ran.stdout.splitlines()


def test_openlineages_own_client_reads_every_event(
    asked: dict[str, Expected], observed_by: Observation, tmp_path: Path
) -> None:
    events = observed_by.lineage.of(LINEAGE_PATH)
    broken = {**events[0], "run": {"runId": "no-uuid"}}

    *refused, read = _read_by_openlineage([*events, broken], tmp_path)

    assert read == f"read: {len(events)}"
    assert len([line for line in refused if line.startswith("refused: ")]) == 1


def test_queries_are_counted(asked: dict[str, Expected], observed_by: Observation) -> None:
    until(lambda: _count(observed_by, "cube.queries") >= len(asked), 10)

    assert _count(observed_by, "cube.queries") >= len(asked)
    assert observed_by.metrics().keys() >= {"cube.queries", "cube.query.duration"}


def _count(observed_by: Observation, name: str) -> int:
    metric = observed_by.metrics().get(name, {})
    points = metric.get("sum", {}).get("dataPoints", [])
    return sum(int(point["asInt"]) for point in points)


def test_not_one_secret_leaves_by_any_way(
    asked: dict[str, Expected], observed_cube: Cube, observed_by: Observation, tmp_path: Path
) -> None:
    bearer = token(1, email=SECRETS[1], u={"organization_id": 1, "note": SECRETS[4]})
    before = len(observed_by.query_events())
    answers = list(_secretly(observed_cube, bearer))
    until(lambda: len(observed_by.query_events()) >= before + 2 * len(answers), 20)
    time.sleep(2)
    left = bytes(observed_by.backend.raw + observed_by.lineage.raw)
    logs = b"".join(program.log.read_bytes() for program in (observed_by.observer, observed_by.collector))

    assert len(observed_by.query_events()) >= before + 2 * len(answers)
    for secret in (*SECRETS, bearer, bearer.split(".")[2], "key-of-the-backend", "hunter2"):
        found = secret.encode() in left
        assert found is (secret == "key-of-the-backend"), f"{secret} left"
        assert secret.encode() not in logs


def _secretly(cube: Cube, bearer: str) -> Iterator[Answer]:
    def having(member: str, operator: str, value: str) -> dict[str, object]:
        return {**BY_STATUS, "filters": [{"member": member, "operator": operator, "values": [value]}]}

    dates = {"dimension": "orders.ordered_at", "dateRange": [SECRETS[0], SECRETS[1]]}
    for query in (
        having("orders.status", "equals", SECRETS[0]),
        having("orders.status", "contains", SECRETS[1]),
        having("orders.status", SECRETS[2], SECRETS[1]),
        # PostgreSQL repeats the value in its error.
        having("orders.order_id", "equals", SECRETS[0]),
        {"measures": [f"{SECRETS[3]}.count"]},
        {**BY_STATUS, "timeDimensions": [dates]},
    ):
        yield cube.load(query, bearer)
    for argument in (f'where: {{orders: {{status: {{equals: "{SECRETS[1]}"}}}}}}', f"limit: {SECRETS[3]}"):
        yield cube.graphql(f"{{ cube({argument}) {{ orders {{ count }} }} }}", bearer)
    yield cube.load(BY_STATUS, f"{bearer}{SECRETS[3]}")
