"""Tokens at the real server's doors, and what their errors say."""

from __future__ import annotations

import base64
import http.client
import json
import time
from contextlib import closing

import jwt
import pytest

from tests.real.cube.clients import SECRET, USER, Answer, Cube, authorized, token

pytestmark = pytest.mark.xdist_group("real cube")

QUERY = {"measures": ["customers.count"]}
NOW = int(time.time())
LIVE = {"sub": "ada", "exp": NOW + 600, "u": {"organization_id": 1}}


def _unsigned() -> str:
    parts = ({"alg": "none", "typ": "JWT"}, LIVE)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


BAD = {
    "no token": None,
    "garbage": "x.y.z",
    "an expired one": token(exp=NOW - 5),
    "one without an end": token(exp=None),
    "one that begins later": token(nbf=NOW + 7200, exp=NOW + 10_000),
    "one signed with another secret": token(secret="another-secret-of-more-than-32-bytes-in-it"),
    "one signed with another algorithm": jwt.encode(LIVE, SECRET * 2, "HS512"),
    "an unsigned one": _unsigned(),
    "one for somebody else": token(aud="another-service"),
    "one without a user": token(sub=None),
}
WITHOUT_CLAIM = {
    "no claim": token(None),
    "an empty list": token([]),
    "an empty text": token(""),
    "the text undefined": token("undefined"),
    "null in a list": token([1, None]),
    "an object": token({"a": 1}),
    "a fraction": token(1.5),
}


# What an answer must not tell: SQL, files, addresses, stack traces, secrets.
INTERNAL = ("SELECT", "node_modules", "127.0.0.1", "    at ", SECRET, "organization_id =")


@pytest.mark.parametrize("what", BAD)
def test_a_token_that_does_not_hold_is_answered_with_401(cube: Cube, what: str) -> None:
    for answer in _asked_everywhere(cube, BAD[what]):
        assert answer.status == 401
        _says_nothing_internal(answer)


@pytest.mark.parametrize("what", WITHOUT_CLAIM)
def test_a_token_without_a_usable_claim_is_answered_with_403(cube: Cube, what: str) -> None:
    for answer in _asked_everywhere(cube, WITHOUT_CLAIM[what]):
        assert answer.status == 403
        _says_nothing_internal(answer)


@pytest.mark.parametrize("what", [*BAD, *WITHOUT_CLAIM])
def test_no_such_token_logs_in_to_the_sql_api(cube: Cube, what: str) -> None:
    bearer = {**BAD, **WITHOUT_CLAIM}[what]
    answer = cube.sql_callback(bearer or "", load=QUERY)
    assert answer.status == 400
    assert "columns" not in answer.body


def test_a_huge_token_is_refused(cube: Cube) -> None:
    huge = token(filler="x" * 20_000)
    # Node itself takes no more than 16 KiB of headers.
    assert {answer.status for answer in _asked_everywhere(cube, huge)} <= {401, 431}
    assert cube.sql_callback(huge, load=QUERY).sentence == "The token is not valid."


def test_two_different_tokens_in_one_request_are_refused(cube: Cube) -> None:
    headers = {"Authorization": f"Bearer {token(1)}", "X-Cube-Authorization": token(2)}
    assert cube.get("/cubejs-api/v1/meta", headers).status == 401


@pytest.mark.parametrize("claim", ["1' OR '1'='1", "1) OR (1=1", "1; DROP TABLE shop.orders", "1 -- "])
def test_sql_in_a_claim_is_refused(cube: Cube, claim: str) -> None:
    assert {answer.status for answer in _asked_everywhere(cube, token(claim))} == {403}


def test_a_text_is_no_organization_where_these_are_numbers(cube: Cube) -> None:
    for answer in _asked_everywhere(cube, token("2")):
        assert answer.status == 403


def test_ready_and_live_need_no_token(cube: Cube) -> None:
    assert [cube.get(path).status for path in ("/readyz", "/livez")] == [200, 200]


@pytest.mark.parametrize(
    "path",
    [
        "/playground/context",
        "/cubejs-system/v1/context",
        "/cubejs-system/v1/pre-aggregations",
        "/cubejs-api/v1/pre-aggregations/jobs",
        "/cubejs-api/v1/pre-aggregations/can-use",
        "/cubejs-api/v1/graphql-to-json",
    ],
)
def test_no_door_stands_open_beside_the_apis(cube: Cube, path: str) -> None:
    for headers in ({}, authorized(token(1))):
        assert cube.get(path, headers).status in (401, 403, 404)
        assert cube.post(path, {}, headers).status in (401, 403, 404)


def test_nobody_cancels_the_queries_of_others_or_is_told_them(cube: Cube) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", cube.server.port, timeout=60)
    with closing(connection):
        connection.request("DELETE", "/cubejs-api/v1/running-query/theirs", headers=authorized(token(1)))
        response = connection.getresponse()

        assert (response.status, json.loads(response.read())["error"]) == (404, "There is nothing at this address.")


@pytest.mark.parametrize("path", ["/cubejs-api/v1/load/", "/cubejs-api/V1/Load"])
def test_limits_hold_however_an_address_is_spelled(cube: Cube, path: str) -> None:
    many = {"measures": ["orders.count"] * 201}

    assert cube.post(path, {"query": many}, authorized(token(1))).status == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"measures": ["customers.nothing"]}, 400),
        ({"measures": ["nobody.count"]}, 400),
        ({"measures": ["customers.count"], "limit": 50_000}, 400),
        ({"measures": ["orders.count"], "filters": [{"member": "orders.status"}]}, 400),
        ({"measures": "orders.count"}, 400),
        ({"measures": {"orders": "count"}}, 400),
        ({"filters": ["orders.count"]}, 400),
        ([[]], 400),
        (5, 400),
        (
            {
                "measures": ["orders.count"],
                "filters": [{"member": "orders.order_total", "operator": "gt", "values": ["x"]}],
            },
            400,
        ),
        ({"measures": ["orders.count"], "nonsense": 1}, 400),
        (
            {
                "measures": ["orders.count"],
                "filters": [{"member": "orders.status", "operator": "like", "values": ["x"]}],
            },
            400,
        ),
        ({"measures": ["orders.count"] * 201}, 400),
    ],
)
def test_a_bad_query_is_answered_without_anything_internal(cube: Cube, query: object, status: int) -> None:
    for answer in (
        cube.load(query, token(1)),
        cube.post("/cubejs-api/v1/load", {"query": query}, authorized(token(1))),
    ):
        assert answer.status == status
        _says_nothing_internal(answer)


@pytest.mark.parametrize(
    "document",
    [
        "{",
        "{ cube { orders { nothing } } }",
        "{ cube { ordres { count } } }",
        '{ cube { orders(where: { order_total: { gt: "x" } }) { count } } }',
        "query($a: Strange) { cube { orders { count } } }",
    ],
)
def test_a_bad_graphql_document_is_answered_without_anything_internal(cube: Cube, document: str) -> None:
    answer = cube.graphql(document, token(1))

    assert {tuple(error["extensions"]) for error in answer.body["errors"]} == {("requestId",)}
    assert not [word for word in (*INTERNAL, "Did you mean") if word in json.dumps(answer.body)]


def test_a_query_that_is_too_large_is_refused(cube: Cube) -> None:
    large = {"measures": ["orders.count"], "dimensions": ["x" * 70_000]}
    document = "{ cube { orders { count } } }" + " " * 70_000

    answer = cube.post("/cubejs-api/v1/load", {"query": large}, authorized(token(1)))
    assert (answer.status, answer.error) == (400, "A query has at most 65536 bytes.")
    answer = cube.post("/cubejs-api/graphql", {"query": document}, authorized(token(1)))
    assert (answer.status, answer.error) == (400, "A query has at most 65536 bytes.")


def test_a_graphql_document_of_many_queries_is_refused(cube: Cube) -> None:
    queries = " ".join(f"q{number}: cube {{ orders {{ count }} }}" for number in range(11))

    answer = cube.post("/cubejs-api/graphql", {"query": f"{{ {queries} }}"}, authorized(token(1)))
    assert (answer.status, answer.error) == (400, "A request has at most 10 queries.")


def test_a_body_that_is_no_json_is_answered_in_the_same_form(cube: Cube) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", cube.server.port, timeout=60)
    with closing(connection):
        connection.request(
            "POST", "/cubejs-api/v1/load", "{", {"Content-Type": "application/json", **authorized(token(1))}
        )
        response = connection.getresponse()
        body = json.loads(response.read())

    assert response.status in (400, 500)
    assert body.keys() == {"error", "requestId"}


def test_every_address_that_is_none_is_answered_in_the_same_form(cube: Cube) -> None:
    answer = cube.get("/nowhere", {"x-request-id": "mine"})

    assert (answer.status, answer.body) == (404, {"error": "There is nothing at this address.", "requestId": "mine"})


def test_the_log_holds_neither_tokens_nor_contexts_nor_values(cube: Cube) -> None:
    wrong = token(1, secret="another-secret-of-more-than-32-bytes-in-length")
    cube.load(QUERY, wrong)
    cube.load(
        {
            "measures": ["orders.count"],
            "filters": [{"member": "orders.status", "operator": "equals", "values": ["seeded-value"]}],
        },
        token(1),
    )
    log = cube.server.logged("Load Request Success")

    assert "The token is not valid." in log
    assert not [
        word for word in ("eyJ", "seeded-value", "securityContext", "filter_claims", SECRET, f'"{USER}"') if word in log
    ]


@pytest.mark.parametrize("way", ["load", "pushdown"])
def test_a_sql_client_is_not_told_the_databases_words(cube: Cube, way: str) -> None:
    seeded = {"member": "orders.order_total", "operator": "gt", "values": ["seeded-value"]}
    answer = cube.sql_callback(token(1), **{way: {"measures": ["orders.count"], "filters": [seeded]}})

    assert answer.error.startswith("The query could not be answered; the log has the reason under this requestId.")
    assert cube.server.logged(answer.error.split("requestId: ")[1].rstrip(")"))


def test_an_answer_leads_to_the_line_of_the_log(cube: Cube) -> None:
    query = {
        "measures": ["orders.count"],
        "filters": [{"member": "orders.order_total", "operator": "gt", "values": ["x"]}],
    }
    answer = cube.load(query, token(1))

    assert cube.server.logged(f'"requestId":"{answer.body["requestId"]}"', '"error":')


@pytest.mark.parametrize(
    "member", ["customers.email", "customers.full_name", "customers.birth_date", "addresses.street"]
)
def test_personal_data_is_not_given_out(cube: Cube, member: str) -> None:
    for query in ({"dimensions": [member]}, {"measures": ["customers.count"], "dimensions": [member]}):
        assert "data" not in cube.load(query, token(1)).body
    assert "columns" not in cube.sql_callback(token(1), load={"dimensions": [member]}).body


@pytest.mark.parametrize(
    "asked",
    [
        {"filters": [{"member": "customers.email", "operator": "startsWith", "values": ["a"]}]},
        {"timeDimensions": [{"dimension": "customers.birth_date", "dateRange": ["1980-01-01", "1989-12-31"]}]},
    ],
)
def test_personal_data_can_not_be_found_out_by_filters(cube: Cube, asked: dict[str, object]) -> None:
    assert "data" not in cube.load({"measures": ["customers.count"], **asked}, token(1)).body


def test_the_catalog_names_no_personal_data(cube: Cube) -> None:
    told = json.dumps(cube.meta(token(1)).body)
    assert [name for name in ("customers.email", "customers.full_name", "addresses.street") if name in told] == []


def _asked_everywhere(cube: Cube, bearer: str | None) -> list[Answer]:
    graphql = "{ cube { customers { count } } }"
    return [cube.load(QUERY, bearer), cube.sql(QUERY, bearer), cube.meta(bearer), cube.graphql(graphql, bearer)]


def _says_nothing_internal(answer: Answer) -> None:
    text = json.dumps(answer.body)
    assert answer.body.keys() == {"error", "requestId"}
    assert answer.error
    assert not [word for word in INTERNAL if word in text]
